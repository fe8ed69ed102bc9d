"""Which pairs are looked at: those that share a key, in blocks of bounded size.

Every pair of 100,000 rows would be five thousand million. Several keys, each of other fields, so that a
row with a slip in one is still met through another. A key that many share says little: its large blocks
are left out, or, where the key says much, only neighbours in them are compared.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, compress
from typing import Final

TWO: Final = 2  # rows that share a key with nobody else are always compared
LARGEST_BLOCK: Final = 40
LARGEST_TELLING: Final = 10_000
# Pairs that one key may bring beside blocks of two: one for ten rows, and in short lists a few thousand.
PAIRS_A_ROW: Final = 0.1
PAIRS_ANYWAY: Final = 5_000
NEIGHBOURS: Final = 2


@dataclass(frozen=True, slots=True)
class Key:
    """Fields whose cells (or their first letters) make the key; `telling` keys keep their large blocks."""

    parts: tuple[tuple[str, int | None], ...]
    telling: bool = False


def _key(*parts: str, telling: bool = False) -> Key:
    """Read parts as `field` or `field:3`, the first three letters of it."""
    split = (part.partition(":") for part in parts)
    return Key(tuple((field, int(most) if most else None) for field, _colon, most in split), telling)


KEYS: Final = (
    _key("email", telling=True),
    _key("phone", telling=True),
    _key("born"),
    _key("born", "given:1"),
    _key("born", "family:1"),
    _key("given", "family", telling=True),
    _key("street"),
    _key("family", "postcode"),
    _key("given", "postcode"),
    _key("given", "town"),
    _key("family", "town"),
    _key("town", "postcode"),
    _key("given:3", "born:4"),
    _key("family:3", "born:4"),
    _key("given:3", "family:3"),
)


def candidates(
    columns: Mapping[str, list[str]], ids: Sequence[str], first: int | None
) -> list[tuple[int, int]]:
    """Return the pairs (left < right) of rows to compare, each once.

    `first` is the number of rows of the first of two lists: then pairs across them; None: within one.
    """
    count = len(ids)
    whole = _Whole(columns, ids)
    found: set[int] = set()
    for key in KEYS:
        if all(field in columns for field, _most in key.parts):
            made = _made(key, columns)
            counts = Counter(made)
            del counts[""]
            limit = _limit(Counter(counts.values()), count)
            for rows in _blocks(made, counts, LARGEST_TELLING if key.telling else limit):
                meeting = combinations(rows, 2) if len(rows) <= limit else _near(rows, whole)
                found.update([left * count + right for left, right in meeting])
    met = sorted(found)  # in order: rows near each other lie near
    pairs = [divmod(one, count) for one in met]
    return pairs if first is None else [pair for pair in pairs if pair[0] < first <= pair[1]]


def _made(key: Key, columns: Mapping[str, list[str]]) -> list[str]:
    """Return the key of each row, '' for one that lacks a part of it."""
    parts = [
        columns[field] if most is None else [cell[:most] for cell in columns[field]]
        for field, most in key.parts
    ]
    if len(parts) == 1:
        return parts[0]
    if key.parts == (("given", None), ("family", None)):
        # Those whose given and family names changed places meet as well.
        return [
            (f"{one}|{other}" if one < other else f"{other}|{one}") if one and other else ""
            for one, other in zip(*parts, strict=True)
        ]
    return [f"{one}|{other}" if one and other else "" for one, other in zip(*parts, strict=True)]


def _blocks(made: list[str], counts: Mapping[str, int], most: int) -> Iterable[list[int]]:
    """Return the rows that share a key, for each key that two to `most` rows have."""
    shared = {key for key, count in counts.items() if 1 < count <= most}
    blocks: defaultdict[str, list[int]] = defaultdict(list)
    for row in compress(range(len(made)), map(shared.__contains__, made)):
        blocks[made[row]].append(row)
    return blocks.values()


def _limit(sizes: Mapping[int, int], count: int) -> int:
    """Return the largest size of blocks that together bring no more pairs than a key may."""
    room = PAIRS_A_ROW * count + PAIRS_ANYWAY
    limit = TWO
    for size, blocks in sorted(sizes.items()):
        if size > TWO:
            room -= blocks * (size * (size - 1) // 2)
            if size > LARGEST_BLOCK or room < 0:
                break
            limit = size
    return limit


def _near(rows: list[int], whole: "_Whole") -> Iterator[tuple[int, int]]:
    """Yield rows of a large block with those that stand next to them when it is sorted by all they say."""
    ordered = sorted(rows, key=whole.of)
    for place, one in enumerate(ordered, start=1):
        for other in ordered[place : place + NEIGHBOURS]:
            yield (one, other) if one < other else (other, one)


class _Whole:
    """What a row says in all, names first; its id decides between rows that say the same."""

    def __init__(self, columns: Mapping[str, list[str]], ids: Sequence[str]) -> None:
        self._columns = [columns[field] for field in sorted(columns, key="family".__ne__)]
        self._ids = ids

    def of(self, row: int) -> tuple[str, ...]:
        return (*(column[row] for column in self._columns), self._ids[row])
