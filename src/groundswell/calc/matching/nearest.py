"""The names nearest to what somebody wrote: for a sentence that asks which of them she meant."""

from collections.abc import Sequence
from typing import Final

from rapidfuzz import fuzz, process

# Of a hundred; below it two names are alike by chance.
_NEAR: Final = 75


def nearest(written: str, names: Sequence[str], *, most: int) -> list[str]:
    """Return the names that are most like what was written, the likeliest first; none where none is.

    Slips count, and so do words more or fewer: “group graz” is near “graz”. Both sides come folded.
    """
    found = process.extract(written, names, scorer=fuzz.WRatio, score_cutoff=_NEAR, limit=most)
    return [name for name, _score, _place in found]
