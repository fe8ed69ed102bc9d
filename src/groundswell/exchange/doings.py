"""What this room offers on other rooms' pages."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from groundswell.access import rights
from groundswell.access.actor import Actor
from groundswell.people.searching import Asked


def of_lists(actor: Actor, _asked: Asked) -> Sequence[tuple[str, str]]:
    """Return what may be done with a list of people."""
    if not rights.may_anywhere(actor, "lists.import"):
        return ()
    return ((_("Bring a list in"), reverse("exchange:choose")),)
