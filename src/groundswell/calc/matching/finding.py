"""From lists to pairs: fold, block, compare, estimate, weigh."""

import math
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from groundswell.calc.matching.blocking import candidates
from groundswell.calc.matching.closing import closed
from groundswell.calc.matching.comparing import EQUAL, FIELDS, SILENT, exchanged, levels, patterns
from groundswell.calc.matching.model import PLACE, Model, counted, estimate, rarity, settled
from groundswell.calc.matching.people import People, folded

# More probably one person than not: what also makes the most of precision and recall together.
THRESHOLD: Final = 0.5
_ROOM: Final = 40.0  # exp beyond this makes no difference to a probability
_HERS: Final = frozenset(field for field, one in FIELDS.items() if not one.household)


class Pair(NamedTuple):
    """Two ids and the probability that they are one person, to six places."""

    one: str
    other: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The pairs, sorted by their ids, and the probability from which a pair is one."""

    pairs: tuple[Pair, ...]
    threshold: float


class _Weighed(NamedTuple):
    """A pattern: its weight for one person and for a household, what agrees, whether it can be a pair."""

    one: float
    home: float
    equal: tuple[str, ...]
    possible: bool


def find(people: People, others: People | None = None, *, threshold: float = THRESHOLD) -> Found:
    """Return the pairs of rows of `people` that are one person, or those of one in each list.

    In a pair of one list the smaller id stands first; across lists the id of `people` does.
    """
    lists = [people] if others is None else [people, others]
    columns = folded(lists)
    ids = [one for part in lists for one in part.ids]
    first = None if others is None else len(people.ids)
    possible = len(ids) * (len(ids) - 1) // 2 if first is None else first * (len(ids) - first)
    if not possible or not columns:
        return Found((), threshold)
    pairs = candidates(columns, ids, first)
    found = patterns(pairs, columns)
    exchanged(pairs, found, columns)
    patterned, counts = Counter(found), counted(columns)
    model = estimate(patterned, tuple(columns), counts, possible, len(ids))
    weigh = _Scales(model, columns, counts, threshold)
    hopeful = {pattern for pattern in patterned if weigh.may_be_one(pattern)}
    scores = {}
    for pair, pattern in zip(pairs, found, strict=True):
        if pattern in hopeful and (score := weigh(pair[0], pattern)) >= threshold:
            scores[pair] = score
    if first is None:
        scores = closed(scores, threshold)
    return Found(tuple(sorted(_named(ids, scores, turn=first is None))), threshold)


def _named(ids: Sequence[str], scores: Mapping[tuple[int, int], float], *, turn: bool) -> Iterator[Pair]:
    for (left, right), score in scores.items():
        one, other = ids[left], ids[right]
        if turn and other < one:
            one, other = other, one
        yield Pair(one, other, round(score, 6))


class _Scales:
    """Weighs pairs by the model, rare values more than frequent ones.

    All weights are natural logarithms of how much likelier a pattern is for one person, or for two of a
    household, than for strangers.
    """

    def __init__(
        self,
        model: Model,
        columns: Mapping[str, list[str]],
        counts: Mapping[str, Counter[Any]],
        threshold: float,
    ) -> None:
        self._threshold = threshold
        self._model = model
        self._fields = tuple(columns)
        self._rows = len(next(iter(columns.values())))
        self._columns: dict[str, Sequence[Hashable]] = dict(columns)
        if PLACE in counts:
            self._columns[PLACE] = list(zip(columns["postcode"], columns["town"], strict=True))
        self._counts = counts
        self._weights: dict[str, dict[Hashable, float]] = {field: {} for field in self._columns}
        self._patterns: dict[int, _Weighed] = {}

    def may_be_one(self, pattern: int) -> bool:
        """Return whether any two rows of this pattern can be one person, however rare what they share."""
        self._patterns[pattern] = self._of_pattern(pattern)
        return self._patterns[pattern].possible

    def __call__(self, row: int, pattern: int) -> float:
        """Return the probability that a row and another are one person; the pattern was asked before.

        What agrees in the pattern is read from the one row: the other says the same.
        """
        known = self._patterns[pattern]
        one, home = known.one, known.home
        for field in known.equal:
            weight = self._rare(field, row)
            one += weight
            if field not in _HERS:
                home += weight
        return _probability(one, home)

    def _of_pattern(self, pattern: int) -> _Weighed:
        """Return what a pattern weighs before the values that agree are looked at."""
        model = self._model
        at = settled(levels(pattern, len(self._fields)), self._fields)
        one, home = math.log(model.same_odds), math.log(model.house_odds)
        equal = []
        for place, (field, level) in enumerate(zip(self._fields, at, strict=True)):
            if level == SILENT:
                continue
            ratio = model.same[place][level] / (1.0 if level == EQUAL else model.apart[place][level])
            one += math.log(ratio)
            home += math.log(ratio) if FIELDS[field].household else 0.0
            if level == EQUAL:
                equal.append(field)
        if "postcode" in equal and "town" in equal:
            equal = [field for field in equal if field not in {"postcode", "town"}] + [PLACE]
        rarest = sum(-math.log(rarity(_rarity_of(field), 0, self._rows)) for field in equal)
        return _Weighed(one, home, tuple(equal), _probability(one + rarest, 0.0) >= self._threshold)

    def _rare(self, field: str, row: int) -> float:
        value = self._columns[field][row]
        weights = self._weights[field]
        weight = weights.get(value)
        if weight is None:
            others = self._counts[field][value] - 2
            weight = weights[value] = -math.log(rarity(_rarity_of(field), others, self._rows))
        return weight


def _rarity_of(field: str) -> str:
    return "postcode" if field == PLACE else field


def _probability(one: float, home: float) -> float:
    """Return the share of one person among one person, household and strangers (weight 0)."""
    most = max(one, home, 0.0)
    parts = [math.exp(max(weight - most, -_ROOM)) for weight in (one, home, 0.0)]
    return parts[0] / sum(parts)
