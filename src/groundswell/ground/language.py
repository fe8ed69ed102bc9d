"""The language in which a command speaks: that of its terminal, without Django (decision 0780).

The words stand in the one catalogue of the house, which Django's own `gettext` reads for the pages. English
is what is written in the sources, so that who reads English waits for no catalogue.
"""

import contextlib
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from gettext import NullTranslations, bindtextdomain, textdomain, translation
from pathlib import Path
from typing import Final

ENGLISH: Final = "en"
LOCALE: Final = Path(__file__).resolve().parent.parent / "locale"
DOMAIN: Final = "django"
_LOCALE_NAMES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
_LANGUAGE: Final = re.compile(r"([a-z]{2,3})(?:[_.@].*)?", re.ASCII | re.DOTALL)

_spoken = ENGLISH


def wanted(environ: Mapping[str, str]) -> str:
    """Return the language that a terminal asks for, as other programs read it; English where we lack it.

    LANGUAGE names several, the dearest first, and counts only beside a locale that is one of people.
    """
    said = next(filter(None, (environ.get(name) for name in _LOCALE_NAMES)), "")
    if _code(said) is None:
        return ENGLISH
    for one in (*environ.get("LANGUAGE", "").split(":"), said):
        code = _code(one)
        if code is not None and (code == ENGLISH or _catalogue(code).exists()):
            return code
    return ENGLISH


def speak(language: str) -> None:
    """Let whatever is said from now on be said in this language, and by Python's own library too."""
    global _spoken  # noqa: PLW0603 - a process has one terminal
    if language != _spoken:
        # How argparse finds its words: in the catalogue of the program that it serves.
        bindtextdomain(DOMAIN, str(LOCALE))
        textdomain("messages" if language == ENGLISH else DOMAIN)
    _spoken = language


def spoken() -> str:
    """Return the code of the language that is spoken."""
    return _spoken


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak another language for as long as the block lasts."""
    before = _spoken
    speak(language)
    try:
        yield
    finally:
        speak(before)


def gettext(message: str) -> str:
    """Return a sentence in the language that is spoken."""
    return message if _spoken == ENGLISH else _words(_spoken).gettext(message)


def ngettext(one: str, several: str, number: int) -> str:
    """Return one of two sentences, as the number has it in the language that is spoken."""
    if _spoken == ENGLISH:
        return one if number == 1 else several
    return _words(_spoken).ngettext(one, several, number)


def gettext_noop(message: str) -> str:
    """Mark a sentence that is translated where it is said; return it as it is."""
    return message


def of_machine(problem: OSError) -> str:
    """Return what the machine says of a file or an address that it refuses."""
    return gettext(problem.strerror or str(problem))


@cache
def _words(language: str) -> NullTranslations:
    return translation(DOMAIN, str(LOCALE), [language], fallback=True)


def _catalogue(code: str) -> Path:
    return LOCALE / code / "LC_MESSAGES" / f"{DOMAIN}.mo"


def _code(locale: str) -> str | None:
    """Return the language of a locale's name, None for C, POSIX and what is no name."""
    found = _LANGUAGE.fullmatch(locale)
    return found[1] if found else None


def of_environment() -> str:
    """Return the language that this process's own environment asks for."""
    return wanted(os.environ)
