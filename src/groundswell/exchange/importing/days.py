"""Days in every national writing, and the one question they leave open: whether the day comes first.

`order_of` says what a cell settles by itself (31/1/2024 can only be day first), `read` understands a
cell once the column's order is known. Nothing is guessed: a column whose cells all leave it open is
asked about.
"""

import calendar
import datetime as dt
import functools
import json
import re
import unicodedata
from pathlib import Path
from typing import Final

from babel import Locale
from babel.core import UnknownLocaleError
from django.utils.translation import gettext as _

from groundswell.kernel import saying, signs
from groundswell.kernel.bounds import FIRST_DAY, LAST_DAY
from groundswell.kernel.errors import Refusal

DMY: Final = "dmy"
MDY: Final = "mdy"
YMD: Final = "ymd"
ORDERS: Final = (DMY, MDY, YMD)
EITHER: Final = "either"
NONE: Final = "none"

# Languages whose month names are known; a word that means two months in two of them is left out.
_LANGUAGES: Final = Path(__file__).parent / "data" / "languages.json"
_SIGNS: Final = re.compile(r"(\d{1,4})\s*[./\-]\s*(\d{1,2})\s*[./\-]\s*(\d{1,4})\.?")
# With points and a whole year the day comes first wherever people write so (no locale of the CLDR has
# the month there); with a year of two figures it may be a Korean or Hungarian day, year first.
_DOTTED: Final = re.compile(r"^\d{1,2}\s*\.\s*\d{1,2}\s*\.\s*\d{4}\.?$")
_PACKED: Final = re.compile(r"(19|20)(\d\d)([01]\d)([0-3]\d)")
_CLOCK: Final = re.compile(
    r"[T\s,]+\d{1,2}:\d{2}(:\d{2})?(\.\d+)?\s*([ap]\.?m\.?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$", re.IGNORECASE
)
_NOUGHTS: Final = re.compile(r"0{1,4}[-./ ]0{1,2}[-./ ]0{1,4}")
_BIRTHDAY: Final = re.compile(r"--\d{2}-?\d{2}|1604-?\d{2}-?\d{2}|\d{1,2}\. ?\d{1,2}\.")
_YEAR: Final = re.compile(
    r"(?:00?[./-]){0,2}((?:19|20)\d\d)(?:-00?){0,2}|(?:0?[1-9]|1[0-2])[./]((?:19|20)\d\d)"
)
_EAST: Final = re.compile(r"(\d{1,4}|元)\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?")
# A month by its number, and a year alone; with two figures each (12/24) it may as well be a day.
_MONTH: Final = re.compile(
    r"(?P<month>\d{1,2})\s?[./\- ]\s?(?P<year>\d{4})\.?"
    r"|(?P<year_first>\d{4})\s?(?:[./\- ]|[年년])\s?(?P<month_last>\d{1,2})(?:\.|\s?[月월])?"
)
# What stands beside a month and its year, as in "diciembre del 2024"; no word that may say since or before.
_OF_A_YEAR: Final = frozenset(
    {"de", "del", "of", "roku", "m", "g", "г", "год", "года", "р", "року"}  # noqa: RUF001 - Russian, Ukrainian
)
_YEAR_ALONE: Final = re.compile(r"(\d{4})(?:\.|\s?[年년])?")
_ERAS: Final = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_WORDS: Final = re.compile(r"[^\W\d_]+(?:\.)?|\d+", re.UNICODE)
# What may stand beside day, month and year in words: weekdays are judged by length alone.
_MOST_WORDS: Final = 8
_SERIAL: Final = range(10_000, 80_000)
_EXCEL_ZERO: Final = dt.date(1899, 12, 30)
_BUDDHIST: Final = range(2_400, 2_750)
_TWO_DIGITS: Final = 100
_EXAMPLE: Final = dt.date(2024, 1, 31)
_MONTHS: Final = 12
_DAYS: Final = 31


def said(day: dt.date) -> str:
    """Return a day as the reader's language writes it, which `read` understands as well."""
    return saying.said(day)


def looks_like_a_day(text: str) -> bool:
    """Return whether a cell can be read as a day at all."""
    return order_of(text) != NONE


def is_none(cell: str) -> bool:
    """Return whether a cell says by noughts that there is no day: 0000-00-00, 0/0/00."""
    return bool(_NOUGHTS.fullmatch(_western(cell)))


