"""The first and the last day that records can mean, for whoever reads days without a database beneath."""

import datetime as dt
from typing import Final

# Half-open like every period: the first, and the one after the last.
FIRST_DAY: Final = dt.date(1800, 1, 1)
LAST_DAY: Final = dt.date(2200, 1, 1)
