"""Largest remainder: a seat for every whole quota, then to the most votes left over.

Where a minimum or maximum binds, the exact share is bounded first and rounded after: a unit whose
share lies below its minimum receives it and leaves with its votes, and the quota is struck anew among
the others (the step of Art. 17 of the Swiss Federal Act on Political Rights); likewise above a maximum.
A bound that nobody's result breaks changes nothing.
"""

from dataclasses import replace
from fractions import Fraction
from heapq import heapify, heappop, heappush

from groundswell.calc.apportionment.problem import Problem
from groundswell.calc.apportionment.quotients import Contest, cut_at_tie
from groundswell.calc.apportionment.result import Award, By
from groundswell.calc.apportionment.rules import QuotaRule


def by_remainders(problem: Problem, rule: QuotaRule) -> tuple[Contest, Fraction | None, list[int]]:
    """Share the seats of `problem` beyond its base.

    Gives the contest, the quota of the last step (None when the bounds leave nothing to share), and
    the units that were fixed at a bound before it.
    """
    count = len(problem.names)
    everyone = [unit for unit in range(count) if problem.votes[unit] and problem.upper[unit]]
    everyone = [unit for unit in everyone if problem.admitted[unit]]
    if not problem.seats:
        return Contest([], [], 0), None, []
    free = replace(
        problem,
        lower=(0,) * count,
        upper=tuple(problem.seats if inside else 0 for inside in problem.admitted),
    )
    if everyone:
        contest, quota = _step(free, rule, everyone, problem.seats)
        if _within(contest, problem):
            return contest, quota, []
    return _bounded(problem, rule, everyone)


def _within(contest: Contest, problem: Problem) -> bool:
    """Whether every way in which an open tie could go keeps the bounds."""
    seats = [0] * len(problem.names)
    for award in contest.awards:
        seats[award.unit] += 1
    open_to = {unit for unit, _ in contest.tied}
    return all(
        low <= have and have + (unit in open_to) <= high
        for unit, (low, have, high) in enumerate(zip(problem.lower, seats, problem.upper, strict=True))
    )


def _bounded(
    problem: Problem, rule: QuotaRule, everyone: list[int]
) -> tuple[Contest, Fraction | None, list[int]]:
    fixed = {unit: low for unit, low in enumerate(problem.lower) if unit not in everyone}
    free = everyone
    while free:
        newly = _beyond_bounds(problem, free, problem.seats - sum(fixed.values()))
        if not newly:
            break
        fixed |= newly
        free = [unit for unit in free if unit not in fixed]
    awards = [
        Award(unit, problem.base + nth, "minimum")
        for unit in sorted(fixed)
        for nth in range(1, fixed[unit] + 1)
    ]
    left = problem.seats - len(awards)
    if not free or not left:
        return Contest(awards, [], 0), None, sorted(fixed)
    contest, quota = _step(problem, rule, free, left)
    return Contest(awards + contest.awards, contest.tied, contest.open_seats), quota, sorted(fixed)


def _beyond_bounds(problem: Problem, free: list[int], seats: int) -> dict[int, int]:
    """Give the units to fix now, with the bound at which to fix each.

    Of shares below and shares above, the side that weighs more goes first: fixing both at once could
    take seats that the other side turns out to need.
    """
    votes = sum(problem.votes[unit] for unit in free)
    low: dict[int, int] = {}
    high: dict[int, int] = {}
    strain = 0  # in seats, multiplied by `votes`
    for unit in free:
        share = seats * problem.votes[unit]
        if share < problem.lower[unit] * votes:
            low[unit] = problem.lower[unit]
            strain += problem.lower[unit] * votes - share
        elif share > problem.upper[unit] * votes:
            high[unit] = problem.upper[unit]
            strain += problem.upper[unit] * votes - share
    if strain > 0:
        return low
    return high if strain < 0 else low | high


def _step(problem: Problem, rule: QuotaRule, units: list[int], seats: int) -> tuple[Contest, Fraction]:
    """Share `seats` among `units` by whole quotas and remainders, within the bounds."""
    quota = rule.quota(sum(problem.votes[unit] for unit in units), seats)
    price, parts = quota.numerator, quota.denominator
    whole = {
        unit: max(problem.lower[unit], min(problem.upper[unit], problem.votes[unit] * parts // price))
        for unit in units
    }
    if sum(whole.values()) > seats:
        # Under Hagenbach-Bischoff exact quotas can come to one seat too many: the last whole quota of
        # each is then contested like a remainder.
        whole = {unit: max(problem.lower[unit], seats_ - 1) for unit, seats_ in whole.items()}
    awards = [
        Award(unit, problem.base + nth, *_bought(problem.votes[unit] * parts, nth, price))
        for unit in units
        for nth in range(1, whole[unit] + 1)
    ]
    heap = [
        (have * price - problem.votes[unit] * parts, unit, have)
        for unit, have in whole.items()
        if have < problem.upper[unit]
    ]
    return _contest(problem, awards, heap, seats - len(awards), price), quota


def _bought(votes: int, nth: int, price: int) -> tuple[By, int]:
    return ("whole quota", nth) if nth * price <= votes else ("minimum", 0)


def _contest(
    problem: Problem, awards: list[Award], heap: list[tuple[int, int, int]], seats: int, price: int
) -> Contest:
    """Give `seats` more to the most votes left over; `heap` holds what is left over, negated."""
    heapify(heap)
    keys: list[int] = []
    for _ in range(seats):
        key, unit, have = heappop(heap)
        rival, rival_has = heap[0][1:] if heap else (None, -1)
        keys.append(key)
        awards.append(Award(unit, problem.base + have + 1, "remainder", have + 1, rival, rival_has + 1))
        if have + 1 < problem.upper[unit]:
            heappush(heap, (key + price, unit, have + 1))
    return cut_at_tie(awards, keys, heap)