def is_birthday(cell: str) -> bool:
    """Return whether a cell names a day without its year, as address books do: --04-12, 12.4., or of 1604.

    Nobody's age follows from it. RFC 6350, 4.3.1; 1604 is how Apple writes a year that is not known.
    """
    return bool(_BIRTHDAY.fullmatch(_western(cell)))


def year_alone(cell: str) -> int:
    """Return the year of a cell that says no more, or the month besides: 1985, 00.00.1985, 12/1985.

    0 where it does not.
    """
    found = _YEAR.fullmatch(_western(cell))
    return int(found[1] or found[2]) if found else 0


def read_until(cell: str, order: str, *, today: dt.date, field: str) -> dt.date:
    """Return the day a cell means until which something holds; raises Refusal as `read`.

    A month alone is held to its end, and so is a year: 12/2024, Dec 2024 and 2024 are all 31 December 2024.
    """
    span = span_of(cell, today)
    return span[1] if span else read(cell, order, today=today, field=field)


def read_from(cell: str, order: str, *, today: dt.date, field: str) -> dt.date:
    """Return the day a cell means from which something holds; raises Refusal as `read`.

    A month alone holds from its beginning, and so does a year: 2019 and 1/2019 are both 1 January 2019.
    """
    span = span_of(cell, today)
    return span[0] if span else read(cell, order, today=today, field=field)


def span_of(cell: str, today: dt.date) -> tuple[dt.date, dt.date] | None:
    """Return the first and the last day of the month or the year that a cell names and no more; None else."""
    text = _western(cell)
    first, last = 1, _MONTHS
    if found := _YEAR_ALONE.fullmatch(text):
        year = found[1]
    elif found := _MONTH.fullmatch(text):
        year = found["year"] or found["year_first"]
        first = last = int(found["month"] or found["month_last"])
    else:
        words = [word.rstrip(".").casefold() for word in _WORDS.findall(text)]
        said = [word for word in words if word not in _OF_A_YEAR]
        months = [_months()[word] for word in said if word in _months()]
        years = [word for word in said if word.isdigit() and len(word) == 4]  # noqa: PLR2004 - a year
        if len(said) != 2 or not months or not years:  # noqa: PLR2004 - month and year
            return None
        year, first, last = years[0], months[0], months[0]
    whole = _year(year, today)
    if not 1 <= first <= _MONTHS or not FIRST_DAY.year <= whole < LAST_DAY.year:
        return None
    return dt.date(whole, first, 1), dt.date(whole, last, calendar.monthrange(whole, last)[1])


def order_of(cell: str) -> str:
    """Return what a cell says of the order: 'dmy', 'mdy', 'ymd', 'either' (open), 'none' (no day)."""
    parts = _three(_western(cell))
    if parts is None:
        return YMD if _in_words(_western(cell)) else NONE
    first, second, third = parts
    if len(first) == 4:  # noqa: PLR2004 - a year
        return YMD
    one, two = int(first), int(second)
    if len(third) == 3 or not one or not two:  # noqa: PLR2004 - no year has three digits
        return NONE
    by_day = two <= _MONTHS and one <= _DAYS
    by_month = one <= _MONTHS and two <= _DAYS
    if by_day and by_month and one != two and not _DOTTED.search(_western(cell)):
        return EITHER
    if by_day and by_month:
        return YMD if one == two else DMY
    return DMY if by_day else MDY if by_month else NONE


def read(cell: str, order: str, *, today: dt.date, field: str) -> dt.date:
    """Return the day a cell means; raises Refusal with a sentence that repeats it.

    `order` is the column's, '' when it is not known yet: then a cell that leaves it open is refused.
    Two-figure years lie in the hundred years that end ten years from `today`.
    """
    text = _western(cell)
    try:
        day = _read(text, order, today)
    except ValueError:
        day = None
    if day is None:
        if order not in ORDERS and order_of(cell) == EITHER:
            sentence = _("“%(cell)s” can be read day first or month first; say which.")
            raise Refusal(sentence % {"cell": cell.strip()[:40]}, field=field, code="either-day")
        sentence = _("“%(cell)s” is no day; write it like %(example)s.")
        words = {"cell": cell.strip()[:40], "example": said(_EXAMPLE)}
        raise Refusal(sentence % words, field=field, code="no-day")
    if not FIRST_DAY <= day < LAST_DAY:
        sentence = _("“%(cell)s” lies outside the years 1800 to 2199; check the year.")
        raise Refusal(sentence % {"cell": cell.strip()[:40]}, field=field, code="no-day")
    return day


