"""The figures of a report: sums of movements by row and day, and what the tree itself moved.

Everything is brought to one form, a `Step`: on a day, in a row, so many members more, of whom so
many joined, left, moved in, moved out. Months that lie wholly inside the window come as one step on
their last day; the two months that the window may cut, and units that changed their row within it,
come day by day. In every row, at every day: members = before + joined - left + moved in - moved out.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple

from django.db import connection

from groundswell.reports.placement import Lies, Place, places, row_on
from groundswell.reports.standing import Standing

ONE_DAY: Final = dt.timedelta(days=1)
_MANY: Final = 50


class Step(NamedTuple):
    """What changed in a row on a day (or over the month that ends on it).

    `special` marks the steps of units that changed their row within the window.
    """

    row_id: int
    day: dt.date
    members: int
    joined: int
    left: int
    moved_in: int
    moved_out: int
    special: bool = False


@dataclass(frozen=True, slots=True)
class Sums:
    """The figures of one row over the window."""

    members: int = 0
    previous: int = 0
    joined: int = 0
    left: int = 0
    moved_in: int = 0
    moved_out: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        """Return the row in which both count."""
        return Sums(
            self.members + other.members,
            self.previous + other.previous,
            self.joined + other.joined,
            self.left + other.left,
            self.moved_in + other.moved_in,
            self.moved_out + other.moved_out,
        )


@dataclass(frozen=True, slots=True)
class Window:
    """The days (since, as_of], and the moment of knowledge (None: all that is known now)."""

    since: dt.date
    as_of: dt.date
    known_at: dt.datetime | None = None


@dataclass(slots=True)
class Count:
    """A counted window: the steps of every row, and what is needed to look into a month of it.

    `units` and `row_ids` are arrays of the database as it reads them, '{1,2}': the units that stay in one
    row all the time, and the row of each. They pass to and fro by the thousand and are never taken apart.
    """

    window: Window
    units: str
    row_ids: str
    special: list[int]
    steps: defaultdict[int, list[Step]] = field(default_factory=lambda: defaultdict(list))

    def sums(self, row_id: int) -> Sums:
        """Return the figures of a row."""
        since = self.window.since
        members = previous = joined = left = moved_in = moved_out = 0
        for _row, day, change, came, went, brought, taken, _special in self.steps[row_id]:
            members += change
            if day > since:
                joined += came
                left += went
                moved_in += brought
                moved_out += taken
            else:
                previous += change
        return Sums(members, previous, joined, left, moved_in, moved_out)

    def series(self, row_id: int, days: Sequence[dt.date]) -> list[int]:
        """Return the members of a row at the end of each of `days` (ascending)."""
        steps = sorted((step.day, step.members) for step in self.steps[row_id])
        values, total, position = [], 0, 0
        for day in days:
            while position < len(steps) and steps[position][0] <= day:
                total += steps[position][1]
                position += 1
            values.append(total)
        return values


@lru_cache(maxsize=4096)
def month_start(day: dt.date) -> dt.date:
    """Return the first day of the day's month."""
    return day.replace(day=1)


@lru_cache(maxsize=4096)
def month_end(day: dt.date) -> dt.date:
    """Return the last day of the day's month."""
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - ONE_DAY


def month_ends(since: dt.date, as_of: dt.date) -> list[dt.date]:
    """Return `since`, every month's end between, and `as_of`."""
    days = [since]
    end = month_end(since)
    while end < as_of:
        if end > since:
            days.append(end)
        end = month_end(end + ONE_DAY)
    return [*days, as_of] if as_of > since else days


def count(lying: Standing, *, unit_id: int, window: Window) -> Count:
    """Count every row of the unit's report over the window, its units lying as it is said."""
    settled = lying.settled
    placed = places(lying.lies, unit_id=unit_id, start=window.since, end=window.as_of + ONE_DAY)
    if lying.lies:
        placed = {unit: periods for unit, periods in placed.items() if unit not in settled.row_of}
    special = _special(placed, lying.lies, window)
    clean = {unit: periods[0].row_id for unit, periods in placed.items() if unit not in special}
    counted = Count(
        window, _array(clean, settled.units), _array(clean.values(), settled.row_ids), sorted(special)
    )
    for step in _clean_steps(counted):
        counted.steps[step.row_id].append(step)
    if special:
        for step in _special_steps(counted, placed, settled.row_of):
            counted.steps[step.row_id].append(step)
    return counted


def days_of_months(
    counted: Count, asked: Iterable[tuple[int, dt.date]]
) -> dict[tuple[int, dt.date], dict[dt.date, int]]:
    """Return by (row, first of month) how the members of its clean units changed on each day."""
    pairs = sorted(asked)
    found: dict[tuple[int, dt.date], dict[dt.date, int]] = {pair: {} for pair in pairs}
    if pairs:
        rows = _rows(
            "select * from figures_of_days(%s, %s, %s, %s, %s)",
            [
                counted.units,
                counted.row_ids,
                [row_id for row_id, _ in pairs],
                [month for _, month in pairs],
                counted.window.known_at,
            ],
        )
        for row_id, day, members in rows:
            found[row_id, month_start(day)][day] = members
    return found


