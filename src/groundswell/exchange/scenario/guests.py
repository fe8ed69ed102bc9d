"""Guests: members who for a while also take part in another branch, where they do not count."""

import datetime as dt
import itertools
from typing import Final

from groundswell.exchange.scenario.chance import chance, recorded
from groundswell.exchange.scenario.planned import MembershipPlan, UnitPlan

# Home section, section visited, first day, and the first day after the visit (None: still a guest).
_VISITS: Final = (
    ("GB", "GB", dt.date(2023, 9, 18), dt.date(2024, 6, 1)),
    ("GB", "GB", dt.date(2023, 10, 2), None),
    ("IT", "IT", dt.date(2023, 10, 9), None),
    ("CA", "CA", dt.date(2023, 9, 5), dt.date(2024, 4, 27)),
    ("US", "US", dt.date(2023, 8, 28), None),
    ("CH", "CH", dt.date(2023, 9, 18), None),
    ("DE", "AT", dt.date(2023, 10, 16), dt.date(2024, 2, 10)),
    ("ES", "GB", dt.date(2023, 9, 25), None),
    ("FR", "BE", dt.date(2023, 11, 6), None),
    ("BR", "US", dt.date(2024, 2, 5), None),
    ("PK", "PK", dt.date(2023, 11, 13), None),
)


def guests(
    units: tuple[UnitPlan, ...], memberships: tuple[MembershipPlan, ...]
) -> tuple[MembershipPlan, ...]:
    """Return the visits of those who are home members of one branch from before to after the visit."""
    sections = {unit.code: unit.section for unit in units}
    founded = {unit.code: unit.founded_on for unit in units}
    homes = {code: len(list(rows)) for code, rows in itertools.groupby(sorted(m.person for m in memberships))}
    steady = [m for m in memberships if m.until is None and homes[m.person] == 1]
    taken: set[str] = set()
    found = []
    for number, (home, visited, since, until) in enumerate(_VISITS):
        rng = chance("guest", str(number))
        ready = [
            m
            for m in steady
            if sections[m.unit] == home and m.since < since - dt.timedelta(days=90) and m.person not in taken
        ]
        if not ready:
            continue
        guest = rng.choice(ready)
        branches = [
            unit.code
            for unit in units
            if unit.kind == "branch" and unit.section == visited and founded[unit.code] < since
        ]
        branches = [code for code in branches if code != guest.unit]
        if branches:
            taken.add(guest.person)
            found.append(_visit(guest.person, rng.choice(branches), since, until, number))
    return tuple(found)


def _visit(person: str, unit: str, since: dt.date, until: dt.date | None, number: int) -> MembershipPlan:
    rng = chance("visit", str(number))
    return MembershipPlan(
        person=person,
        unit=unit,
        since=since,
        until=until,
        recorded_at=recorded(since, since + dt.timedelta(days=3), rng),
        ended_at=recorded(until, until + dt.timedelta(days=3), rng) if until else None,
        exit="exit" if until else None,
        home=False,
    )
