"""In which row of a report a unit counts, on which days: a pure function of the parent periods.

Days are `datetime.date`, periods half-open; `None` as an end means for good. Row 0 is the unit of
the report itself (persons directly in it, and units merged into it).
"""

import datetime as dt
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

    Touching periods of the same row are one. Units that never lay below are absent. From the day on which
    the unit itself was merged into another, all of it counts there and nothing here.
    """
    # Thousands of units pass through here for one page: tuples are unpacked, days compared by hand.
    within: dict[int, list[tuple[int, dt.date, dt.date, bool]]] = {}
    for unit, parent, first, last, absorbed in lies:
        if first < end and last > start:
            within.setdefault(parent, []).append((unit, first, last, absorbed))
            if absorbed and unit == unit_id:
                end = max(first, start)
    if start == end:
        return {}
    found: dict[int, list[Place]] = {unit_id: [Place(unit_id, DIRECT, start, end)]}
    waiting = [
        Place(unit, DIRECT if absorbed else unit, max(first, start), min(last, end))
        for unit, first, last, absorbed in within.get(unit_id, ())
        if first < end  # what was merged into it after its own end counts where it went itself
    ]
    while waiting:
        place = waiting.pop()
        unit_above, row_id, begins, ends = place
        found.setdefault(unit_above, []).append(place)
        for unit, first, last, _absorbed in within.get(unit_above, ()):
            first_day = first if first > begins else begins  # noqa: FURB136 - twice as fast as max()
            last_day = last if last < ends else ends  # noqa: FURB136 - the same
            if first_day < last_day:
                waiting.append(Place(unit, row_id, first_day, last_day))
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
