"""Divisor rules: each next seat to the highest quotient, compared exactly.

Two different fractions with denominators up to D differ by at least 1 / D². So with a scale above D²
the whole parts of the scaled claims differ too, and in the same order; equal claims scale alike. That
is why the keys below are plain whole numbers, and still exact.
"""

from heapq import heapify, heappop, heappush
from typing import NamedTuple

from groundswell.calc.apportionment.problem import Problem
from groundswell.calc.apportionment.result import Award
from groundswell.calc.apportionment.rules import QuotientRule
from groundswell.calc.errors import RuleError


class Contest(NamedTuple):
    """Seats given in order, and the equal claims at the end that one of too few seats meets.

    `tied` are (unit, claim) with equal claims to `open_seats` seats; empty when all seats are decided.
    """

    awards: list[Award]
    tied: list[tuple[int, int]]
    open_seats: int


def by_quotients(problem: Problem, rule: QuotientRule) -> Contest:
    """Share the seats of `problem` beyond its base by `rule`. Raises `RuleError`."""
    start = _guaranteed(problem, rule)
    awards = [
        Award(unit, problem.base + nth, "minimum" if nth <= problem.lower[unit] else "first seat")
        for unit, seats in enumerate(start)
        for nth in range(1, seats + 1)
    ]
    contest = _contest(problem, rule, start, problem.seats - len(awards))
    return Contest(awards + contest.awards, contest.tied, contest.open_seats)


def _guaranteed(problem: Problem, rule: QuotientRule) -> list[int]:
    if not rule.seats_everybody:
        return list(problem.lower)
    start = [
        max(low, 1) if votes and inside else low
        for low, votes, inside in zip(problem.lower, problem.votes, problem.admitted, strict=True)
    ]
    if any(seats > high for seats, high in zip(start, problem.upper, strict=True)):
        raise RuleError(
            "%(rule)s gives every unit with votes a seat, and the maximum leaves it none.", rule=rule.title
        )
    if sum(start) > problem.seats:
        raise RuleError(
            "%(rule)s gives every unit with votes at least 1 seat, which takes %(least)s, and "
            "there are %(seats)s: share out more seats, or set a threshold.",
            rule=rule.title,
            least=sum(start),
            seats=problem.seats,
        )
    return start


def _contest(problem: Problem, rule: QuotientRule, start: list[int], seats: int) -> Contest:
    """Give `seats` seats one at a time; a unit has `start` already, and claims its next."""
    if not seats:
        return Contest([], [], 0)
    terms = [rule.terms(number) for number in range(1, max(start) + seats + 2)]
    scale = 2 * max(below for _, below in terms).bit_length()
    scaled = [votes**rule.power << scale for votes in problem.votes]
    upper, base = problem.upper, problem.base
    heap = [
        (-(scaled[unit] * terms[have][0] // terms[have][1]), unit, have)
        for unit, have in enumerate(start)
        if problem.votes[unit] and have < upper[unit]
    ]
    heapify(heap)
    awards: list[Award] = []
    keys: list[int] = []
    for _ in range(seats):
        key, unit, have = heappop(heap)
        rival, rival_has = heap[0][1:] if heap else (None, -1)
        keys.append(key)
        awards.append(Award(unit, base + have + 1, "quotient", have + 1, rival, rival_has + 1))
        if have + 1 < upper[unit]:
            above, below = terms[have + 1]
            heappush(heap, (-(scaled[unit] * above // below), unit, have + 1))
    return cut_at_tie(awards, keys, heap)


def cut_at_tie(awards: list[Award], keys: list[int], heap: list[tuple[int, int, int]]) -> Contest:
    """Take back the last seats if claims just as good are still waiting in `heap`.

    `keys` run beside the last of `awards`: those seats that were contested, the best claim lowest.
    """
    if not keys or not heap or heap[0][0] != keys[-1]:
        return Contest(awards, [], 0)
    equal = keys.count(keys[-1])
    waiting = [(unit, have + 1) for key, unit, have in heap if key == keys[-1]]
    tied = sorted(waiting + [(award.unit, award.claim) for award in awards[-equal:]])
    return Contest(awards[:-equal], tied, equal)
