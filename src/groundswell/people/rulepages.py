"""What the page of a section's rules shows, and whose memberships they would end."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.access.actor import Actor
from groundswell.access.rights import may, may_by_office
from groundswell.access.slots import Waits
from groundswell.kernel import clock
from groundswell.people import entering, personpage, queries, slots
from groundswell.people.models import Person, SectionRule
from groundswell.people.slots import Foreseen
from groundswell.structure import queries as structure
from groundswell.structure.models import Unit


@dataclass(frozen=True, slots=True)
class Ruled:
    """A unit, the section whose rules hold in it, what these are, and whether the actor sets them."""

    unit: Unit
    section: Unit
    rule: SectionRule
    sets: bool


def ruled(actor: Actor, code: str | None) -> Ruled:
    """Return the rules that hold in a unit in which the actor decides, her own where none is named."""
    if code:
        unit = structure.unit_for(actor, code, "people.decide")
    else:
        unit = entering.own_unit(actor, "people.decide")
    section = queries.ruling(unit)
    return Ruled(unit, section, queries.section_rule(section), may(actor, "people.decide", section))


def foreseen(found: Ruled, wanted: Mapping[str, int | None]) -> list[Foreseen]:
    """Return what other rules than those that stand would do in the coming night, each with of how many."""
    told = [*_endings(found, wanted["lapse_months"])]
    return [*told, *(one for slot in slots.rules_foreseen for one in slot(found.section, wanted) if one[0])]


def _endings(found: Ruled, months: int | None) -> Iterator[Foreseen]:
    if months is None or months == found.rule.lapse_months:
        return
    count = queries.lapsing(found.section, months=months, today=_tonight(found.section)).count()
    if count:
        said = ngettext(
            "%(count)s membership would end in the coming night.",
            "%(count)s memberships would end in the coming night.",
            count,
        )
        why = _("By what is written down, nothing was paid there for longer than that. Nothing is set yet.")
        yield count, said % {"count": count}, why


def ends_tonight(person: Person) -> bool:
    """Return whether her membership ends in the coming night, by the rules of her section as they stand."""
    section = queries.ruling(person.unit)
    months = queries.section_rule(section).lapse_months
    if months is None:
        return False
    return queries.lapsing(section, months=months, today=_tonight(section)).filter(person=person).exists()


def what_waits(actor: Actor, today: dt.date) -> Iterator[Waits]:
    """Tell whose membership should have lapsed and could not be ended, to whoever decides about it."""
    found = queries.not_lapsed(actor, today) if may_by_office(actor, "people.decide") else []
    if not found:
        return
    said = ngettext(
        "The membership of %(name)s should have lapsed, since nobody paid, and could not be ended by night.",
        "%(count)d memberships should have lapsed, since nobody paid, and could not be ended by night.",
        len(found),
    )
    alone = len(found) == 1
    href = reverse("people:leave", args=[found[0].pk]) if alone else reverse("people:rules")
    yield Waits(said % {"name": personpage.shown_name(found[0]), "count": len(found)}, href, None)


def _tonight(section: Unit) -> dt.date:
    """Return which day it is in a section when the worker looks next, at midnight in UTC."""
    midnight = dt.datetime.combine(clock.now().date() + dt.timedelta(days=1), dt.time(), dt.UTC)
    return clock.day_in(section.time_zone, midnight)
