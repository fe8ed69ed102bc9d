"""Numbers in words, for a headline: English (British) and German, up to 999,999.

Pure: no Django, no clock. Another language is one more function in `_SPEAKERS`.
"""

from collections.abc import Callable
from typing import Final

LARGEST: Final = 999_999
_TEN: Final = 10
_TWENTY: Final = 20
_HUNDRED: Final = 100
_THOUSAND: Final = 1_000

_EN_SMALL: Final = (
    "nought",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_EN_TENS: Final = ("", "", *["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"])
_DE_SMALL: Final = (
    "null",
    "eins",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
    "dreizehn",
    "vierzehn",
    "fünfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
)
_DE_TENS: Final = (
    "",
    "",
    *["zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"],
)


def in_words(value: int, language: str) -> str | None:
    """Return 6030 as 'six thousand and thirty'; None for a language or a size the house cannot say."""
    speaker = _SPEAKERS.get(language.split("-", maxsplit=1)[0])
    return speaker(value) if speaker and 0 <= value <= LARGEST else None


def _english(value: int) -> str:
    thousands, rest = divmod(value, _THOUSAND)
    if not thousands:
        return _english_below_thousand(rest)
    head = f"{_english_below_thousand(thousands)} thousand"
    if not rest:
        return head
    joint = " and " if rest < _HUNDRED else " "
    return head + joint + _english_below_thousand(rest)


def _english_below_thousand(value: int) -> str:
    hundreds, rest = divmod(value, _HUNDRED)
    if not hundreds:
        return _english_below_hundred(rest)
    head = f"{_EN_SMALL[hundreds]} hundred"
    return f"{head} and {_english_below_hundred(rest)}" if rest else head


def _english_below_hundred(value: int) -> str:
    if value < _TWENTY:
        return _EN_SMALL[value]
    tens, ones = divmod(value, _TEN)
    return f"{_EN_TENS[tens]}-{_EN_SMALL[ones]}" if ones else _EN_TENS[tens]


def _german(value: int) -> str:
    thousands, rest = divmod(value, _THOUSAND)
    head = f"{_german_below_thousand(thousands, last=False)}tausend" if thousands else ""
    return head + (_german_below_thousand(rest, last=True) if rest or not head else "")


def _german_below_thousand(value: int, *, last: bool) -> str:
    hundreds, rest = divmod(value, _HUNDRED)
    head = f"{_german_one(hundreds)}hundert" if hundreds else ""
    if not rest and head:
        return head
    return head + _german_below_hundred(rest, last=last)


def _german_below_hundred(value: int, *, last: bool) -> str:
    if value == 1 and not last:
        return "ein"
    if value < _TWENTY:
        return _DE_SMALL[value]
    tens, ones = divmod(value, _TEN)
    return f"{_german_one(ones)}und{_DE_TENS[tens]}" if ones else _DE_TENS[tens]


def _german_one(value: int) -> str:
    return "ein" if value == 1 else _DE_SMALL[value]


_SPEAKERS: Final[dict[str, Callable[[int], str]]] = {"en": _english, "de": _german}
