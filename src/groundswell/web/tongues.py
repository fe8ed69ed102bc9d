"""Languages as people write them: named in English, in another or in their own, or by code (CLDR)."""

import re
from functools import cache
from typing import Final

from babel import Locale
from babel.core import UnknownLocaleError
from django.utils.translation import get_language

from groundswell.web import figures

_OWN_NAMES: Final = ("de", "fr", "it", "es", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "hu", "ru", "tr")
# A code of ISO 639, and one with the country or the script it is written in.
_CODE: Final = re.compile(r"[a-z]{2,3}", re.ASCII)
_LONG_CODE: Final = re.compile(r"([a-z]{2,3})(-[a-z0-9]{1,8}){1,2}", re.ASCII)


def code_of(word: str, locale: str) -> str | None:
    """Return the code that a word means, also one in the language of `locale`; None where it means none."""
    said = word.casefold()
    code = re.split(r"[-_]", said)[0]
    if code in _codes() and _CODE.fullmatch(code):
        return code
    return _names(locale.split("-", maxsplit=1)[0] or "en").get(said)


def typed(word: str) -> str | None:
    """Return the code that somebody means who fills in a form: also one with a country, which is kept."""
    found = _LONG_CODE.fullmatch(word.casefold())
    if found is not None and found[1] in _codes():
        return word
    return code_of(word, get_language() or "en")


def named(code: str) -> str:
    """Return what a language is called in the reader's own; a code that says more than that as it is."""
    known = code in _codes() and _CODE.fullmatch(code)
    reader = figures.locale_of(get_language() or "en")
    return (reader.languages.get(code) or code) if known else code


@cache
def _codes() -> frozenset[str]:
    return frozenset(_names("en").values())


@cache
def _names(locale: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for tongue in ("en", *sorted({locale, *_OWN_NAMES} - {"en"})):
        try:
            spoken = Locale(tongue)
        except (UnknownLocaleError, ValueError):
            continue
        found |= {str(name).casefold(): code for code, name in spoken.languages.items() if "_" not in code}
        found[(spoken.get_language_name(tongue) or tongue).casefold()] = tongue
    return found
