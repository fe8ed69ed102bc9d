"""Rows in which nobody stands though something is written there: sums, pages, the day of a printout.

Conservative: a row is passed over only where every word and figure of it is of such a line and none is a
value that tells of somebody. “Total Nguyen” is a name, and so is “Sum” beside an e-mail. Of what is passed
over only what was recognised is kept with its reason: no name of anybody.
"""

import functools
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from groundswell.exchange.importing import days
from groundswell.exchange.importing.fields import DAYS, folded
from groundswell.exchange.importing.mapping import ColumnMapping
from groundswell.exchange.importing.reading import Row
from groundswell.exchange.importing.reading.table import is_ours
from groundswell.kernel import signs

# Why a row is passed over, as stable words; `exchange.words` has the sentences.
SUM: Final = "sum"
NUMBER: Final = "number"
PAGE: Final = "page"
MADE: Final = "made"
SIGNED: Final = "signed"
HEADER: Final = "header"
RULE: Final = "rule"
OURS: Final = "ours"
GROUP: Final = "group"

_DATA: Final = Path(__file__).parent / "data" / "footers.json"
_WORD: Final = re.compile(r"[^\W\d_]+")
_NUMBER: Final = re.compile(r"\d[\d.,'\u2019 ]*")
_TIME: Final = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)")
_DAY: Final = re.compile(r"(?<!\d)\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?!\d)")
# One letter for each word of a line, by its kind; `N` for figures.
_SUM_LINE: Final = re.compile(r"A*S+A*(?:W*P)*")
_PEOPLE_SUM: Final = re.compile(r"P(?:W*P)*A*S+")
_COUNT_LINE: Final = re.compile(r"[PC](?:W*[PC])*(?:A*S+)?")
_PAGE_LINE: Final = re.compile(r"G?N(?:O?N)?|GN")
_LETTERS: Final = {"S": "sum", "A": "adjective", "P": "people", "C": "count", "W": "article", "M": "money"}
# An amount of money, of any length; a number that is as long and not written so may be somebody's.
_AMOUNT: Final = re.compile(r"(?<!\d)\d{1,3}(?:[.,'\u2019 ]\d{3})*[.,]\d{2}(?!\d)|(?<!\d)\d+[.,]\d{2}(?!\d)")
# With capitals alone these are the initials of somebody: I. A. Meier.
_FOR_ANOTHER: Final = re.compile(r"(?:i\. ?[AV]\.|[Ff]\. ?d\. ?R\.)(?=\s|$)")
# From so many figures on it may be a phone, a bank account, a number of somebody.
_LONG: Final = 7
_SHORTEST: Final = {"phone": 6, "postcode": 3, "place": 3}
_SERIAL: Final = 5
_MOST_WORDS: Final = 14
_MOST_CELLS: Final = 3
_LONGEST: Final = 80


@dataclass(frozen=True, slots=True)
class Footer:
    """A row that is passed over: why, and what of it was recognised."""

    why: str
    text: str


def found_in(row: Row, mapping: ColumnMapping, columns: Sequence[str]) -> Footer | None:
    """Return why a row is no person, None where somebody may stand in it."""
    filled = {place: cell.strip() for place, cell in enumerate(row.values) if cell.strip()}
    if is_ours(row):
        return Footer(OURS, "")
    if row.nobody:
        return Footer(GROUP, "")
    if any("@" in cell for cell in filled.values()):
        return None
    return (
        _without_words(filled, columns)
        or _made(filled, mapping)
        or _signed(filled, mapping)
        or _counted(filled, mapping)
    )


def _without_words(filled: Mapping[int, str], columns: Sequence[str]) -> Footer | None:
    """Return a row that rules off, or that repeats the header."""
    text = _shown(filled)
    if not any(sign.isalnum() for sign in text):
        return Footer(RULE, text)
    again = all(
        place < len(columns) and folded(cell) == folded(columns[place]) for place, cell in filled.items()
    )
    return Footer(HEADER, text) if again else None


def _counted(filled: Mapping[int, str], mapping: ColumnMapping) -> Footer | None:
    """Return a row of sums, of figures alone, or with the number of a page."""
    why = _line(" ".join(filled.values()))
    if not why or any(_tells(cell, place, mapping, why) for place, cell in filled.items()):
        return None
    return Footer(why, _shown(filled))


def _shown(filled: Mapping[int, str]) -> str:
    return " · ".join(filled.values())[:_LONGEST]


def _at(mapping: ColumnMapping, place: int) -> str:
    return mapping.fields[place] if place < len(mapping.fields) else ""


def _order(mapping: ColumnMapping, place: int) -> str:
    return mapping.orders[place] if place < len(mapping.orders) else ""


def _tells(cell: str, place: int, mapping: ColumnMapping, why: str) -> bool:
    """Return whether a cell says something of somebody, by the column in which it stands."""
    field, figures = _at(mapping, place), sum(sign.isdigit() for sign in cell)
    if field in DAYS or _order(mapping, place):
        return days.looks_like_a_day(cell) or figures >= _SERIAL
    amount = why == SUM and field not in _SHORTEST and _AMOUNT.search(cell)
    return not amount and figures >= _SHORTEST.get(field, _LONG)


