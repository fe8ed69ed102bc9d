"""What is to be shared out, checked: every refusal is one sentence that says what to do."""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from groundswell.calc.errors import InputError, RuleError

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
            raise InputError(f"the votes of “{name}” are {count!r}; votes are whole numbers.")
        if count < 0:
            raise InputError(f"the votes of “{name}” are {count}; votes are 0 or more.")
        if count >= 10**MOST_DIGITS:
            raise InputError(f"the votes of “{name}” have more than {MOST_DIGITS} digits.")
    return dict(votes)


def _check_names(names: Collection[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        plain = " ".join(unicodedata.normalize("NFC", name).split())
        if not plain:
            raise InputError("a unit has no name.")
        if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in name):
            raise InputError(f"the name {name!a} holds a control character or half a character.")
        if plain in seen:
            raise InputError(
                f"“{seen[plain]}” and “{name}” cannot be told apart: give each unit its own name."
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
        raise InputError(f"the number of seats is {seats}; there must be at least 1.")
    if seats > MOST_SEATS:
        raise InputError(f"the number of seats is {seats}; at most {MOST_SEATS} can be shared out.")
    if base < 0:
        raise InputError(f"the base is {base} seats; it must be 0 or more.")
    admitted = _admitted(counts, threshold, exempt)
    names = tuple(counts)
    lower = tuple(
        bound if inside else 0
        for bound, inside in zip(_bounds(minimum, names, "minimum", 0), admitted, strict=True)
    )
    upper = tuple(
        bound if inside else 0
        for bound, inside in zip(_bounds(maximum, names, "maximum", seats), admitted, strict=True)
    )
    _check_bounds(names, lower, upper)
    _check_room(seats, base, lower, upper, admitted, tuple(counts.values()))
    free = tuple(max(0, bound - base) for bound in lower)
    room = tuple(min(seats, max(0, bound - base)) for bound in upper)
    return Problem(names, tuple(counts.values()), seats - base * sum(admitted), base, free, room, admitted)


def _admitted(votes: Mapping[str, int], threshold: Fraction, exempt: Collection[str]) -> tuple[bool, ...]:
    if not 0 <= threshold <= 100:  # noqa: PLR2004 - per cent
        raise InputError(f"the threshold is {threshold} per cent; it lies between 0 and 100.")
    for name in exempt:
        if name not in votes:
            raise InputError(f"“{name}” is to be free of the threshold, but is no unit here.")
    needed = threshold * sum(votes.values())
    admitted = tuple(100 * count >= needed or name in exempt for name, count in votes.items())
    if not any(admitted):
        raise RuleError("the threshold excludes every unit, so there is nobody to share seats among.")
    return admitted


def _bounds(bound: Bound | None, names: tuple[str, ...], word: str, default: int) -> tuple[int, ...]:
    if bound is None:
        return (default,) * len(names)
    if isinstance(bound, int):
        if bound < 0:
            raise InputError(f"the {word} is {bound} seats; it must be 0 or more.")
        return (bound,) * len(names)
    known = set(names)
    for name, seats in bound.items():
        if name not in known:
            raise InputError(f"there is a {word} for “{name}”, which is no unit here.")
        if seats < 0:
            raise InputError(f"the {word} of “{name}” is {seats} seats; it must be 0 or more.")
    return tuple(bound.get(name, default) for name in names)


def _check_bounds(names: tuple[str, ...], lower: tuple[int, ...], upper: tuple[int, ...]) -> None:
    for name, low, high in zip(names, lower, upper, strict=True):
        if low > high:
            raise InputError(f"the minimum of “{name}”, {low}, is above its maximum (or the house), {high}.")


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
            f"the minimum (or base) of all {sum(admitted)} units together is {least} seats, and there are "
            f"{seats}: lower it, or share out more seats."
        )
    if base and any(high < base for high, inside in zip(upper, admitted, strict=True) if inside):
        raise RuleError(f"the base of {base} seats is above the maximum: lower one or raise the other.")
    room = sum(
        high if count else max(base, low)
        for low, high, inside, count in zip(lower, upper, admitted, votes, strict=True)
        if inside
    )
    if not sum(count for count, inside in zip(votes, admitted, strict=True) if inside) and least < seats:
        raise RuleError("no unit has a vote, so no rule can share out the seats.")
    if room < seats:
        raise RuleError(
            f"the units with votes can hold at most {room} seats together, and there are {seats}: raise the "
            "maximum, or share out fewer seats."
        )
