"""Which letters the bytes of an old text mean: judged by the names that come out of them.

Bytes do not say in which encoding they were written. So each is tried on the cells that hold more than plain
letters, and what comes out is weighed by how letters follow each other in the languages written in it
(`data/letters.json`, counted in the names of countries and languages of the CLDR). A cell counts by the
logarithm of its likelihood, and may be of another language than the next. It stays a guess: whoever brings
the list in sees the readings side by side and chooses (docs/decisions/0740).
"""

import functools
import itertools
import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from groundswell.exchange.importing.reading.encodings import ENCODINGS, Encoding, label_of

_PAIRS: Final = Path(__file__).parent.parent / "data" / "letters.json"
_BLOCK: Final = 1024 * 1024
# No second byte of any of the encodings is one of these, so bytes may be cut there.
_CUT: Final = re.compile(rb'[\r\n\t;,"]+')
_LONGEST: Final = 16 * 1024
_ENOUGH: Final = 400
# So many cells tell somebody whether the letters are right.
_SHOWN: Final = 4
# After so many cells a list is known; a long one is not read to its end for them.
_COUNTED: Final = 20_000
_WORD: Final = re.compile(r"[^\W\d_]+")

# A letter that a language never has is about so rare; a pair of letters is smoothed by so much of the letter.
_UNSEEN: Final = 0.05
_LETTERS: Final = 20_000
_SMOOTHING: Final = 5.0
# What stands between letters but for quotes, dashes and ordinals is no sign of a list of people.
_SIGN: Final = 7.0
_STRANGE: Final = 14.0
_USED: Final = frozenset("’‘“”„–—…«»\u00a0·ªº°€№\u00b4`\u200c\u200d\u200e\u200f、。・\u3000\uff08\uff09¿¡§")
# A capital inside a word, and a word that begins small though it is of other letters than these.
_CAPITAL_INSIDE: Final = 4.0
_BEGINS_SMALL: Final = 2.0
# What speaks for the encodings of a unit's own languages, and against those that only old programs write.
_OWN: Final = 6.0
_UNUSUAL: Final = 6.0
# The most common of all, where nothing else tells.
_COMMON: Final = 1.0
_COMMONEST: Final = "cp1252"
_SAME: Final = {"no": "nb", "nn": "nb", "bs": "hr", "sh": "hr", "yue": "zh_Hant"}
_TRADITIONAL: Final = frozenset({"hant", "tw", "hk", "mo"})
# Before Unicode had the letters with a comma, Romanian was written with cedillas.
_COMMAS: Final = str.maketrans("şţ", "șț")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file would be read: the code of an encoding, what people call it, some cells read so."""

    code: str
    label: str
    sample: str


class Cells:
    """The first cells of a text that hold more than ASCII, counted; the different ones are kept."""

    def __init__(self, cells: Iterable[bytes]) -> None:
        self.kept: dict[bytes, None] = {}
        self.unicode = self.other = 0
        for cell in cells:
            if cell.isascii():
                continue
            if _is_unicode(cell):
                self.unicode += 1
            else:
                self.other += 1
            if len(self.kept) < _ENOUGH:
                self.kept[cell.strip()] = None
            if self.unicode + self.other == _COUNTED:
                break


def cells_of(path: Path) -> Cells:
    """Return the cells of a file; memory does not grow with it."""
    return Cells(_pieces(path))


def _pieces(path: Path) -> Iterator[bytes]:
    rest = b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            *lines, rest = (rest + block).splitlines(keepends=True)
            for line in lines:
                if not line.isascii():
                    yield from _CUT.split(line)
            if len(rest) > _LONGEST:
                yield from _CUT.split(rest)
                rest = b""
    yield from _CUT.split(rest)


def _is_unicode(cell: bytes) -> bool:
    try:
        cell.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def ranked(cells: Collection[bytes], languages: Sequence[str]) -> list[str]:
    """Return the codes of the encodings by which these cells can be read, the likeliest first.

    `languages` are those of the unit whose list it is, as 'de-AT'.
    """
    own = {_spoken(language) for language in languages}
    found: list[tuple[str, float, str]] = []
    likeliest: dict[str, float] = {}
    for one in ENCODINGS:
        texts = _decoded(cells, one.code)
        if texts is None:
            continue
        whole = "\n".join(texts)
        expected = _OWN * bool(own & set(one.languages)) - _UNUSUAL * (not one.usual)
        expected += _COMMON * (one.code == _COMMONEST)
        likeliest[whole] = max(
            likeliest.get(whole, -math.inf), expected + sum(_weight(text, one) for text in texts)
        )
        found.append((whole, expected, one.code))
    # Of those that read all cells alike nothing but what is expected tells which it is.
    found.sort(key=lambda reading: (likeliest[reading[0]], reading[1]), reverse=True)
    return [code for _whole, _expected, code in found]


def readings(cells: Collection[bytes], codes: Sequence[str], *, most: int) -> list[Reading]:
    """Return what these cells read like by each of the encodings; only readings that differ."""
    found: dict[str, list[str]] = {}
    for code in codes:
        texts = _decoded(cells, code)
        if texts is not None and texts not in found.values() and len(found) < most:
            found[code] = texts
    places = _telling(list(found.values()))
    return [
        Reading(code, label_of(code), " · ".join(" ".join(texts[place].split())[:40] for place in places))
        for code, texts in found.items()
    ]


def _telling(found: Sequence[Sequence[str]]) -> list[int]:
    """Return the places of cells enough to see by them in what every other reading differs from the first."""
    places: list[int] = []
    for other in found[1:]:
        differing = [
            place for place, (text, read) in enumerate(zip(found[0], other, strict=True)) if text != read
        ]
        if not set(places) & set(differing):
            places.append(differing[0])
    more = [place for place in range(len(found[0])) if place not in places] if found else []
    return sorted([*places, *more[: max(0, _SHOWN - len(places))]])


def _decoded(cells: Collection[bytes], code: str) -> list[str] | None:
    try:
        return [cell.decode(code) for cell in cells]
    except UnicodeDecodeError:
        return None


def _spoken(language: str) -> str:
    first, *more = language.replace("_", "-").lower().split("-")
    if first == "zh" and _TRADITIONAL & set(more):
        return "zh_Hant"
    return _SAME.get(first, first)


def _weight(text: str, encoding: Encoding) -> float:
    """Return how likely a cell is, in the likeliest of the encoding's languages."""
    words = _WORD.findall(unicodedata.normalize("NFC", text))
    signs = sum(_against(sign) for sign in text if not sign.isascii() and not sign.isalpha())
    case = sum(_against_case(word) for word in words)
    return (
        max(sum(_likely(word, language) for word in words) for language in encoding.languages) - signs - case
    )