def _line(text: str) -> str:
    """Return what kind of line a text is, '' for none: all of its words have to be of one."""
    plain = _plain(text)
    words = list(_words(plain))
    if len(words) > _MOST_WORDS:
        return ""
    bare = re.sub(r"[\s.,:;=()\[\]/#*+%€$£·|_-]+", "", _WORD.sub("", _NUMBER.sub("", plain)))
    if bare:
        return ""
    shape = "".join(_letter(word) for word in words)
    if set(shape) <= {"N", "M"}:
        return NUMBER if shape.replace("M", "") else ""
    if _PAGE_LINE.fullmatch("".join(_page_letter(word) for word in words)):
        return PAGE
    told = shape.replace("N", "").replace("M", "")
    if _SUM_LINE.fullmatch(told) or _PEOPLE_SUM.fullmatch(told):
        return SUM
    # “52 members” and “Members: 52”, and never “Member 52”, which may be what somebody is called here.
    counts = "N" in shape and ("C" in shape or shape[0] == "N" or ":" in plain)
    return SUM if counts and _COUNT_LINE.fullmatch(told) else ""


def _made(filled: Mapping[int, str], mapping: ColumnMapping) -> Footer | None:
    """Return a row that says when a list was made, without the name of who made it.

    The day stands in the cell of the words, or alone in the next one that is no column of days.
    """
    cells = list(filled.values())
    first = " ".join(re.sub(r":(?!\d)", " ", _plain(cells[0])).split())
    said = next((words for words in _phrases() if f"{first} ".startswith(f"{words} ")), "")
    rest = first.removeprefix(said).strip(" –-")
    if not said or len(cells) > _MOST_CELLS or len(first.split()) > _MOST_WORDS:
        return None
    if not rest and len(cells) > 1:
        place = list(filled)[1]
        alone = _at(mapping, place) not in DAYS and not _order(mapping, place) and _is_a_day(cells[1])
        whole = alone and _only_figures(cells[2:])
        return Footer(MADE, f"{cells[0]} {cells[1]}"[:_LONGEST]) if whole else None
    if not _is_a_day(rest) or not _only_figures(cells[1:]):
        return None
    # Beside the day, at most the name of a month: other words may be the name of whoever made the list.
    others = [word for word in _WORD.findall(rest) if word not in _kinds()["link"]]
    return Footer(MADE, cells[0][:_LONGEST] if len(others) <= 1 else f"{cells[0][: len(said)]} …")


def _signed(filled: Mapping[int, str], mapping: ColumnMapping) -> Footer | None:
    """Return a row that says who signed the list, without her name: “gez. Huber”, “i. A. Meier”."""
    text = " ".join(filled.values())
    if len(filled) > _MOST_CELLS or any(_tells(cell, at, mapping, SIGNED) for at, cell in filled.items()):
        return None
    plain, found = f"{_plain(text)} ", _FOR_ANOTHER.match(text)
    said = found[0] if found else next((words for words in _signatures() if plain.startswith(words)), "")
    return Footer(SIGNED, f"{said.strip()} …") if said else None


def _is_a_day(text: str) -> bool:
    return bool(_DAY.search(text)) or days.looks_like_a_day(_TIME.sub("", text))


def _only_figures(cells: Sequence[str]) -> bool:
    return not any(_WORD.search(cell) for cell in cells)


def _plain(text: str) -> str:
    """Return a text in small letters without accents, as the words of lines are kept."""
    apart = unicodedata.normalize("NFKD", signs.without_unseen(text).casefold())
    return " ".join("".join(sign for sign in apart if not unicodedata.combining(sign)).split()).replace(
        " :", ":"
    )


def _words(plain: str) -> Iterator[str]:
    """Yield words and figures in their order, figures as `#`."""
    for found in re.finditer(rf"{_WORD.pattern}|{_NUMBER.pattern}", plain):
        yield "#" if found[0][0].isdigit() else found[0]


def _letter(word: str) -> str:
    if word == "#":
        return "N"
    return next((letter for letter, kind in _LETTERS.items() if word in _kinds()[kind]), "x")


def _page_letter(word: str) -> str:
    if word == "#":
        return "N"
    kinds = _kinds()
    return "G" if word in kinds["page"] else "O" if word in kinds["of"] else "x"


@functools.cache
def _kinds() -> Mapping[str, frozenset[str]]:
    listed = json.loads(_DATA.read_text(encoding="utf-8"))
    return {kind: frozenset(map(_plain, words)) for kind, words in listed.items()}


@functools.cache
def _phrases() -> Sequence[str]:
    """Return the words by which a line begins that says when it was made, the longest first."""
    return sorted(_kinds()["made"], key=len, reverse=True)


@functools.cache
def _signatures() -> Sequence[str]:
    """Return the words before the name of who signed, the longest first: whole, where no sign ends them."""
    said = sorted(_kinds()["signed"], key=len, reverse=True)
    return [words if words[-1] in ".:" else f"{words} " for words in said]
