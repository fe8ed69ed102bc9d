"""The course of one section's year, person by person, so that every headcount comes out exactly.

Read `run` first. Counts between two headcounts are made of joins, leaves and transfers: how many leave
follows from a yearly rate, how many join follows from the counts; the days come from `pace`, the branch
from what each branch still lacks of its aim, and who leaves from how long each has been a member.
A unit's course is drawn from its own generators alone: a change in one section shifts nothing elsewhere.
"""

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from groundswell.exchange.scenario.chance import chance
from groundswell.exchange.scenario.geography import BRANCH_MOST, BranchAim
from groundswell.exchange.scenario.pace import days_between, join_days

# Of the members of a year (the mean of its ends), this part leaves in it; drawn for each section.
LEAVING_A_YEAR: Final = (0.093, 0.111)
# Members in their first year leave more often than others, by this factor.
NEW_MEMBERS_LEAVE: Final = 2.6
# Members who move to another branch of their section in a year.
MOVING_A_YEAR: Final = 0.025
# Nobody leaves or moves within so many days: a leaving is always recorded after its joining.
SHORTEST_STAY: Final = 12
REJOINING: Final = 0.035
FORMER: Final = 0.04
_REST: Final = dt.timedelta(days=45)
_SETTLED: Final = dt.timedelta(days=60)
_YEAR: Final = dt.timedelta(days=365)
_MEAN_TENURE_DAYS: Final = 4.5 * 365
_FORMER_FROM: Final = dt.timedelta(days=760)


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


def run(course: Course, unit_kind: str, opening_day: dt.date) -> Course:
    """Fill `course` with its stays and return it; raises ValueError when a count cannot be reached."""
    course.sizes = [0] * len(course.aims)
    _open(course, opening_day)
    least = 2 if unit_kind == "group" else 5
    rate = chance(course.code, "rate").uniform(*LEAVING_A_YEAR)
    carried = 0.0
    for window in course.windows:
        days = (window.until - window.after).days
        members = len(course.present) + window.net / 2
        carried += members * rate * days / 365
        leaving = int(carried)
        carried -= leaving
        _run_window(course, window, leaving, least)
    return course


def _open(course: Course, day: dt.date) -> None:
    """Let the opening stock join on days spread over the years before, and some former members leave."""
    rng = chance(course.code, "opening")
    for branch, aim in enumerate(course.aims):
        for _ in range(aim.first or 0):
            joined = _earlier_day(aim.unit.founded_on, day, rng)
            course.enter(Stay(course.new_person(branch), branch, joined))
    standing = [branch for branch, aim in enumerate(course.aims) if aim.first]
    for _ in range(round(len(course.present) * FORMER)):
        branch = rng.choice(standing)
        left = day - dt.timedelta(days=rng.randrange(6, _FORMER_FROM.days))
        founded_on = course.aims[branch].unit.founded_on
        if (left - founded_on).days > 200:  # noqa: PLR2004 - too young a branch has no former members
            joined = _earlier_day(founded_on, left - dt.timedelta(days=60), rng)
            person = course.new_person(branch)
            course.stays.append(Stay(person, branch, joined, left, exit="exit"))


def _earlier_day(founded_on: dt.date, day: dt.date, rng: random.Random) -> dt.date:
    """Return a joining day in `[founded_on, day]`, the recent years more likely."""
    span = (day - founded_on).days
    tenure = int(rng.expovariate(1 / _MEAN_TENURE_DAYS))
    return day - dt.timedelta(days=tenure if tenure <= span else rng.randrange(span + 1))


def _run_window(course: Course, window: Window, leaving: int, least: int) -> None:
    """Draw the window's events and let them happen in the order of their days."""
    rng = chance(course.code, "window", window.until.isoformat())
    crossings = [c for c in course.crossings if window.after < c.day <= window.until]
    arriving = sum(1 if crossing.arrives else -1 for crossing in crossings)
    late = [day for day in course.late_days if window.after < day <= window.until]
    joining = window.net + leaving - arriving - len(late)
    if joining < 0:
        leaving, joining = leaving - joining, 0
    days = days_between(window.after, window.until)
    moving = _rounded(len(course.present) * MOVING_A_YEAR * len(days) / 365, rng)
    aims = _aims(course, window)
    scene = _Scene(course, aims, least, rng)
    todo: list[tuple[dt.date, int, Callable[[dt.date], None]]] = []
    for branch, aim in enumerate(course.aims):
        if window.after < aim.unit.founded_on <= window.until and aim.first is None:
            todo.append((aim.unit.founded_on, 0, partial(_found, scene, branch)))
    todo += [(crossing.day, 1, partial(_cross, scene, crossing)) for crossing in crossings]
    joins = join_days(course.code, days, joining, rng)
    todo += [(day, 2, partial(_join, scene)) for day in joins]
    todo += [(day, 2, partial(_join_late, scene)) for day in late]
    todo += [(day, 3, partial(_move, scene)) for day in rng.choices(days, k=moving)]
    leaves = rng.choices(days, k=leaving)
    if window.net >= 0:
        leaves = _postponed(leaves, days, Counter([*joins, *late]) + _arrivals(crossings))
    todo += [(day, 4, partial(_leave, scene)) for day in leaves]
    for day, _, happen in sorted(todo, key=lambda entry: entry[:2]):
        happen(day)


def _arrivals(crossings: list[Crossing]) -> "Counter[dt.date]":
    return Counter(crossing.day for crossing in crossings if crossing.arrives)


