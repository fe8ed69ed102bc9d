"""In which row of a report a unit counts, on which days: a pure function of the parent periods.

Days are `datetime.date`, periods half-open; `None` as an end means for good. Row 0 is the unit of
the report itself (persons directly in it, and units merged into it).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

DIRECT: Final = 0
FOREVER: Final = dt.date.max


class Lies(NamedTuple):
    """A unit lies in a parent from a day until another; `absorbed` when it was merged into it."""

    unit_id: int
    parent_id: int
    start: dt.date
    end: dt.date
    absorbed: bool


class Place(NamedTuple):
    """A unit counts in a row from a day until another."""

    unit_id: int
    row_id: int
    start: dt.date
    end: dt.date


def places(
    lies: Iterable[Lies], *, unit_id: int, start: dt.date, end: dt.date
) -> dict[int, tuple[Place, ...]]:
    """Return for every unit at or below `unit_id` on a day of [start, end) where it counts when.

    Touching periods of the same row are one. Units that never lay below are absent.
    """
    within: defaultdict[int, list[Lies]] = defaultdict(list)
    for one in lies:
        if one.start < end and one.end > start:
            within[one.parent_id].append(one)
    found: defaultdict[int, list[Place]] = defaultdict(list)
    found[unit_id].append(Place(unit_id, DIRECT, start, end))
    open_ends = [
        Place(one.unit_id, DIRECT if one.absorbed else one.unit_id, max(one.start, start), min(one.end, end))
        for one in within[unit_id]
    ]
    while open_ends:
        place = open_ends.pop()
        found[place.unit_id].append(place)
        for one in within[place.unit_id]:
            first, last = max(one.start, place.start), min(one.end, place.end)
            if first < last:
                open_ends.append(Place(one.unit_id, place.row_id, first, last))
    return {unit: _joined(periods) for unit, periods in found.items()}


def _joined(periods: list[Place]) -> tuple[Place, ...]:
    if len(periods) == 1:
        return (periods[0],)
    joined: list[Place] = []
    for place in sorted(periods, key=lambda one: one.start):
        if joined and joined[-1].row_id == place.row_id and joined[-1].end == place.start:
            joined[-1] = Place(place.unit_id, place.row_id, joined[-1].start, place.end)
        else:
            joined.append(place)
    return tuple(joined)


def row_on(periods: Iterable[Place], day: dt.date) -> int | None:
    """Return the row in which the unit counts on `day`, None when it lies outside."""
    for place in periods:
        if place.start <= day < place.end:
            return place.row_id
    return None
