"""Delegates by a ladder: one for every so many members or part of so many, band by band.

A ladder has no fixed house: the seats follow from the members. One band for all sizes is the plain
“one per N or part of N”; bands that grow dearer make it degressive, so that a large unit has fewer
seats per member than a small one, and never fewer seats.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Literal, NamedTuple

from groundswell.calc.apportionment.problem import MOST_SEATS, checked_votes
from groundswell.calc.apportionment.result import Apportionment, Award, By
from groundswell.calc.errors import InputError, RuleError

Part = Literal["any", "major", "none"]


class Band(NamedTuple):
    """One rung: up to `upto` members (None: without end), one seat per `per` members."""

    upto: int | None
    per: int


def one_per(
    members: Mapping[str, int],
    per: int,
    *,
    part: Part = "any",
    minimum: int = 0,
    maximum: int | None = None,
) -> Apportionment:
    """Give one seat per `per` members; `part` says what a part of `per` that is left over earns.

    “any” part earns a seat, a “major” part does if it is more than half, “none” never does. Raises
    `InputError`, `RuleError`.
    """
    return by_ladder(members, (Band(None, per),), part=part, minimum=minimum, maximum=maximum)


def by_ladder(
    members: Mapping[str, int],
    bands: Sequence[Band],
    *,
    part: Part = "any",
    minimum: int = 0,
    maximum: int | None = None,
) -> Apportionment:
    """Give seats band by band: members within each band at its own price, parts added up exactly.

    The sum is rounded once, at the end, by `part` (see `one_per`). Raises `InputError` for bands that
    do not rise or bounds that contradict each other, `RuleError` when too many seats come out.
    """
    counts = checked_votes(members)
    _check(bands, minimum, maximum)
    awards: list[Award] = []
    sentences: list[str] = []
    seats: list[int] = []
    for unit, (name, count) in enumerate(counts.items()):
        terms = _terms(count, bands)
        exact = sum((Fraction(*term) for term in terms), Fraction(0))
        earned = _rounded(exact, part)
        given = max(minimum, earned if maximum is None else min(maximum, earned))
        seats.append(given)
        if sum(seats) > MOST_SEATS:
            raise RuleError(
                "more than %(most)s seats come out: let a seat stand for more members.", most=MOST_SEATS
            )
        awards += [Award(unit, nth, _by(nth, earned, exact)) for nth in range(1, given + 1)]
        sentences.append(_sentence(name, terms, exact, earned, given))
    plain = len(bands) == 1
    return Apportionment(
        method="one-per" if plain else "degressive",
        title=f"one seat per {bands[0].per}" if plain else "a degressive ladder",
        rule=None,
        names=tuple(counts),
        votes=tuple(counts.values()),
        house=sum(seats),
        seats=tuple(seats),
        awards=tuple(awards),
        sentences=tuple(sentences),
        notes=(_meaning(part),),
    )


def _check(bands: Sequence[Band], minimum: int, maximum: int | None) -> None:
    if not bands:
        raise InputError("the ladder has no band.")
    if any(band.per < 1 for band in bands):
        raise InputError("a seat of the ladder stands for at least 1 member.")
    if bands[-1].upto is not None or any(band.upto is None for band in bands[:-1]):
        raise InputError("the last band of the ladder, and only the last, is without end.")
    rungs = [0] + [band.upto for band in bands if band.upto is not None]
    if any(low >= high for low, high in pairwise(rungs)):
        raise InputError("the bands of the ladder must rise.")
    if minimum < 0 or (maximum is not None and maximum < minimum):
        raise InputError(
            "the minimum, %(minimum)s, must be 0 or more and not above the maximum, %(maximum)s.",
            minimum=minimum,
            maximum=maximum,
        )


def _terms(count: int, bands: Sequence[Band]) -> list[tuple[int, int]]:
    """Give (members within the band, members per seat) for the bands that the unit reaches."""
    terms, below = [], 0
    for band in bands:
        inside = (count if band.upto is None else min(count, band.upto)) - below
        if inside <= 0:
            break
        terms.append((inside, band.per))
        below += inside
    return terms


def _rounded(exact: Fraction, part: Part) -> int:
    whole = exact.numerator // exact.denominator
    rest = exact - whole
    if part == "any":
        return whole + (rest > 0)
    return whole + (part == "major" and rest > Fraction(1, 2))


def _by(nth: int, earned: int, exact: Fraction) -> By:
    if nth > earned:
        return "minimum"
    return "ratio" if nth <= exact else "part"


def _sentence(name: str, terms: list[tuple[int, int]], exact: Fraction, earned: int, given: int) -> str:
    working = " + ".join(f"{members} ÷ {per}" for members, per in terms) or "0"
    whole, rest = divmod(exact, 1)
    left = f" and {rest.numerator}/{rest.denominator}" if rest else ""
    bound = "" if given == earned else f", raised or cut to {given} by the bound"
    return f"{name}: {working} = {whole}{left}, which earns {earned}{bound}."


def _meaning(part: Part) -> str:
    return {
        "any": "Any part of a seat that is left over earns a seat.",
        "major": "A part of a seat that is left over earns a seat if it is more than half.",
        "none": "A part of a seat that is left over earns nothing.",
    }[part]
