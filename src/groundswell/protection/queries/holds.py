"""What keeps a person from being erased, as far as the session sees it."""

from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.rights import may
from groundswell.kernel.errors import NotFound
from groundswell.people.models import Hold, Person


def holds_of(person: Person, *, lifted: bool = False) -> list[Hold]:
    """Return the holds on a person, the newest first; with `lifted` also those that are over."""
    found = Hold.objects.filter(person=person).order_by("-placed_at", "-pk")
    return list(found if lifted else found.filter(lifted_at=None))


def hold_for(actor: Actor, key: int) -> Hold:
    """Return a hold that the actor may lift; NotFound for a foreign and a missing one alike."""
    hold = Hold.objects.select_related("person__unit", "unit").filter(pk=key).first()
    if hold is None or not may(actor, "people.erase", hold.unit):
        raise NotFound(_("There is nothing here that you may see."))
    return hold
