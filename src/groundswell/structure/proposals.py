"""What the rules propose for units in which members meet: to split, to find a treasurer, to meet."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from groundswell.access.actor import Actor
from groundswell.structure import counting, hooks, rules
from groundswell.structure.models import ProposalRule, Unit


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something proposed for a unit: `number` are its members, or the days that have passed.

    `never` says that it has had no treasurer, or that no meeting of it is written down, since its founding.
    """

    unit: Unit
    what: str
    number: int
    limit: int
    never: bool = False


def proposals(actor: Actor, on: dt.date) -> list[Proposal]:
    """Return what is proposed for the units in the actor's reach, by code."""
    return list(_proposed(_meeting(counting.within_reach(actor), on), on))


def of_unit(unit: Unit, on: dt.date) -> list[Proposal]:
    """Return what is proposed for one unit."""
    return list(_proposed(_meeting(Unit.objects.filter(pk=unit.pk), on), on))


def limits(unit: Unit) -> dict[str, int | None]:
    """Return from which number on each thing is proposed for a unit; None: not at all."""
    said = _said()
    return {what: _limit(said, unit, what) for what in rules.PROPOSALS}


def _meeting(units: QuerySet[Unit], on: dt.date) -> list[Unit]:
    found = units.filter(kind__meets=True, dissolved_on=None, founded_on__lte=on)
    return list(found.order_by("code"))


def _said() -> dict[tuple[int, str], int | None]:
    return {
        (unit, what): number
        for unit, what, number in ProposalRule.objects.values_list("unit", "what", "number")
    }


def _limit(said: Mapping[tuple[int, str], int | None], unit: Unit, what: str) -> int | None:
    """Return the limit of the nearest unit upwards that has one."""
    for key in reversed(unit.path.strip("/").split("/")):
        if (int(key), what) in said:
            return said[int(key), what]
    return rules.PROPOSALS[what]


def _proposed(units: Sequence[Unit], on: dt.date) -> Iterator[Proposal]:
    if not units:
        return
    said, keys = _said(), [unit.pk for unit in units]
    measures = _measures(keys, on)
    for unit in units:
        for what, measured in measures.items():
            number, limit = measured.get(unit.pk), _limit(said, unit, what)
            if number is not None and limit is not None and rules.is_due(what, number, limit):
                never = what != "split" and number == (on - unit.founded_on).days
                yield Proposal(unit, what, number, limit, never)


def _measures(units: list[int], on: dt.date) -> dict[str, dict[int, int]]:
    """Return what is measured of each unit, as far as a room above knows it."""
    merged = counting.merged_into(set(units), on)
    measures = {"split": counting.counted([*units, *merged], merged, on)}
    if hooks.without_treasurer:
        measures["treasurer"] = _days(hooks.without_treasurer, units, on)
    if hooks.last_met:
        measures["meeting"] = _days(hooks.last_met, units, on)
    return measures


def _days(readings: Sequence[hooks.Days], units: list[int], on: dt.date) -> dict[int, int]:
    return {unit: (on - day).days for reading in readings for unit, day in reading(units, on).items()}