def _postponed(leaves: list[dt.date], days: list[dt.date], gains: "Counter[dt.date]") -> list[dt.date]:
    """Return the leaves, each as late as it must be for a growing unit never to fall below its last count.

    Otherwise a threshold reached by one headcount would be passed once more after it.
    """
    waiting = sorted(leaves)
    kept = []
    balance = 0
    for day in days:
        balance += gains[day]
        while waiting and waiting[0] <= day and balance > 0:
            kept.append(day)
            balance -= 1
            waiting.pop(0)
    return kept + waiting


def _rounded(number: float, rng: random.Random) -> int:
    return int(number) + (rng.random() < number % 1)


def _aims(course: Course, window: Window) -> list[float]:
    """Return what each branch is to have: its aim, grown with the unit once the last headcount is past."""
    total = sum(aim.last for aim in course.aims)
    final = len(course.present) + window.net
    grown = max(final / total, 1.0) if total else 1.0
    return [aim.last * grown or 6.0 for aim in course.aims]


def _open_branches(course: Course, day: dt.date) -> list[int]:
    return [branch for branch, aim in enumerate(course.aims) if aim.unit.founded_on <= day]


@dataclass(frozen=True, slots=True)
class _Scene:
    """What an event of a window needs: the course, the branches' aims, the least size, the generator."""

    course: Course
    aims: list[float]
    least: int
    rng: random.Random


def _where(scene: _Scene, day: dt.date) -> int:
    """Return the branch a new member comes to: the more a branch lacks of its aim, the likelier."""
    course = scene.course
    standing = [b for b in _open_branches(course, day) if course.sizes[b] < BRANCH_MOST - 1]
    standing = standing or _open_branches(course, day)
    lacks = [max(scene.aims[branch] - course.sizes[branch], 0.08) for branch in standing]
    return scene.rng.choices(standing, lacks)[0]


def _join(scene: _Scene, day: dt.date) -> None:
    course, branch = scene.course, _where(scene, day)
    gone = [s for s in _last_stays(course) if s.exit == "exit" and s.until and s.until + _REST <= day]
    if gone and scene.rng.random() < REJOINING:
        course.enter(Stay(scene.rng.choice(gone).person, branch, day))
    else:
        course.enter(Stay(course.new_person(branch), branch, day))


def _last_stays(course: Course) -> list[Stay]:
    last = {stay.person: stay for stay in course.stays}
    return list(last.values())


def _join_late(scene: _Scene, day: dt.date) -> None:
    branch = _where(scene, day)
    scene.course.enter(Stay(scene.course.new_person(branch), branch, day, fixed=True, late=True))


def _leave(scene: _Scene, day: dt.date) -> None:
    scene.course.end(_who(scene, day, tenure=SHORTEST_STAY), day, "exit")


def _who(scene: _Scene, day: dt.date, tenure: int) -> Stay:
    """Return one who leaves or moves: a member for `tenure` days at least, new members more often."""
    course = scene.course
    ready = [s for s in course.present if not s.fixed and (day - s.since).days >= tenure]
    if not ready:
        raise ValueError(f"{course.code}: nobody can leave on {day}")
    ready = [s for s in ready if course.sizes[s.branch] > scene.least] or ready
    weights = [NEW_MEMBERS_LEAVE if day - stay.since < _YEAR else 1.0 for stay in ready]
    return scene.rng.choices(ready, weights)[0]


def _move(scene: _Scene, day: dt.date) -> None:
    """Transfer a member to another branch of the section, where there is one with room."""
    course = scene.course
    ready = [s for s in course.present if not s.fixed and day - s.since >= _SETTLED]
    ready = [s for s in ready if course.sizes[s.branch] > scene.least + 2]
    standing = [b for b in _open_branches(course, day) if course.sizes[b] < BRANCH_MOST - 2]
    if not ready:
        return
    stay = scene.rng.choice(ready)
    others = [branch for branch in standing if branch != stay.branch]
    if others:
        lacks = [max(scene.aims[branch] - course.sizes[branch], 0.3) for branch in others]
        _transfer(course, stay, scene.rng.choices(others, lacks)[0], day)


def _found(scene: _Scene, branch: int, day: dt.date) -> None:
    """Found a branch: two or three members of the largest neighbour make it."""
    course = scene.course
    for _ in range(scene.rng.choice((2, 3, 3))):
        ready = [s for s in course.present if not s.fixed and s.branch != branch]
        ready = [s for s in ready if (day - s.since).days >= SHORTEST_STAY]
        ready = [s for s in ready if course.sizes[s.branch] > scene.least + 1]
        if not ready:
            return
        donors = sorted({s.branch for s in ready})
        largest = max(donors, key=lambda donor: (_near(course, donor, branch), course.sizes[donor]))
        _transfer(course, scene.rng.choice([s for s in ready if s.branch == largest]), branch, day)


def _near(course: Course, one: int, other: int) -> bool:
    return course.aims[one].unit.parent == course.aims[other].unit.parent


def _transfer(course: Course, stay: Stay, branch: int, day: dt.date) -> None:
    move = course.next_move()
    course.end(stay, day, "move_out", move)
    course.enter(Stay(stay.person, branch, day, entry="move_in", transfer_in=move))


def _cross(scene: _Scene, crossing: Crossing, day: dt.date) -> None:
    """Let a member come from another section, under the transfer's id, or go to one."""
    if crossing.arrives:
        arrival = Stay(
            crossing.id, _where(scene, day), day, entry="move_in", transfer_in=crossing.id, fixed=True
        )
        scene.course.enter(arrival)
    else:
        scene.course.end(_who(scene, day, tenure=120), day, "move_out", crossing.id)
