"""Rows of people by columns, and their cells in the form in which they are compared."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from groundswell.calc.errors import InputError

# `name` is the whole name where a list does not part it; the others are compared as they are.
FIELD_NAMES: Final = (
    "name",
    "given",
    "family",
    "born",
    "email",
    "phone",
    "street",
    "town",
    "postcode",
    "region",
)
COMPARED: Final = FIELD_NAMES[1:]
LONGEST_CELL: Final = 200
# Letters that no decomposition takes to Latin ones.
_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)
_APOSTROPHES: Final = str.maketrans("", "", "'`\N{ACUTE ACCENT}\N{RIGHT SINGLE QUOTATION MARK}")
_SIGNS: Final = str.maketrans(
    {sign: " " for sign in map(chr, range(128)) if not sign.isalnum() and sign != "\n"}
)
_NO_LETTER: Final = re.compile(r"[^\w\n]|_")
_BLANKS: Final = re.compile(r"  +")
_EDGES: Final = re.compile(r" ?\n ?")
MONTHS: Final = 12
FEWEST_DIGITS: Final = 5
_PHONE_DIGITS: Final = 9  # with or without the country: what both writings of a number share
_ISO: Final = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})\D+(\d{1,2})\D+(\d{4})")
_NO_DIGITS: Final = re.compile(r"\D+")


@dataclass(frozen=True, slots=True)
class People:
    """Rows by columns: `ids` are unique, each column of `columns` (of FIELD_NAMES) is as long as they."""

    ids: Sequence[str]
    columns: Mapping[str, Sequence[str]]

    def __post_init__(self) -> None:
        """Refuse what cannot be compared: an id twice, an unknown column, a column of another length."""
        seen: set[str] = set()
        for one in self.ids:
            if one in seen:
                raise InputError(
                    "The id “%(id)s” stands in two rows; every row needs an id of its own.", id=one[:80]
                )
            seen.add(one)
        for name, cells in self.columns.items():
            if name not in FIELD_NAMES:
                raise InputError(
                    "There is no column “%(name)s” to compare; there are %(columns)s.",
                    name=name,
                    columns=", ".join(FIELD_NAMES),
                )
            if len(cells) != len(self.ids):
                raise InputError(
                    "The column “%(name)s” has %(cells)s cells for %(rows)s rows.",
                    name=name,
                    cells=len(cells),
                    rows=len(self.ids),
                )


def folded(people: Iterable[People]) -> dict[str, list[str]]:
    """Return the compared columns of all rows one after another, folded; '' is a cell that says nothing.

    A column in which nobody has anything is left out.
    """
    parts = list(people)
    found: dict[str, list[str]] = {}
    for field in COMPARED:
        found[field] = _FOLDING.get(field, fold_words)(_column(parts, field))
    _part_names(_column(parts, "name"), found)
    return {field: column for field, column in found.items() if any(column)}


def fold_words(cells: list[str]) -> list[str]:
    """Return cells in small letters without accents, their words parted by one blank.

    The column is folded as one text: a call for each of a million cells would take longer than the rest.
    """
    text = "\n".join(cells).casefold().translate(_APOSTROPHES)
    if text.isascii():
        text = text.translate(_SIGNS)
    else:
        apart = unicodedata.normalize("NFKD", text.translate(_LETTERS))
        text = _NO_LETTER.sub(" ", "".join(sign for sign in apart if not unicodedata.combining(sign)))
    return _EDGES.sub("\n", _BLANKS.sub(" ", text)).strip(" ").split("\n")


def fold_days(cells: list[str]) -> list[str]:
    """Return days as eight digits, year first, where they can be read; else their digits.

    Days before months in writings that leave it open: all rows are read alike, and a day and month
    that changed places still count as close.
    """
    known: dict[str, str] = {}
    for cell in set(cells):
        known[cell] = _day(cell.strip())
    return [known[cell] for cell in cells]


def _day(text: str) -> str:
    if found := _ISO.match(text):
        year, month, day = found.groups()
        return f"{year}{month:0>2}{day:0>2}"
    if found := _DAY_FIRST.match(text):
        day, month, year = found.groups()
        if int(month) > MONTHS:  # month first, as in the United States
            day, month = month, day
        return f"{year}{month:0>2}{day:0>2}"
    return _NO_DIGITS.sub("", text)


def fold_emails(cells: list[str]) -> list[str]:
    """Return addresses in small letters; what is none says nothing."""
    plain = "\n".join(cells).casefold().split("\n")
    return [cell.strip().removeprefix("mailto:") if "@" in cell else "" for cell in plain]


def fold_phones(cells: list[str]) -> list[str]:
    """Return the last nine digits of numbers; what has fewer than five says nothing."""
    digits = (_NO_DIGITS.sub("", cell)[-_PHONE_DIGITS:] if cell else "" for cell in cells)
    return [cell if len(cell) >= FEWEST_DIGITS else "" for cell in digits]


def fold_codes(cells: list[str]) -> list[str]:
    """Return postcodes in small letters and digits without blanks."""
    return [cell.replace(" ", "") for cell in fold_words(cells)]


_FOLDING: Final[Mapping[str, Callable[[list[str]], list[str]]]] = {
    "born": fold_days,
    "email": fold_emails,
    "phone": fold_phones,
    "postcode": fold_codes,
}


def _column(parts: Sequence[People], field: str) -> list[str]:
    """Return the cells of all lists, cut and without line breaks, which part the cells of folded text."""
    found: list[str] = []
    for part in parts:
        found += part.columns.get(field) or [""] * len(part.ids)
    return [cell[:LONGEST_CELL].replace("\n", " ") for cell in found]


def _part_names(names: Sequence[str], found: dict[str, list[str]]) -> None:
    """Part whole names into given and family where these are empty: the last word, or what a comma ends."""
    if not any(names):
        return
    given, family = found["given"], found["family"]
    folded_names = fold_words([name.partition(",")[2] + " " + name.partition(",")[0] for name in names])
    for row, name in enumerate(folded_names):
        if name and not given[row] and not family[row]:
            # Of `Berg, Anna Maria` the words before the comma are the family name, else the last word is.
            before = names[row].partition(",")
            words = len(fold_words([before[0]])[0].split()) if before[2].strip() else 1
            split = name.split()
            given[row], family[row] = " ".join(split[:-words]), " ".join(split[-words:])
