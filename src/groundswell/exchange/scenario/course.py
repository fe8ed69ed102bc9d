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
from functools import partial
from typing import Final

from groundswell.exchange.scenario.chance import chance
from groundswell.exchange.scenario.happen import ENTERED, Scene, cross, found, join, join_late, leave, move
from groundswell.exchange.scenario.pace import days_between, join_days
from groundswell.exchange.scenario.stays import Course, Crossing, Stay, Window

# Of the members of a year (the mean of its ends), this part leaves in it; drawn for each section.
LEAVING_A_YEAR: Final = (0.093, 0.111)
# Members who move to another branch of their section in a year.
MOVING_A_YEAR: Final = 0.025
# Former members on the first day, in relation to its members.
FORMER: Final = 0.04
_MEAN_TENURE_DAYS: Final = 4.5 * 365
_FORMER_FROM: Final = dt.timedelta(days=760)


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
        # No more leave than are there at the beginning; a small unit's rest is carried over.
        leaving = min(int(carried), sum(not stay.fixed for stay in course.present))
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
    scene = Scene(course, aims, least, rng)
    todo: list[tuple[dt.date, int, Callable[[dt.date], None]]] = []
    for branch, aim in enumerate(course.aims):
        if window.after < aim.unit.founded_on <= window.until and aim.first is None:
            todo.append((aim.unit.founded_on, 0, partial(found, scene, branch)))
    todo += [(crossing.day, 1, partial(cross, scene, crossing)) for crossing in crossings]
    joins = join_days(course.code, days, joining, rng)
    todo += [(day, 2, partial(join, scene)) for day in joins]
    todo += [(day, 2, partial(join_late, scene)) for day in late]
    todo += [(day, 3, partial(move, scene)) for day in rng.choices(days, k=moving)]
    leaves = rng.choices(days[ENTERED:] or days, k=leaving)
    if window.net >= 0:
        leaves = _postponed(leaves, days, Counter([*joins, *late]) + _arrivals(crossings))
    todo += [(day, 4, partial(leave, scene)) for day in leaves]
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
