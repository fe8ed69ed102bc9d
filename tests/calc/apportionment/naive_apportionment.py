"""A second implementation, naive on purpose: fractions, full tables, no shared code.

It answers with the set of all outcomes that a tie leaves possible, as tuples of seats.
"""

from fractions import Fraction
from itertools import combinations

DIVISORS = {
    "dhondt": lambda k: Fraction(k * k),
    "sainte-lague": lambda k: Fraction(2 * k - 1) ** 2,
    "modified-sainte-lague": lambda k: Fraction(7, 5) ** 2 if k == 1 else Fraction(2 * k - 1) ** 2,
    "adams": lambda k: Fraction(k - 1) ** 2,
    "huntington-hill": lambda k: Fraction(k * (k - 1)),
    "dean": lambda k: Fraction(2 * k * (k - 1), 2 * k - 1) ** 2,
}
QUOTAS = {
    "hare": Fraction,
    "droop": lambda votes, seats: Fraction(votes // (seats + 1) + 1),
    "hagenbach-bischoff": lambda votes, seats: Fraction(votes, seats + 1),
}


def outcomes(votes, seats, method):
    """Give every way in which the seats can go, or None when the rule cannot be used."""
    claims = quotients(votes, seats, method) if method in DIVISORS else leftovers(votes, seats, method)
    if claims is None:
        return None
    values = sorted({value for value, _ in claims}, reverse=True)
    given = [0] * len(votes)
    for value in values:
        here = [unit for claim, unit in claims if claim == value]
        left = seats - sum(given)
        if len(here) > left:
            return {
                tuple(have + (unit in chosen) for unit, have in enumerate(given))
                for chosen in combinations(here, left)
            }
        for unit in here:
            given[unit] += 1
    return {tuple(given)}


def quotients(votes, seats, method):
    divisor = DIVISORS[method]
    if not any(votes):
        return None
    claims = []
    for unit, count in enumerate(votes):
        for k in range(1, seats + 1):
            below = divisor(k)
            if count:
                claims.append((Fraction(count) ** 2 / below if below else Fraction(10**30), unit))
    if divisor(1) == 0 and sum(1 for count in votes if count) > seats:
        return None
    return claims


def leftovers(votes, seats, method):
    total = sum(votes)
    if not total:
        return None
    quota = QUOTAS[method](total, seats)
    return [(count - k * quota, unit) for unit, count in enumerate(votes) if count for k in range(seats)]