def _read(text: str, order: str, today: dt.date) -> dt.date | None:
    if text.isascii() and text.isdigit() and len(text) == 5 and int(text) in _SERIAL:  # noqa: PLR2004 - a sheet's day
        return _EXCEL_ZERO + dt.timedelta(days=int(text))
    parts = _three(text)
    if parts is None:
        found = _in_words(text)
        return dt.date(_year(found[0], today), found[1], found[2]) if found else None
    first, second, third = parts
    if len(first) == 4:  # noqa: PLR2004 - a year
        return dt.date(_year(first, today), int(second), int(third))
    settled = order_of(text)
    if order == YMD and len(third) <= 2 and settled in {EITHER, DMY, MDY, YMD}:  # noqa: PLR2004 - two figures
        return dt.date(_year(first, today), int(second), int(third))
    if settled == EITHER and order not in {DMY, MDY}:
        return None
    by_day = settled in {DMY, YMD} or (settled == EITHER and order == DMY)
    day, month = (first, second) if by_day else (second, first)
    return dt.date(_year(third, today), int(month), int(day))


def _year(text: str, today: dt.date) -> int:
    """Return a year: two figures in the hundred years around today, Buddhist ones brought over."""
    year = int(text)
    if len(text) <= 2:  # noqa: PLR2004 - two figures
        latest = today.year + 10
        year += latest - latest % _TWO_DIGITS
        return year if year <= latest else year - _TWO_DIGITS
    return year - 543 if year in _BUDDHIST else year


@functools.lru_cache(maxsize=16_384)
def _western(cell: str) -> str:
    """Return the cell with figures of any script as 0-9, without its time of day.

    Remembered: a list of a hundred thousand people holds a few thousand different days.
    """
    text = unicodedata.normalize("NFKC", cell)
    plain = "".join(
        str(unicodedata.digit(sign)) if sign.isdigit() and not sign.isascii() else sign for sign in text
    )
    return _CLOCK.sub("", " ".join(signs.without_unseen(plain).split())).strip(" ,")


def _three(text: str) -> tuple[str, str, str] | None:
    """Return the three numbers of a day written in figures, as they stand."""
    if found := _SIGNS.fullmatch(text):
        return found[1], found[2], found[3]
    if found := _PACKED.fullmatch(text):
        return found[1] + found[2], found[3], found[4]
    if found := _EAST.search(text):
        era = next((start for name, start in _ERAS.items() if text.startswith(name)), 0)
        year = 1 if found[1] == "元" else int(found[1])
        return f"{year + era:04d}", found[2], found[3]
    return None


def _in_words(text: str) -> tuple[str, int, int] | None:
    """Return year, month and day of '1. März 2024', 'March 1st, 2024', '2024. március 1.'."""
    words = [word.rstrip(".").casefold() for word in _WORDS.findall(text)]
    if not 3 <= len(words) <= _MOST_WORDS:  # noqa: PLR2004 - day, month, year
        return None
    months = [_months()[word] for word in words if word in _months()]
    numbers = [word for word in words if word.isdigit()]
    if len(months) != 1 or len(numbers) != 2:  # noqa: PLR2004 - day and year
        return None
    first, second = numbers
    year, day = (first, second) if len(first) > 2 else (second, first)  # noqa: PLR2004 - a year
    return (year, months[0], int(day)) if 1 <= int(day) <= _DAYS else None


@functools.cache
def _months() -> dict[str, int]:
    """Return the months by their names in many languages."""
    found: dict[str, set[int]] = {}
    for language in json.loads(_LANGUAGES.read_text(encoding="utf-8")):
        try:
            months = Locale(language).months
        except UnknownLocaleError:
            continue
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    for word in _WORDS.findall(unicodedata.normalize("NFKC", name)):
                        found.setdefault(word.rstrip(".").casefold(), set()).add(number)
    return {
        word: min(numbers)
        for word, numbers in found.items()
        if len(numbers) == 1 and not word.isdigit() and len(word) > 1
    }
