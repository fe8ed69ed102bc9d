"""What was asked for and waits, and by which rules a section decides."""

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.reach import within_reach
from groundswell.access.rights import may, may_for_herself
from groundswell.access.secrets import unlock
from groundswell.kernel.errors import NotFound
from groundswell.people.models import Asking, Membership, Person, SectionRule
from groundswell.structure.models import Unit


def home_of(person: Person) -> Membership | None:
    """Return the home membership that a person holds and that has no end, as far as it is seen."""
    return (
        Membership.objects.select_related("unit", "person")
        .filter(person=person, home=True, recorded__upper_inf=True, valid__upper_inf=True)
        .first()
    )


def ruling(unit: Unit) -> Unit:
    """Return the unit whose rules hold in a unit: its section, or itself where it is in none."""
    return Unit.objects.get(pk=unit.section_id) if unit.section_id else unit


def section_rule(unit: Unit) -> SectionRule:
    """Return the rules of the unit's section; the defaults where it has set none."""
    section = unit.section_id or unit.pk
    return SectionRule.objects.filter(pk=section).first() or SectionRule(pk=section)


def details_of(asking: Asking) -> dict[str, Any]:
    """Return what was written with it, opened; nothing of what cannot be opened any more."""
    return details_of_each([asking])[asking.pk]


def details_of_each(askings: Sequence[Asking]) -> dict[int, dict[str, Any]]:
    """Return what was written with each, by its number, as `details_of` does, with one question."""
    opened = {one.pk for one in unlock(askings, "details")}
    return {one.pk: json.loads((one.pk in opened and one.details) or "{}") for one in askings}


def waiting(actor: Actor) -> QuerySet[Asking]:
    """Return what waits for a decision of others, in all units that the session sees."""
    found = Asking.objects.exclude(within_reach(actor, "people.decide")).filter(decided_at=None)
    return found if actor.person_id is None else found.exclude(person_id=actor.person_id)


def to_decide(actor: Actor) -> QuerySet[Asking]:
    """Return what waits for the actor's own decision, in all units in which she decides."""
    found = Asking.objects.filter(within_reach(actor, "people.decide"), decided_at=None)
    # Nobody decides what she asks for herself.
    return found if actor.person_id is None else found.exclude(person_id=actor.person_id)


def asked_for_herself(actor: Actor) -> QuerySet[Asking]:
    """Return what was asked for the actor herself and waits: she may take it back."""
    if actor.person_id is None:
        return Asking.objects.none()
    return Asking.objects.filter(person_id=actor.person_id, decided_at=None).order_by("asked_at", "pk")


def asking_for(pk: int) -> Asking:
    """Return something asked that the session sees; NotFound else."""
    asking = Asking.objects.select_related("unit", "from_unit", "person__unit").filter(pk=pk).first()
    if asking is None:
        raise NotFound(_("There is nothing here that you may see."))
    return asking


def may_decide(actor: Actor, asking: Asking) -> bool:
    """Return whether the actor decides it."""
    return may(actor, "people.decide", asking.unit)


def may_withdraw(actor: Actor, asking: Asking) -> bool:
    """Return whether the actor may take it back: she herself, or the offices of the unit she is in."""
    hers = asking.from_unit or asking.unit
    return may_for_herself(actor, "people.ask", asking.person_id) or may(actor, "people.edit", hers)