def _special(placed: dict[int, tuple[Place, ...]], lies: Sequence[Lies], window: Window) -> set[int]:
    """Return the units that changed their row within the window, or came from or went outside."""
    first: dict[int, dt.date] = {}
    last: dict[int, dt.date] = {}
    for unit, _parent, start, end, _absorbed in lies:
        if unit not in first or start < first[unit]:
            first[unit] = start
        if unit not in last or end > last[unit]:
            last[unit] = end
    begins, ends = window.since, window.as_of + ONE_DAY
    special = set()
    for unit, periods in placed.items():
        _unit, _row, start, end = periods[0]
        came = start > begins and start > first.get(unit, dt.date.min)
        went = end < ends and end < last.get(unit, dt.date.max)
        if len(periods) > 1 or came or went:
            special.add(unit)
    return special


def _clean_steps(counted: Count) -> Iterable[Step]:
    window = counted.window
    cut = {month_start(day) for day in (window.since, window.as_of) if day != month_end(day)}
    base = month_start(window.since)
    months = _rows(
        "select * from figures_by_month(%s, %s, %s, %s, %s, %s, %s)",
        [
            counted.units,
            counted.row_ids,
            counted.special,
            base,
            month_start(window.as_of),
            sorted(cut),
            window.known_at,
        ],
    )
    for row_id, month, *figures in months:
        # What lies before the window is a stock; it is dated so that no cut month comes before it.
        day = min(month_end(month), window.since) if month <= base else month_end(month)
        yield Step(row_id, day, *figures)
    for month in sorted(cut):
        last = min(month_end(month), window.as_of)
        yield from _by_day(counted, month, last)


def _by_day(counted: Count, first: dt.date, last: dt.date) -> list[Step]:
    rows = _rows(
        "select * from figures_by_day(%s, %s, %s, %s, %s, %s)",
        [counted.units, counted.row_ids, counted.special, first, last, counted.window.known_at],
    )
    return [Step(*row) for row in rows]


def _special_steps(
    counted: Count, placed: Mapping[int, tuple[Place, ...]], settled: Mapping[int, int]
) -> Iterable[Step]:
    window = counted.window

    def row_of(unit: int | None, day: dt.date) -> int | None:
        if unit is None:
            return None
        return settled[unit] if unit in settled else row_on(placed.get(unit, ()), day)

    rows = special_rows(counted.units, counted.special, window)
    special = set(counted.special)
    stock: defaultdict[int, list[tuple[dt.date, int]]] = defaultdict(list)
    for unit, other, day, flow, delta in rows:
        # A day before the window counts where the unit lay when it began.
        asked = max(day, window.since)
        row_id = row_of(unit, asked)
        if unit in special:
            stock[unit].append((day, delta))
        if row_id is not None:
            within = row_of(other, asked) == row_id
            yield _step(row_id, day, flow, delta, within=within, counted=unit in special)
    for unit in counted.special:
        yield from moved_by_the_tree(window, placed[unit], stock[unit])


def _step(row_id: int, day: dt.date, flow: str, delta: int, *, within: bool, counted: bool) -> Step:
    """Return the step of one sum; for a unit counted elsewhere only its move matters here."""
    moves = not within
    return Step(
        row_id,
        day,
        members=delta if counted else 0,
        joined=delta if counted and flow == "entry" else 0,
        left=-delta if counted and flow == "exit" else 0,
        moved_in=delta if (flow == "opening" and counted) or (flow == "move_in" and moves) else 0,
        moved_out=-delta if flow == "move_out" and moves else 0,
        special=True,
    )


def moved_by_the_tree(
    window: Window, periods: tuple[Place, ...], stock: list[tuple[dt.date, int]]
) -> Iterable[Step]:
    """Return the steps of a unit's coming to a row or leaving it with all its members at once."""
    for place in periods:
        comes = sum(delta for day, delta in stock if day < place.start)
        goes = sum(delta for day, delta in stock if day < place.end)
        if place.start > window.since and comes:
            yield Step(place.row_id, place.start, comes, 0, 0, comes, 0, special=True)
        if place.end <= window.as_of and goes:
            yield Step(place.row_id, place.end, -goes, 0, 0, 0, goes, special=True)


def special_rows(
    units: list[int] | str, special: list[int], window: Window
) -> list[tuple[int, int | None, dt.date, str, int]]:
    """Return (unit, other, day, flow, change) of special units, and of moves of `units` to or from them."""
    return _rows(
        "select * from figures_of_special(%s, %s, %s, %s)", [units, special, window.as_of, window.known_at]
    )


def stock(units: list[int], day: dt.date, known_at: dt.datetime | None) -> dict[int, int]:
    """Return the members of each unit, counted by itself, at the end of a day."""
    counted = Count(Window(day, day, known_at), _array(units), _array(units), [])
    for step in _clean_steps(counted):
        counted.steps[step.row_id].append(step)
    return {unit: counted.sums(unit).members for unit in units}


def _rows(statement: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    # Arrays of thousands of numbers are written by hand: adapting them one by one takes longer than the sum.
    plain = [_array(one) if isinstance(one, list) and len(one) > _MANY else one for one in parameters]
    with connection.cursor() as cursor:
        cursor.execute(statement, plain)
        return list(cursor.fetchall())


def _array(numbers: Iterable[Any], more: str = "") -> str:
    """Return numbers, and others that are text already, as an array of the database."""
    text = ",".join(map(str, numbers))
    return "{" + (f"{text},{more}" if text and more else text or more) + "}"
