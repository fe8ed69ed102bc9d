"""Figures, days and moments as a person reads them in a language.

Pure functions: the language is always passed in. Thousands are grouped by the language's custom, with
a narrow no-break space as the sign; days and decimal signs come from CLDR (Babel). Signed figures come
in `<bdi>`, so that the sign stays at its figure in a right-to-left sentence.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal, get_decimal_symbol
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from groundswell.kernel import saying
from groundswell.kernel.saying import dated
from groundswell.kernel.saying import locale_of as locale_of  # noqa: PLC0414 - whoever writes figures asks for it here
from groundswell.web import words

NARROW: Final = "\u202f"
MINUS: Final = "\u2212"
NONE: Final = "\u2013"
# Languages whose custom is to leave four digits ungrouped (CLDR: minimumGroupingDigits 2).
_FOUR_DIGITS_TOGETHER: Final = frozenset({"es", "pl", "pt", "it", "hu", "bg", "ka"})
_UNGROUPED_BELOW: Final = 10_000


@lru_cache(maxsize=8192)
def number(value: int | Decimal, language: str) -> SafeString:
    """Return a number with its digits grouped: 6030 -> '6 030' (narrow no-break space).

    It comes escaped, so that no page looks in it again for what must be.
    """
    locale = locale_of(language)
    size: int | Decimal = -value if value < 0 else value
    if locale.language in _FOUR_DIGITS_TOGETHER and size < _UNGROUPED_BELOW:
        text = format_decimal(size, locale=locale, group_separator=False)
    else:
        text = _grouped(size, locale)
    return escape(f"{MINUS}{text}" if value < 0 else text)


def _grouped(value: int | Decimal, locale: Locale) -> str:
    decimal = get_decimal_symbol(locale)
    whole, sign, rest = format_decimal(value, locale=locale).partition(decimal)
    return "".join(c if c.isdigit() else NARROW for c in whole) + sign + rest


def plain_signed(value: int, language: str) -> str:
    """Return a number with its sign, + included: 1700 -> '+1 700'; 0 has none."""
    return f"+{number(value, language)}" if value > 0 else number(value, language)


@lru_cache(maxsize=8192)
def signed(value: int, language: str) -> SafeString:
    """Return `plain_signed` in `<bdi>`."""
    return format_html("<bdi>{}</bdi>", plain_signed(value, language))


def growth_per_cent(members: int, previous: int) -> int | None:
    """Return whole per cent of growth, half away from zero; None when there was nothing before."""
    if previous == 0:
        return None
    return rounded(Fraction(100 * (members - previous), previous))


def share_per_cent(part: int, whole: int) -> int | None:
    """Return whole per cent that `part` is of `whole`, half away from zero; None of nothing."""
    return None if whole == 0 else rounded(Fraction(100 * part, whole))


def rounded(value: Fraction) -> int:
    """Return the nearest whole number, half away from zero."""
    doubled = abs(value) * 2 + 1
    whole = doubled.numerator // doubled.denominator // 2
    return whole if value >= 0 else -whole


def per_cent(value: int | Decimal, language: str) -> str:
    """Return a share as '8 %', the sign by the language's custom and a narrow space before it."""
    locale = locale_of(language)
    shown = number(value, language)
    pattern = locale.percent_formats[None].pattern
    if pattern.startswith("%"):
        return f"%{NARROW if pattern[1:2].isspace() else ''}{shown}"
    return f"{shown}{NARROW}%"


def signed_per_cent(value: int, language: str) -> SafeString:
    """Return growth as '+44 %' in `<bdi>`."""
    plus = "+" if value > 0 else ""
    return format_html("<bdi>{}{}</bdi>", plus, per_cent(value, language))


def in_words(value: int, language: str) -> str:
    """Return a number in words where the house can (English, German), in figures elsewhere."""
    return words.in_words(value, language) or number(value, language)


def capitalised(text: str) -> str:
    """Return the text with its first letter large, the rest as it was."""
    return text[:1].upper() + text[1:]


def day(value: dt.date, language: str) -> str:
    """Return a day in full: '31 January 2024'."""
    return saying.day(value, language)


def kept_day(value: dt.date, language: str) -> str:
    """Return a day in full that no line end breaks between its day and its month."""
    return day(value, language).replace(" ", "\u00a0", 1)


@lru_cache(maxsize=2048)
def short_day(value: dt.date, language: str) -> str:
    """Return a day in short: '9 Oct 2023'."""
    return format_date(value, format="medium", locale=dated(language))


def day_and_month(value: dt.date, language: str) -> str:
    """Return a day within a year that the reader knows: '9 Oct'."""
    return _skeleton("MMMd", value, language)


def long_day_and_month(value: dt.date, language: str) -> str:
    """Return a day within a year that the reader knows, in full: '9 October'."""
    return _skeleton("MMMMd", value, language)


def month(value: dt.date, language: str) -> str:
    """Return a month with its year: 'January 2024'."""
    return _skeleton("yMMMM", value, language)


@lru_cache(maxsize=2048)
def short_month(value: dt.date, language: str) -> str:
    """Return a month's short name: 'Oct'."""
    return format_date(value, format="LLL", locale=dated(language))


def moment(value: dt.datetime, language: str) -> str:
    """Return a moment with its time zone, always said: '31 January 2024, 23:59 UTC'."""
    utc = value.astimezone(dt.UTC)
    return f"{day(utc.date(), language)}, {format_datetime(utc, 'HH:mm', locale=dated(language))} UTC"


@lru_cache(maxsize=2048)
def _skeleton(skeleton: str, value: dt.date, language: str) -> str:
    locale = dated(language)
    pattern = locale.datetime_skeletons[skeleton].pattern
    return format_date(value, format=pattern, locale=locale)


def listed(parts: Sequence[str], language: str, *, either: bool = False) -> str:
    """Return a list in words: 'sixteen sections and nine groups'; 'Wien or Graz' where it is one of them."""
    if not parts:
        return ""
    return str(format_list(list(parts), style="or" if either else "standard", locale=dated(language)))


def country(code: str, language: str) -> str:
    """Return the name of a country by its ISO 3166 code: 'CH' -> 'Switzerland'; the code where unknown."""
    return str(locale_of(language).territories.get(code, code))


def tenths(value: int, language: str) -> str:
    """Return a number of tenths with its decimal where it has one: 63 -> '6.3', 120 -> '12'."""
    whole, rest = divmod(value, 10)
    decimal = get_decimal_symbol(locale_of(language))
    return number(whole, language) + (f"{decimal}{rest}" if rest else "")
