"""On which days people join: uneven inside a month, as campaigns, terms and holidays make it."""

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from typing import Final

# Monday to Sunday: stalls and meetings on Saturdays and mid-week.
_WEEKDAYS: Final = (0.9, 1.0, 1.1, 1.15, 0.9, 1.25, 0.7)
_HOLIDAYS: Final = ((12, 24), (12, 25), (12, 26), (12, 31), (1, 1))
_HOLIDAY_PACE: Final = 0.25
# Weeks in which a section recruits harder, [from, until): its year has a shape of its own.
_PUSHES: Final[Mapping[str, tuple[tuple[dt.date, dt.date, float], ...]]] = {
    "GB": ((dt.date(2023, 12, 12), dt.date(2023, 12, 20), 2.6),),
    "US": ((dt.date(2023, 11, 13), dt.date(2023, 11, 27), 1.8),),
    "CA": ((dt.date(2023, 9, 11), dt.date(2023, 9, 25), 1.8),),
    "CH": ((dt.date(2024, 1, 15), dt.date(2024, 1, 25), 1.7),),
}


def days_between(after: dt.date, until: dt.date) -> list[dt.date]:
    """Return the days of `(after, until]`."""
    return [after + dt.timedelta(days=step) for step in range(1, (until - after).days + 1)]


def join_days(code: str, days: Sequence[dt.date], number: int, rng: random.Random) -> list[dt.date]:
    """Return `number` of `days` on which members of the unit `code` join, in their order."""
    waves: dict[tuple[int, int], float] = {}
    weights = []
    for day in days:
        week = day.isocalendar()[:2]
        wave = waves.setdefault(week, rng.uniform(0.6, 1.4))
        weights.append(wave * _WEEKDAYS[day.weekday()] * _push(code, day))
    return sorted(rng.choices(days, weights, k=number))


def _push(code: str, day: dt.date) -> float:
    pace = _HOLIDAY_PACE if (day.month, day.day) in _HOLIDAYS else 1.0
    for start, end, force in _PUSHES.get(code, ()):
        if start <= day < end:
            pace *= force
    return pace
