"""Largest remainder: a seat for every whole quota, then to the most votes left over.

Minimum and maximum: each unit has its whole quotas, raised to the minimum or cut to the maximum, and
the seats left go to the largest remainders of those neither raised nor cut, at most one each (so the
House of Representatives of the United States was apportioned from 1850 to 1890). Where that cannot be
done, because too few or too many seats are left, the exact share is bounded first and rounded after: a
unit whose share lies beyond a bound receives the bound and leaves with its votes, and the quota is
struck anew among the others (the step of Art. 17 of the Swiss Federal Act on Political Rights). A bound
that nobody's result breaks changes nothing.
"""

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
    if not problem.seats:
        return Contest([], [], 0), None, []
    count = len(problem.names)
    everyone = [unit for unit in range(count) if problem.votes[unit] and problem.upper[unit]]
    empty = [unit for unit in range(count) if problem.lower[unit] and not problem.votes[unit]]
    if not everyone or not _fits(problem, rule, everyone, empty):
        return _bounded(problem, rule, everyone)
    given = _fixed(problem, {unit: problem.lower[unit] for unit in empty})
    quota = rule.quota(sum(problem.votes[unit] for unit in everyone), problem.seats)
    contest = _step(problem, quota, everyone, problem.seats - len(given))
    return Contest(given + contest.awards, contest.tied, contest.open_seats), quota, []


def _fits(problem: Problem, rule: QuotaRule, everyone: list[int], empty: list[int]) -> bool:
    """Whether one quota for all will do: nobody is at a bound, or the rest meets one remainder each."""
    quota = rule.quota(sum(problem.votes[unit] for unit in everyone), problem.seats)
    left = problem.seats - sum(problem.lower[unit] for unit in empty)
    at_bound = bool(empty)
    waiting = 0
    for unit in everyone:
        whole = problem.votes[unit] * quota.denominator // quota.numerator
        seats = max(problem.lower[unit], min(problem.upper[unit], whole))
        at_bound = at_bound or seats != whole
        waiting += seats == whole < problem.upper[unit]
        left -= seats
    return not at_bound or 0 <= left <= waiting


def _fixed(problem: Problem, seats: dict[int, int]) -> list[Award]:
    return [
        Award(unit, problem.base + nth, "minimum")
        for unit in sorted(seats)
        for nth in range(1, seats[unit] + 1)
    ]


def _bounded(
    problem: Problem, rule: QuotaRule, everyone: list[int]
) -> tuple[Contest, Fraction | None, list[int]]:
    taking_part = set(everyone)
    fixed = {unit: low for unit, low in enumerate(problem.lower) if unit not in taking_part}
    free = everyone
    while free:
        newly = _beyond_bounds(problem, free, problem.seats - sum(fixed.values()))
        if not newly:
            break
        fixed |= newly
        free = [unit for unit in free if unit not in fixed]
    awards = _fixed(problem, fixed)
    left = problem.seats - len(awards)
    if not free or not left:
        return Contest(awards, [], 0), None, sorted(fixed)
    quota = rule.quota(sum(problem.votes[unit] for unit in free), left)
    contest = _step(problem, quota, free, left)
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


def _step(problem: Problem, quota: Fraction, units: list[int], seats: int) -> Contest:
    """Share `seats` among `units` by whole quotas and remainders, within the bounds."""
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
    return _contest(problem, awards, heap, seats - len(awards), price)


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
