"""What a section's course is made of: stays, the spans between headcounts, moves over its border."""

import datetime as dt
from dataclasses import dataclass, field

from groundswell.exchange.scenario.geography import BranchAim


@dataclass(slots=True, eq=False)
class Stay:
    """A home membership as it grows; `person` is a key of the plan, or a transfer's id until resolved."""

    person: str
    branch: int
    since: dt.date
    until: dt.date | None = None
    entry: str = "entry"
    exit: str | None = None
    transfer_in: str | None = None
    transfer_out: str | None = None
    fixed: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """The days `(after, until]`, over which the unit grows by `net` (negative: shrinks)."""

    after: dt.date
    until: dt.date
    net: int


@dataclass(frozen=True, slots=True)
class Crossing:
    """A transfer over the section's border on `day`; `arrives` tells the direction."""

    id: str
    day: dt.date
    arrives: bool


@dataclass(slots=True)
class Course:
    """One unit's stays, and the persons who first joined in it (key and the branch of the first day)."""

    code: str
    aims: tuple[BranchAim, ...]
    windows: tuple[Window, ...]
    crossings: tuple[Crossing, ...]
    late_days: tuple[dt.date, ...]
    stays: list[Stay] = field(default_factory=list)
    persons: dict[str, int] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)
    present: list[Stay] = field(default_factory=list)
    _moves: int = 0

    def new_person(self, branch: int) -> str:
        """Return the key of a person never seen before."""
        key = f"{self.code}-{len(self.persons) + 1:05d}"
        self.persons[key] = branch
        return key

    def enter(self, stay: Stay) -> None:
        """Let a stay begin."""
        self.stays.append(stay)
        self.present.append(stay)
        self.sizes[stay.branch] += 1

    def end(self, stay: Stay, day: dt.date, how: str, transfer: str | None = None) -> None:
        """Let a stay end on `day` by 'exit' or 'move_out'."""
        stay.until, stay.exit, stay.transfer_out = day, how, transfer
        self.present.remove(stay)
        self.sizes[stay.branch] -= 1

    def next_move(self) -> str:
        """Return the id of a transfer between two branches of the unit."""
        self._moves += 1
        return f"{self.code}-M{self._moves:04d}"
