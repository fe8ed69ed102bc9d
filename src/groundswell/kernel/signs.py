"""Signs that nobody sees: which of them a name needs, which say nothing, which deceive.

A sign without ink makes two names that read alike two different ones, so a name keeps none of them, except
where an orthography needs it, much as names of the internet do (RFC 5892, appendix A): a joiner or non-joiner
beside a virama (Indic scripts) or between Arabic letters (Persian, Urdu, Kurdish), a joiner between two
pictures, the vowel separator within Mongolian. Lists from telephones bring many of the others along.

A name that holds a sign which turns the writing round (U+202D, U+202E) shows other letters than it has, and
nobody writes it without meaning to: it is refused. Free text stays as it was typed.
"""

import re
import unicodedata
from typing import Final

# Formats, fillers and marks without ink: Unicode's default ignorable code points, without those that choose
# the form of the sign before them (variation selectors: names in Japan and Mongolia have them).
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202c\u2060-\u206f\u3164\ufeff"
    "\uffa0\ufff0-\ufffb\U000e0000-\U000e00ff]+"
)
_TURNING: Final = frozenset("\u202d\u202e")
_NON_JOINER, _JOINER, _MONGOLIAN_SEPARATOR = "\u200c", "\u200d", "\u180e"
_VIRAMA: Final = 9  # the canonical combining class of Unicode
# Controls (Cc) and surrogates (Cs): Unicode adds none to either.
_UNHOLDABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def without_unseen(text: str) -> str:
    """Return a text without the signs that nobody sees and that it does not need."""
    if text.isascii():
        return text
    return _UNSEEN.sub(lambda found: _needed(found[0], text[: found.start()], text[found.end() :]), text)


def turns_round(text: str) -> bool:
    """Return whether a text shows other letters than it has."""
    return not _TURNING.isdisjoint(text)


def holds_unwritable(text: str, *, but: frozenset[str] = frozenset()) -> bool:
    """Return whether a text holds controls or half characters, which no table keeps; `but` some controls."""
    return any(sign not in but for sign in _UNHOLDABLE.findall(text))


def holds_letter(text: str) -> bool:
    """Return whether a text holds a letter of any script."""
    return any(unicodedata.category(sign).startswith("L") for sign in text)


def _needed(unseen: str, before: str, after: str) -> str:
    """Return the first of these signs that is needed between what stands around them, or nothing."""
    left, right = before[-1:], after[:1]
    letter = before.rstrip("".join({sign for sign in before if unicodedata.category(sign) == "Mn"}))[-1:]
    for sign in unseen:
        if sign in {_NON_JOINER, _JOINER}:
            beside_virama = _is_virama(left) or _is_virama(right)
            of_pictures = sign == _JOINER and _is_picture(left) and _is_picture(right)
            if beside_virama or of_pictures or (_is_arabic(letter) and _is_arabic(right)):
                return sign
        elif sign == _MONGOLIAN_SEPARATOR and _is_mongolian(left) and _is_mongolian(right):
            return sign
    return ""


def _is_virama(sign: str) -> bool:
    return bool(sign) and unicodedata.combining(sign) == _VIRAMA


def _is_arabic(sign: str) -> bool:
    return bool(sign) and unicodedata.bidirectional(sign) == "AL"


def _is_mongolian(sign: str) -> bool:
    return "\u1820" <= sign <= "\u18aa"


def _is_picture(sign: str) -> bool:
    """Return whether a sign is a picture, or says how the one before it looks."""
    return bool(sign) and (sign == "\ufe0f" or unicodedata.category(sign) in {"So", "Sk"})
