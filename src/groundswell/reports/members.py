"""How many members each unit has by itself: what the pages of units ask."""

import datetime as dt
from collections.abc import Mapping, Sequence

from groundswell.reports.figures import stock


def members_in(units: Sequence[int], on: dt.date) -> Mapping[int, int]:
    """Return the members of each unit by itself at the end of a day; refused outside one's reach."""
    return stock(list(units), on, None) if units else {}
