"""What is simulated: the months after the last headcount, to the demo's day, and moves between sections."""

import datetime as dt
from typing import Final

from groundswell.exchange.scenario.chance import chance
from groundswell.exchange.scenario.facts import Scenario, Unit
from groundswell.exchange.scenario.stays import Crossing, Window

TODAY: Final = dt.date(2024, 6, 15)
# Facts end the day before: the demo's clock stands at noon of `TODAY`.
LAST: Final = TODAY - dt.timedelta(days=1)
# After the last headcount a unit goes on at this part of the pace of its last four months.
CONTINUED: Final = 0.4
FASTEST_MONTH: Final = 0.035

# Moves between sections: from, to, day of acceptance. A move counts when the scenario has both sections.
_MOVES: Final = (
    ("PT", "GB", dt.date(2023, 4, 15)),
    ("MX", "US", dt.date(2023, 5, 20)),
    ("GB", "CA", dt.date(2023, 8, 26)),
    ("BR", "PT", dt.date(2023, 9, 16)),
    ("DE", "AT", dt.date(2023, 10, 7)),
    ("AT", "CH", dt.date(2023, 10, 14)),
    ("PK", "GB", dt.date(2023, 11, 11)),
    ("US", "CA", dt.date(2023, 11, 25)),
    ("IT", "CH", dt.date(2023, 12, 2)),
    ("ES", "DE", dt.date(2024, 1, 13)),
    ("FR", "BE", dt.date(2024, 3, 9)),
    ("GB", "IE", dt.date(2024, 4, 20)),
    ("SE", "DK", dt.date(2024, 5, 4)),
    ("CA", "US", dt.date(2024, 6, 8)),
)


def crossings(scenario: Scenario, code: str) -> tuple[Crossing, ...]:
    """Return the moves over the border of the unit `code`."""
    codes = {unit.code for unit in scenario.units}
    found = []
    for number, (source, target, day) in enumerate(_MOVES, 1):
        if code in (source, target) and {source, target} <= codes:
            found.append(Crossing(f"X{number:03d}", day, arrives=code == target))
    return tuple(found)


def windows(unit: Unit, days: tuple[dt.date, ...]) -> tuple[Window, ...]:
    """Return the spans between headcounts, then the simulated months."""
    counted = [
        Window(after, until, later - earlier)
        for after, until, earlier, later in zip(days, days[1:], unit.counts, unit.counts[1:], strict=False)
    ]
    return (*counted, *_simulated(unit, days))


def _simulated(unit: Unit, days: tuple[dt.date, ...]) -> list[Window]:
    rng = chance(unit.code, "continuation")
    back = max(0, len(days) - 4)
    months = (days[-1] - days[back]).days / 30.4
    then, now = max(unit.counts[back], 1), max(unit.counts[-1], 1)
    pace = min(max(((now / then) ** (1 / months) - 1) * CONTINUED, 0.0), FASTEST_MONTH)
    found = []
    after, exact = days[-1], float(unit.counts[-1])
    reached = unit.counts[-1]
    while after < LAST:
        until = min(_month_end(after + dt.timedelta(days=1)), LAST)
        exact *= 1 + pace * rng.uniform(0.5, 1.5) * (until - after).days / 30.4
        found.append(Window(after, until, round(exact) - reached))
        reached = round(exact)
        after = until
    return found


def _month_end(day: dt.date) -> dt.date:
    following = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return following - dt.timedelta(days=1)
