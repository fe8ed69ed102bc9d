"""How alike two cells of a field are, and how alike a pair of rows is in all of them (its pattern)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler

# How two cells compare. A pattern is one number: two bits for each field, in the order of the columns.
SILENT, EQUAL, CLOSE, OTHER = range(4)
BITS: Final = 2

# Usual bounds, none fitted: Jaro-Winkler of names, slips in numbers, per cent of a street's letters.
_ALIKE: Final = 0.88
_TWO_SLIPS: Final = 2
_MOSTLY: Final = 75

_jaro_winkler = JaroWinkler.similarity
_slips = OSA.distance


def _close_name(one: str, other: str) -> bool:
    """Tell whether names differ by a slip or two, or one is an initial."""
    first, second = (one, other) if one < other else (other, one)  # Jaro's greedy pairing has a side
    if len(first) == 1 or len(second) == 1:
        return first[0] == second[0]
    return _jaro_winkler(first, second) >= _ALIKE


def _close_day(one: str, other: str) -> bool:
    return _slips(one, other, score_cutoff=_TWO_SLIPS) <= _TWO_SLIPS


def _close_number(one: str, other: str) -> bool:
    return _slips(one, other, score_cutoff=1) <= 1


def _close_email(one: str, other: str) -> bool:
    return _slips(one, other, score_cutoff=_TWO_SLIPS) <= _TWO_SLIPS


def _close_street(one: str, other: str) -> bool:
    return fuzz.ratio(one, other) >= _MOSTLY


def _never(_one: str, _other: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Field:
    """A field: when two unequal cells are close; `rarity`, the share of strangers who agree in it.

    `rarity` is what is believed before the list says more: it weighs as much as a hundred rows, so that
    lists of two rows have an answer. Persons of one `household` share the field as one person does.
    """

    close: Callable[[str, str], bool]
    rarity: float
    household: bool = False


# The rarities are orders of magnitude of any country, not measurements of one.
FIELDS: Final[Mapping[str, Field]] = {
    "given": Field(_close_name, 1 / 300),
    "family": Field(_close_name, 1 / 1_000, household=True),
    "born": Field(_close_day, 1 / 20_000),
    "email": Field(_close_email, 1 / 1_000_000, household=True),
    "phone": Field(_close_number, 1 / 1_000_000, household=True),
    "street": Field(_close_street, 1 / 5_000, household=True),
    "town": Field(_close_name, 1 / 500, household=True),
    "postcode": Field(_close_number, 1 / 500, household=True),
    "region": Field(_never, 1 / 8, household=True),
}


def patterns(pairs: Sequence[tuple[int, int]], columns: Mapping[str, list[str]]) -> list[int]:
    """Return the pattern of each pair of rows."""
    found = [0] * len(pairs)
    lefts, rights = [left for left, _right in pairs], [right for _left, right in pairs]
    for place, (field, column) in enumerate(columns.items()):
        close = FIELDS[field].close
        shift = BITS * place
        equal, near, far = EQUAL << shift, CLOSE << shift, OTHER << shift
        cell = column.__getitem__
        found = [
            pattern
            if not one or not other
            else pattern | (equal if one == other else near if close(one, other) else far)
            for pattern, one, other in zip(found, map(cell, lefts), map(cell, rights), strict=True)
        ]
    return found


def exchanged(pairs: Sequence[tuple[int, int]], found: list[int], columns: Mapping[str, list[str]]) -> None:
    """Call names close, in the patterns of pairs, where given and family name changed places."""
    if "given" not in columns or "family" not in columns:
        return
    given, family = columns["given"], columns["family"]
    shifts = [BITS * place for place, field in enumerate(columns) if field in {"given", "family"}]
    mask = sum(OTHER << shift for shift in shifts)
    both = sum(CLOSE << shift for shift in shifts)
    for number, (left, right) in enumerate(pairs):
        if found[number] & mask == mask and given[left] == family[right] and family[left] == given[right]:
            found[number] = found[number] & ~mask | both


def levels(pattern: int, fields: int) -> list[int]:
    """Return how alike the cells of each field are in a pattern."""
    return [pattern >> BITS * place & OTHER for place in range(fields)]
