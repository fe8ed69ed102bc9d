"""What is to be shared out, checked: every refusal is one sentence that says what to do."""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from groundswell.calc.errors import InputError, RuleError, Words

MOST_SEATS: Final = 100_000  # every seat carries its reason; beyond this nobody reads them
MOST_DIGITS: Final = 100
Bound = int | Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Problem:
    """Units that take part, with whole votes and bounds; all tuples run beside `names`.

    `lower` and `upper` bound the seats beyond `base`; `seats` are those left to share beyond it.
    `admitted` tells who passed the threshold.
    """

    names: tuple[str, ...]
    votes: tuple[int, ...]
    seats: int
    base: int
    lower: tuple[int, ...]
    upper: tuple[int, ...]
    admitted: tuple[bool, ...]


def checked_votes(votes: Mapping[str, int]) -> dict[str, int]:
    """Check names and votes; give them as a plain dict in the order given. Raises `InputError`."""
    if not votes:
        raise InputError("there is no unit to share seats among.")
    _check_names(votes)
    for name, count in votes.items():
        if isinstance(count, bool) or not isinstance(count, int):
            raise InputError(
                "the votes of “%(name)s” are %(count)s; votes are whole numbers.",
                name=name,
                count=repr(count),
            )
        if count < 0:
            raise InputError(
                "the votes of “%(name)s” are %(count)s; votes are 0 or more.", name=name, count=count
            )
        if count >= 10**MOST_DIGITS:
            raise InputError(
                "the votes of “%(name)s” have more than %(most)s digits.", name=name, most=MOST_DIGITS
            )
    return dict(votes)


def _check_names(names: Collection[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        plain = " ".join(unicodedata.normalize("NFC", name).split())
        if not plain:
            raise InputError("a unit has no name.")
        if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in name):
            raise InputError(
                "the name %(name)s holds a control character or half a character.", name=ascii(name)
            )
        if plain in seen:
            raise InputError(
                "“%(other)s” and “%(name)s” cannot be told apart: give each unit its own name.",
                other=seen[plain],
                name=name,
            )
        seen[plain] = name


def pose(
    votes: Mapping[str, int],
    seats: int,
    *,
    threshold: Fraction,
    exempt: Collection[str],
    minimum: Bound,
    maximum: Bound | None,
    base: int,
) -> Problem:
    """Check everything that does not depend on the rule. Raises `InputError` or `RuleError`."""
    counts = checked_votes(votes)
    if seats < 1:
        raise InputError("the number of seats is %(seats)s; there must be at least 1.", seats=seats)
    if seats > MOST_SEATS:
        raise InputError(
            "the number of seats is %(seats)s; at most %(most)s can be shared out.",
            seats=seats,
            most=MOST_SEATS,
        )
    if base < 0:
        raise InputError("the base is %(base)s seats; it must be 0 or more.", base=base)
    admitted = _admitted(counts, threshold, exempt)
    names = tuple(counts)
    lower = tuple(
        bound if inside else 0
        for bound, inside in zip(_bounds(minimum, names, Words("minimum"), 0), admitted, strict=True)
    )
    upper = tuple(
        bound if inside else 0
        for bound, inside in zip(_bounds(maximum, names, Words("maximum"), seats), admitted, strict=True)
    )
    _check_bounds(names, lower, upper)
    _check_room(seats, base, lower, upper, admitted, tuple(counts.values()))
    free = tuple(max(0, bound - base) for bound in lower)
    room = tuple(min(seats, max(0, bound - base)) for bound in upper)
    return Problem(names, tuple(counts.values()), seats - base * sum(admitted), base, free, room, admitted)


def _admitted(votes: Mapping[str, int], threshold: Fraction, exempt: Collection[str]) -> tuple[bool, ...]:
    if not 0 <= threshold <= 100:  # noqa: PLR2004 - per cent
        raise InputError(
            "the threshold is %(threshold)s per cent; it lies between 0 and 100.", threshold=threshold
        )
    for name in exempt:
        if name not in votes:
            raise InputError("“%(name)s” is to be free of the threshold, but is no unit here.", name=name)
    needed = threshold * sum(votes.values())
    admitted = tuple(100 * count >= needed or name in exempt for name, count in votes.items())
    if not any(admitted):
        raise RuleError("the threshold excludes every unit, so there is nobody to share seats among.")
    return admitted


def _bounds(bound: Bound | None, names: tuple[str, ...], word: Words, default: int) -> tuple[int, ...]:
    if bound is None:
        return (default,) * len(names)
    if isinstance(bound, int):
        if bound < 0:
            raise InputError("the %(word)s is %(bound)s seats; it must be 0 or more.", word=word, bound=bound)
        return (bound,) * len(names)
    known = set(names)
    for name, seats in bound.items():
        if name not in known:
            raise InputError(
                "there is a %(word)s for “%(name)s”, which is no unit here.", word=word, name=name
            )
        if seats < 0:
            raise InputError(
                "the %(word)s of “%(name)s” is %(seats)s seats; it must be 0 or more.",
                word=word,
                name=name,
                seats=seats,
            )
    return tuple(bound.get(name, default) for name in names)


def _check_bounds(names: tuple[str, ...], lower: tuple[int, ...], upper: tuple[int, ...]) -> None:
    for name, low, high in zip(names, lower, upper, strict=True):
        if low > high:
            raise InputError(
                "the minimum of “%(name)s”, %(low)s, is above its maximum (or the house), %(high)s.",
                name=name,
                low=low,
                high=high,
            )


def _check_room(
    seats: int,
    base: int,
    lower: tuple[int, ...],
    upper: tuple[int, ...],
    admitted: tuple[bool, ...],
    votes: tuple[int, ...],
) -> None:
    least = sum(max(base, low) for low, inside in zip(lower, admitted, strict=True) if inside)
    if least > seats:
        raise RuleError(
            "the minimum (or base) of all %(units)s units together is %(least)s seats, and "
            "there are %(seats)s: lower it, or share out more seats.",
            units=sum(admitted),
            least=least,
            seats=seats,
        )
    if base and any(high < base for high, inside in zip(upper, admitted, strict=True) if inside):
        raise RuleError(
            "the base of %(base)s seats is above the maximum: lower one or raise the other.", base=base
        )
    room = sum(
        high if count else max(base, low)
        for low, high, inside, count in zip(lower, upper, admitted, votes, strict=True)
        if inside
    )
    if not sum(count for count, inside in zip(votes, admitted, strict=True) if inside) and least < seats:
        raise RuleError("no unit has a vote, so no rule can share out the seats.")
    if room < seats:
        raise RuleError(
            "the units with votes can hold at most %(room)s seats together, and there are "
            "%(seats)s: raise the maximum, or share out fewer seats.",
            room=room,
            seats=seats,
        )
