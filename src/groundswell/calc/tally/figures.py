"""Numbers in files of votes: read exactly, refused by a sentence."""

import re
from fractions import Fraction
from typing import Final

from groundswell.calc.errors import InputError
from groundswell.calc.tally.ballots import Number
from groundswell.calc.tally.reading import shown

MOST_DIGITS: Final = 18
_WEIGHT: Final = re.compile(r"(?:\d+|\d*\.\d+|\d+/\d+)\Z", re.ASCII)


def read_count(word: str, what: str, line: int) -> int:
    """Read a whole number of at least 1. Raises `InputError`."""
    if not (word.isascii() and word.isdigit()):
        raise InputError(f"{shown(word)} is no number; here stands {what}.", line)
    if len(word) > MOST_DIGITS:
        raise InputError(f"{what} has {len(word)} digits; at most {MOST_DIGITS} make sense.", line)
    if int(word) < 1:
        raise InputError(f"{what} must be at least 1.", line)
    return int(word)


def read_weight(word: str, line: int) -> Number:
    """Read the weight of a ballot: 3, 1.5 or 1/3, above 0. A whole one is an `int`. Raises `InputError`."""
    if len(word) <= MOST_DIGITS and word.isascii() and word.isdigit() and word.strip("0"):
        return int(word)
    if sum(sign.isdigit() for sign in word) > MOST_DIGITS:
        raise InputError(f"the weight has {len(word)} digits; at most {MOST_DIGITS} make sense.", line)
    if not _WEIGHT.match(word):
        raise InputError(f"{shown(word)} is no weight of a ballot (such as 3, 1.5 or 1/3).", line)
    above, _, below = word.partition("/")
    if below and int(below) == 0:
        raise InputError(f"the weight {shown(word)} divides by 0.", line)
    weight = Fraction(above) / int(below or 1)
    if weight == 0:
        raise InputError("the weight of the ballot is 0; a weight is above 0.", line)
    return weight.numerator if weight.denominator == 1 else weight
