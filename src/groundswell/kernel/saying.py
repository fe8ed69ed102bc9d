"""Days in the sentences of rules and actions, as the reader's language writes them (CLDR, by Babel)."""

import datetime as dt
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from django.utils.translation import get_language


@cache
def locale_of(language: str) -> Locale:
    """Return the CLDR locale of a language code; English where CLDR has none."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def dated(language: str) -> Locale:
    """Return the locale by which days are written: the house writes British English, the day first."""
    locale = locale_of(language)
    return Locale("en", "GB") if locale.language == "en" and locale.territory is None else locale


@lru_cache(maxsize=2048)
def day(value: dt.date, language: str) -> str:
    """Return a day in full: '31 January 2024'."""
    return format_date(value, format="long", locale=dated(language))


def said(value: dt.date) -> str:
    """Return a day in full, in the language of whoever reads the sentence."""
    return day(value, get_language() or "en")
