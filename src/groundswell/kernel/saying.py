"""Sentences of rules and actions: in whose language, and how it writes days (CLDR, by Babel)."""

import datetime as dt
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from django.conf import settings
from django.utils.translation import get_language


def spoken(locale: str) -> str:
    """Return the language of the house that is nearest to a person's or unit's locale."""
    language = locale.split("-", maxsplit=1)[0]
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


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
