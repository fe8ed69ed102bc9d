"""How often one person, a household and strangers show a pattern: estimated on the list itself."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from groundswell.calc.matching.comparing import CLOSE, EQUAL, FIELDS, OTHER, SILENT, levels

# Before the list says anything: one person's two rows agree in a field, nearly agree, differ; it weighs
# as much as twenty pairs.
BELIEVED: Final = (1.0, 0.85, 0.10, 0.05)
BELIEF_PAIRS: Final = 20
BELIEF_ROWS: Final = 100
# A town follows from its postcode: agreeing in both is one agreement, as rare as both together.
PLACE: Final = "place"
# Twins of rows and housemates believed in before the first is seen, among so many more pairs of strangers.
SEEN_BEFORE: Final = 1.0
STRANGERS_BEFORE: Final = 20.0
SAMPLE: Final = 2_000
ROUNDS: Final = 30
STILL: Final = 1e-4  # the estimate stands when the number of equal pairs moves by less than this share


@dataclass(frozen=True, slots=True)
class Model:
    """The shares of each level, by field in the order of the columns; the odds before a pair is looked at.

    `same[field][level]` and `apart[field][level]`; SILENT is 1 in both, so that it says nothing.
    `same_odds` and `house_odds` stand against one pair of strangers.
    """

    same: tuple[tuple[float, ...], ...]
    apart: tuple[tuple[float, ...], ...]
    same_odds: float
    house_odds: float


@dataclass(frozen=True, slots=True)
class _Seen:
    """A pattern of the candidates: its levels, its pairs, how often strangers and housemates show it.

    `housed` has only the fields in which housemates are strangers; the others they share as one person.
    """

    levels: tuple[int, ...]
    pairs: int
    strange: float
    housed: float


def counted(columns: Mapping[str, list[str]]) -> dict[str, Counter[Any]]:
    """Return how many rows have each value of each column; as PLACE, each postcode and town together."""
    counts: dict[str, Counter[Any]] = {}
    for field, column in columns.items():
        counts[field] = Counter(column)
        del counts[field][""]
    if "postcode" in columns and "town" in columns:
        places = zip(columns["postcode"], columns["town"], strict=True)
        counts[PLACE] = Counter(place for place in places if all(place))
    return counts


def estimate(
    found: Mapping[int, int],
    fields: Sequence[str],
    counts: Mapping[str, Counter[Any]],
    possible: int,
    rows: int,
) -> Model:
    """Estimate on the patterns of the candidates (pattern: pairs) among `possible` pairs of `rows` rows.

    `fields` are the columns in their order, `counts` what `counted` says of them. Pairs that are no
    candidates count as strangers. `apart` is fixed by the values' frequencies and a sample; `same` and the
    odds are estimated by expectation maximisation.
    """
    apart = tuple(_apart(field, counts[field]) for field in fields)
    seen = _seen(found, fields, apart, _together(counts))
    household = [FIELDS[field].household for field in fields]
    same: tuple[tuple[float, ...], ...] = tuple(BELIEVED for _field in fields)
    equal = housed = 0.1 * rows
    for _round in range(ROUNDS):
        before = equal
        model = Model(same, apart, _odds(equal, possible), _odds(housed, possible))
        same, equal, housed = _again(model, seen, household)
        if abs(equal - before) <= STILL * (1 + before):
            break
    return Model(same, apart, _odds(equal, possible), _odds(housed, possible))


def settled(at: Sequence[int], fields: Sequence[str]) -> tuple[int, ...]:
    """Return levels without what follows from others: the region is silent where the place agrees."""
    located = any(
        level == EQUAL for field, level in zip(fields, at, strict=True) if field in {"postcode", "town"}
    )
    return tuple(
        SILENT if located and field == "region" else level for field, level in zip(fields, at, strict=True)
    )


def _seen(
    found: Mapping[int, int], fields: Sequence[str], apart: Sequence[Sequence[float]], together: float
) -> list[_Seen]:
    seen = []
    for pattern, pairs in sorted(found.items()):
        at = settled(levels(pattern, len(fields)), fields)
        strange = housed = 1.0
        equal = set()
        for place, field in enumerate(fields):
            strange *= apart[place][at[place]]
            housed *= 1.0 if FIELDS[field].household else apart[place][at[place]]
            if at[place] == EQUAL:
                equal.add(field)
        if {"postcode", "town"} <= equal:
            strange *= together
        seen.append(_Seen(at, pairs, strange, housed))
    return seen


def _together(counts: Mapping[str, Counter[Any]]) -> float:
    """Return how much oftener strangers agree in postcode and town than the two apart would let expect."""
    if PLACE not in counts:
        return 1.0
    both, postcode, town = (_agreeing("postcode", counts[field]) for field in (PLACE, "postcode", "town"))
    return both / (postcode * town)


def _again(
    model: Model, seen: Sequence[_Seen], household: Sequence[bool]
) -> tuple[tuple[tuple[float, ...], ...], float, float]:
    """Return the estimates after one more round: the shares, and how many pairs are one person or housed."""
    sums = [[BELIEF_PAIRS * share for share in BELIEVED] for _place in household]
    equal = housed = 0.0
    for one in seen:
        same, home = model.same_odds, model.house_odds * one.housed
        for shares, level, shared in zip(model.same, one.levels, household, strict=True):
            same *= shares[level]
            if shared:
                home *= shares[level]
        part = one.pairs / (one.strange + same + home)
        housed += home * part
        weight = same * part
        equal += weight
        for counts, level in zip(sums, one.levels, strict=True):
            counts[level] += weight
    same_again = []
    for counts in sums:
        said = sum(counts[EQUAL:])
        same_again.append((1.0, *(count / said for count in counts[EQUAL:])))
    return tuple(same_again), equal, housed


def _odds(pairs: float, possible: int) -> float:
    share = (pairs + SEEN_BEFORE) / (possible + STRANGERS_BEFORE)
    return share / max(1.0 - share, 1e-9)


def _apart(field: str, counts: Counter[str]) -> tuple[float, ...]:
    """Return how often strangers agree: from the frequencies, and for near agreement from a sample."""
    equal = _agreeing(field, counts)
    close = _closeness(field, counts)
    shares = {SILENT: 1.0, EQUAL: equal, CLOSE: close * (1 - equal), OTHER: (1 - close) * (1 - equal)}
    return tuple(shares.values())


def _agreeing(field: str, counts: Counter[Any]) -> float:
    """Return the share of pairs of rows that have the same value, with the belief before any row."""
    said = counts.total()
    agreeing = sum(count * (count - 1) for count in counts.values()) / max(1, said - 1)
    return min((agreeing + BELIEF_ROWS * FIELDS[field].rarity) / (said + BELIEF_ROWS), 0.999)


def _closeness(field: str, counts: Counter[str]) -> float:
    """Return the share of unequal cells that are close, in a sample spread over the sorted cells."""
    values = sorted(counts)
    ends = list(accumulate(counts[value] for value in values))  # in the sorted cells, behind each value's
    said = counts.total()
    drawn = min(said, SAMPLE)
    close = compared = 0
    for number in range(drawn):
        one = values[bisect_right(ends, number * said // drawn)]
        # A prime stride: far apart, and the same each time.
        other = values[bisect_right(ends, (number * 7919 + 13) % said)]
        if one != other:
            compared += 1
            close += FIELDS[field].close(one, other)
    return (close + 0.05) / (compared + 1)


def rarity(field: str, others: int, rows: int) -> float:
    """Return the share of strangers who have a value, when `others` of `rows` have it besides the pair."""
    share = (max(others, 0) + BELIEF_ROWS * FIELDS[field].rarity) / (rows + BELIEF_ROWS)
    return min(share, 1.0)
