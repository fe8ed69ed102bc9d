"""Numbers in files of votes: read exactly, refused by a sentence."""

import re
from fractions import Fraction
from typing import Final

from groundswell.calc.errors import InputError, Words
from groundswell.calc.tally.ballots import Number
from groundswell.calc.tally.reading import shown

MOST_DIGITS: Final = 18
_WEIGHT: Final = re.compile(r"(?:\d+|\d*\.\d+|\d+/\d+)\Z", re.ASCII)


def read_count(word: str, what: Words, line: int) -> int:
    """Read a whole number of at least 1. Raises `InputError`."""
    if not (word.isascii() and word.isdigit()):
        raise InputError("%(found)s is no number; here stands %(what)s.", line, found=shown(word), what=what)
    if len(word) > MOST_DIGITS:
        raise InputError(
            "%(what)s has %(digits)s digits; at most %(most)s make sense.",
            line,
            what=what,
            digits=len(word),
            most=MOST_DIGITS,
        )
    if int(word) < 1:
        raise InputError("%(what)s must be at least 1.", line, what=what)
    return int(word)


def read_weight(word: str, line: int) -> Number:
    """Read the weight of a ballot: 3, 1.5 or 1/3, above 0. A whole one is an `int`. Raises `InputError`."""
    if len(word) <= MOST_DIGITS and word.isascii() and word.isdigit() and word.strip("0"):
        return int(word)
    if sum(sign.isdigit() for sign in word) > MOST_DIGITS:
        raise InputError(
            "the weight has %(digits)s digits; at most %(most)s make sense.",
            line,
            digits=len(word),
            most=MOST_DIGITS,
        )
    if not _WEIGHT.match(word):
        raise InputError(
            "%(found)s is no weight of a ballot (such as 3, 1.5 or 1/3).", line, found=shown(word)
        )
    above, _, below = word.partition("/")
    if below and int(below) == 0:
        raise InputError("the weight %(found)s divides by 0.", line, found=shown(word))
    weight = Fraction(above) / int(below or 1)
    if weight == 0:
        raise InputError("the weight of the ballot is 0; a weight is above 0.", line)
    return weight.numerator if weight.denominator == 1 else weight
