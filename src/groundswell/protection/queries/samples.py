"""What an auditor has drawn, as far as her session sees it."""

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.rights import may
from groundswell.kernel import clock
from groundswell.kernel.errors import NotFound
from groundswell.people.models import Person
from groundswell.protection.models import Drawn, Sample
from groundswell.structure.models import Unit


def sampled_units(actor: Actor) -> list[Unit]:
    """Return the units of which the actor may draw, from the top down."""
    below = Q(pk__in=[])
    for one in actor.mandates:
        if one.office == "auditor" and one.holds_names:
            below |= Q(path__startswith=one.path)
    return list(Unit.objects.filter(below, holds_names=True, dissolved_on=None).order_by("path"))


def samples_of(actor: Actor) -> list[Sample]:
    """Return the actor's own samples, the newest first."""
    own = Sample.objects.filter(account_id=actor.account_id or 0)
    return list(own.select_related("unit").order_by("-pk"))


def sample_for(actor: Actor, key: int) -> Sample:
    """Return a sample of the actor's own that is still open to her; every other looks missing: NotFound."""
    found = Sample.objects.select_related("unit").filter(
        pk=key, account_id=actor.account_id or 0, readable_until__gt=clock.now().date()
    )
    sample = found.first()
    if sample is None or not may(actor, "people.sample", sample.unit):
        raise NotFound(_("There is nothing here that you may see."))
    return sample


def open_records(actor: Actor) -> int:
    """Return how many records are open to the actor in samples now."""
    still = Sample.objects.filter(account_id=actor.account_id or 0, readable_until__gt=clock.now().date())
    return still.aggregate(open=Sum("size"))["open"] or 0


def drawn_in(sample: Sample) -> list[int]:
    """Return who was drawn, in that order, of those the session sees."""
    drawn = list(Drawn.objects.filter(sample=sample).order_by("place").values_list("person_id", flat=True))
    seen = set(Person.objects.filter(pk__in=drawn).values_list("pk", flat=True))
    return [number for number in drawn if number in seen]
