"""Slips of whoever types a name: how many lie between what was typed and what is written."""

from collections.abc import Sequence
from typing import Final

from rapidfuzz.distance import OSA

# One slip is forgiven in a word, two in a long one; in two letters none.
_TOO_SHORT: Final = 2
_LONG: Final = 8


def slips_between(typed: str, word: str) -> int | None:
    """Return how many slips lie between what was typed and a word; None for more than are forgiven.

    A slip is a letter too few, too many or wrong, or two exchanged; two are forgiven from eight letters on.
    """
    most = 2 if len(typed) >= _LONG else int(len(typed) > _TOO_SHORT)
    slips = int(OSA.distance(typed, word, score_cutoff=most))
    return slips if slips <= most else None


def slips_in(typed: Sequence[str], words: Sequence[str]) -> int | None:
    """Return how many slips these words have if a name's are meant by them; None where one is not."""
    slips = 0
    for one in typed:
        near = [found for word in words if (found := slips_between(one, word)) is not None]
        if not near and not any(word.startswith(one) for word in words):
            return None
        slips += min(near, default=0)
    return slips
