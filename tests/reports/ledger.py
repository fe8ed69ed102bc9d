"""The report counted by brute force over plain lists: what every figure is held against.

Nothing here knows of movements, roll-ups or intervals in a database. The ledger keeps a full copy of
what was believed after every recording; a question as known at K looks at the last copy of that moment
and walks through its window day by day.
"""

import datetime as dt
import functools
import pickle
from collections import Counter
from dataclasses import dataclass, field

DAY = dt.timedelta(days=1)
FOREVER = dt.date.max
# The units with which every walk begins: code, the one above, kind.
TREE = [
    ("INT", None, "international"),
    ("A", "INT", "section"),
    ("B", "INT", "section"),
    ("C", "INT", "group"),
    ("A-1", "A", "branch"),
    ("A-2", "A", "branch"),
    ("B-R", "B", "region"),
    ("B-1", "B-R", "branch"),
    ("B-2", "B", "branch"),
]


@dataclass
class Stay:
    """A membership as believed."""

    key: int
    person: int
    unit: str
    start: dt.date
    end: dt.date
    counts: bool
    home: bool
    came_from: str | None = None
    went_to: str | None = None

    def on(self, day: dt.date) -> bool:
        return self.start <= day < self.end


@dataclass
class Beliefs:
    """All that is believed at one moment. Periods are (start, end, value) in the order of days."""

    parents: dict[str, list[tuple[dt.date, dt.date, tuple[str, bool]]]] = field(default_factory=dict)
    names: dict[str, list[tuple[dt.date, dt.date, str]]] = field(default_factory=dict)
    kinds: dict[str, list[tuple[dt.date, dt.date, str]]] = field(default_factory=dict)
    stays: dict[int, Stay] = field(default_factory=dict)
    founded: dict[str, dt.date] = field(default_factory=dict)
    dissolved: dict[str, dt.date] = field(default_factory=dict)

    def parent_on(self, unit: str, day: dt.date, *, ended: bool = True) -> tuple[str, bool] | None:
        periods = self.parents.get(unit, [])
        for start, end, value in periods:
            if start <= day < end:
                return value
        # A unit that has ended stays where it lay last.
        return periods[-1][2] if ended and periods and day >= periods[-1][1] else None

    def row_on(self, unit: str, top: str, day: dt.date) -> str | None:
        """Return the code of the row, `direct` for the top unit itself, None outside."""
        lies = self.parent_on(top, day)
        if lies and lies[1]:
            return None  # the top itself has been merged: all of it counts elsewhere
        if unit == top:
            return "direct"
        while True:
            lies = self.parent_on(unit, day)
            if lies is None:
                return None
            parent, absorbed = lies
            if parent == top:
                return "direct" if absorbed else unit
            unit = parent

    def merge(self, unit: str, into: str, day: dt.date) -> None:
        """Let a unit end in another, in which lies from then on what lay in it."""
        for code, periods in self.parents.items():
            for start, end, value in periods:
                if value == (unit, False) and end > day:
                    self.parents[code] = set_from(self.parents[code], max(day, start), (into, False))
        self.parents[unit] = set_from(self.parents[unit], day, (into, True))
        self.dissolved[unit] = day


@dataclass
class Figures:
    members: int = 0
    previous: int = 0
    joined: int = 0
    left: int = 0
    moved_in: int = 0
    moved_out: int = 0

    def add_up(self) -> bool:
        return self.members == self.previous + self.joined - self.left + self.moved_in - self.moved_out


def set_from(periods, day, value):
    """Return periods in which `value` holds from `day` until the next change already known of."""
    later = min((start for start, _, _ in periods if start > day), default=FOREVER)
    kept, end = [], later
    for start, stop, old in periods:
        if start <= day < stop:
            end = stop
            if start < day:
                kept.append((start, day, old))
        else:
            kept.append((start, stop, old))
    return sorted([*kept, (day, end, value)])


class Ledger:
    """What was believed after every recording, by moment."""

    def __init__(self) -> None:
        self.now = Beliefs()
        self.past: list[tuple[dt.datetime, bytes]] = []

    def recorded(self, at: dt.datetime) -> None:
        self.past.append((at, pickle.dumps(self.now)))

    def known_at(self, moment: dt.datetime | None) -> Beliefs:
        if moment is None:
            return self.now
        then = next((beliefs for at, beliefs in reversed(self.past) if at <= moment), None)
        return Beliefs() if then is None else pickle.loads(then)  # noqa: S301 - written above

    def report(self, top, since, as_of, moment=None, *, today=None) -> dict[str, Figures]:
        """Return the figures of every row that counts anything; `today` means today's structure."""
        beliefs = self.known_at(moment)
        row = self._rows(top, beliefs, today)
        found: dict[str, Figures] = {}

        def note(code, name, number=1):
            if code is not None and number:
                figures = found.setdefault(code, Figures())
                setattr(figures, name, getattr(figures, name) + number)

        counting = [stay for stay in beliefs.stays.values() if stay.counts and stay.home]
        for stay in counting:
            self._stands(note, row, stay, since, as_of)
        day = since + DAY
        while day <= as_of:
            for stay in counting:
                self._carried(note, row, stay, day)
            day += DAY
        return found

    def passings(self, top, since, as_of, thresholds, moment=None, *, today=None):
        """Return {(row or `whole`, threshold): first day it was passed from below} day by day."""
        beliefs = self.known_at(moment)
        row_on = self._rows(top, beliefs, today)
        found, before = {}, None
        day = since
        while day <= as_of:
            counts = Counter()
            for stay in beliefs.stays.values():
                if stay.counts and stay.home and stay.on(day):
                    row = row_on(stay.unit, day)
                    if row is not None:
                        counts.update([row, "whole"])
            for row in [*counts, *(before or {})] if before is not None else []:
                for threshold in thresholds:
                    if before[row] < threshold <= counts[row]:
                        found.setdefault((row, threshold), day)
            before = counts
            day += DAY
        return found

    def _rows(self, top, beliefs, today):
        """Return the function from a unit and a day to its row, which asks the tree once for each."""
        placing = self.now if today else beliefs
        return functools.cache(lambda unit, day: placing.row_on(unit, top, today or day))

    def _stands(self, note, row, stay, since, as_of):
        if stay.on(since):
            note(row(stay.unit, since), "previous")
        if stay.on(as_of):
            note(row(stay.unit, as_of), "members")
        if since < stay.start <= as_of:
            self._came(note, row, stay)
        if since < stay.end <= as_of:
            self._went(note, row, stay)

    @staticmethod
    def _carried(note, row, stay, day):
        before, after = row(stay.unit, day - DAY), row(stay.unit, day)
        if before != after and stay.on(day - DAY):
            note(before, "moved_out")
            note(after, "moved_in")

    @staticmethod
    def _came(note, row, stay):
        if stay.came_from is None:
            note(row(stay.unit, stay.start), "joined")
        elif row(stay.came_from, stay.start) != row(stay.unit, stay.start):
            note(row(stay.unit, stay.start), "moved_in")

    @staticmethod
    def _went(note, row, stay):
        if stay.went_to is None:
            note(row(stay.unit, stay.end), "left")
        elif row(stay.went_to, stay.end) != row(stay.unit, stay.end):
            note(row(stay.unit, stay.end), "moved_out")