def _against(sign: str) -> float:
    if unicodedata.category(sign).startswith("M"):
        return 0.0
    return _SIGN if sign in _USED else _STRANGE


def _against_case(word: str) -> float:
    inside = sum(
        one.islower() and other.isupper() and not (one.isascii() and other.isascii())
        for one, other in itertools.pairwise(word)
    )
    return _CAPITAL_INSIDE * inside + _BEGINS_SMALL * (word[0].islower() and not word[0].isascii())


def framed(word: str) -> str:
    """Return a word as it is counted and weighed: in small letters, between its beginning and its end."""
    return f"^{word.lower().translate(_COMMAS)}$"


@functools.lru_cache(maxsize=20_000)
def _likely(word: str, language: str) -> float:
    """Return the logarithm of how likely a word is in a language."""
    pairs, after, before, total = _counted()[language]
    whole, found = framed(word), 0.0
    for one, other in itertools.pairwise(whole):
        alone = (before[other] + _UNSEEN) / (total + _UNSEEN * _LETTERS)
        found += math.log((pairs.get(one + other, 0) + _SMOOTHING * alone) / (after[one] + _SMOOTHING))
    return found


@functools.cache
def _counted() -> Mapping[str, tuple[Mapping[str, int], Counter[str], Counter[str], int]]:
    """Return by language: pairs of letters, how often a letter is followed and follows, and all of them."""
    counted = {}
    for language, pairs in json.loads(_PAIRS.read_text(encoding="utf-8")).items():
        after: Counter[str] = Counter()
        before: Counter[str] = Counter()
        for (one, other), count in pairs.items():
            after[one] += count
            before[other] += count
        counted[language] = (pairs, after, before, before.total())
    return counted
