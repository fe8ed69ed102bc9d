"""Who holds which office, and which of them sign in to the demo."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from groundswell.exchange.scenario.chance import chance, recorded
from groundswell.exchange.scenario.continuation import LAST
from groundswell.exchange.scenario.facts import INTERNATIONAL
from groundswell.exchange.scenario.planned import (
    AccountPlan,
    MandatePlan,
    MembershipPlan,
    PersonPlan,
    UnitPlan,
)

# Offices of the whole, and the sections their holders come from.
_INTERNATIONAL_OFFICES: Final = (
    ("secretary", "GB"),
    ("treasurer", "CH"),
    ("dpo", "AT"),
    ("auditor", "SE"),
    ("auditor", "CA"),
)
_CONGRESS: Final = dt.date(2021, 7, 25)
# So many branches had another organiser before, where someone stood long enough.
_PREDECESSORS: Final = 0.4
_DEMO_MEMBER: Final = "member"
# The demo's sign-ins: office and unit. The last is a member without an office.
_SIGN_INS: Final = (
    ("secretary", INTERNATIONAL),
    ("treasurer", INTERNATIONAL),
    ("dpo", INTERNATIONAL),
    ("auditor", INTERNATIONAL),
    ("secretary", "GB"),
    ("treasurer", "GB"),
    ("dpo", "GB"),
    ("auditor", "GB"),
    ("secretary", "IT"),
    ("secretary", "IE"),
    ("secretary", "CH"),
    ("organiser", "GB-LONDON-CENTRAL"),
)


@dataclass(frozen=True, slots=True)
class _Holder:
    """One who may hold an office: a home member of a branch who stays to the end."""

    person: str
    since: dt.date


def mandates(units: tuple[UnitPlan, ...], memberships: tuple[MembershipPlan, ...]) -> tuple[MandatePlan, ...]:
    """Return the mandates: an organiser a branch, two officers a group, four a section, the whole's own.

    Holders are the longest-standing members who are still there on the demo's day; nobody holds two
    offices.
    """
    pools = _pools(memberships)
    found: list[MandatePlan] = []
    for unit in units:
        if unit.kind == "branch" and pools[unit.code]:
            found += _organisers(unit, pools[unit.code])
    for unit in units:
        if unit.kind in ("section", "group"):
            pool = _largest(units, unit.code, pools)
            found += [
                _mandate(pool.pop(0), unit, office, unit.founded_on)
                for office in ("secretary", "treasurer")
                if pool
            ]
    whole = units[0]
    for office, section in _INTERNATIONAL_OFFICES:
        pool = _largest(units, section, pools)
        if pool:
            found.append(_mandate(pool.pop(0), whole, office, _CONGRESS))
    # Names stop at the section, so each has somebody of its own who answers for its members' data, and
    # somebody who looks at records drawn by lot.
    for office in ("dpo", "auditor"):
        for unit in units:
            pool = _largest(units, unit.code, pools)
            if unit.kind == "section" and pool:
                found.append(_mandate(pool.pop(0), unit, office, max(unit.founded_on, _CONGRESS)))
    return tuple(found)


def accounts(
    held: tuple[MandatePlan, ...], persons: tuple[PersonPlan, ...], memberships: tuple[MembershipPlan, ...]
) -> tuple[AccountPlan, ...]:
    """Return the demo's sign-ins: holders of some offices, and a member without one, who still is one."""
    found = []
    for office, unit in _SIGN_INS:
        holder = next((m for m in held if (m.office, m.unit, m.until) == (office, unit, None)), None)
        if holder:
            found.append(AccountPlan(holder.person, office, unit, f"{office}.{unit.lower()}@example.org"))
    officers = {mandate.person for mandate in held}
    branch = _SIGN_INS[-1][1]
    members = {m.person for m in memberships if m.unit == branch and m.home and m.until is None}
    plain = next((p for p in persons if p.key in members - officers), None)
    if plain:
        found.append(
            AccountPlan(plain.key, _DEMO_MEMBER, branch, f"{_DEMO_MEMBER}.{branch.lower()}@example.org")
        )
    return tuple(found)


def _pools(memberships: tuple[MembershipPlan, ...]) -> defaultdict[str, list[_Holder]]:
    pools: defaultdict[str, list[_Holder]] = defaultdict(list)
    rows = [m for m in memberships if m.home and m.until is None and m.entry == "entry"]
    for one in sorted(rows, key=lambda m: (m.since, m.person)):
        pools[one.unit].append(_Holder(one.person, one.since))
    return pools


def _largest(
    units: tuple[UnitPlan, ...], section: str, pools: defaultdict[str, list[_Holder]]
) -> list[_Holder]:
    branches = [u.code for u in units if u.section == section and u.kind == "branch"]
    return max((pools[code] for code in branches), key=len, default=[])


def _organisers(branch: UnitPlan, pool: list[_Holder]) -> list[MandatePlan]:
    """Return the branch's organiser since its last general meeting, and sometimes the one before."""
    rng = chance(branch.code, "organiser")
    meeting = dt.date(2022, 9, 3) + dt.timedelta(days=rng.randrange(200))
    now = _mandate(pool.pop(0), branch, "organiser", max(meeting, branch.founded_on))
    if rng.random() < _PREDECESSORS and pool and pool[0].since < now.since - dt.timedelta(days=300):
        before = _mandate(pool.pop(0), branch, "organiser", now.since - dt.timedelta(days=365))
        return [_ended(before, now.since), now]
    return [now]


def _mandate(holder: _Holder, unit: UnitPlan, office: str, day: dt.date) -> MandatePlan:
    # Elected on the day, or a few weeks after she joined where she joined later; never after the plan's end.
    since = min(max(day, holder.since + dt.timedelta(days=21)), LAST)
    rng = chance(unit.code, office, holder.person)
    latest = min(since + dt.timedelta(days=3), LAST)
    return MandatePlan(holder.person, unit.code, office, since, None, recorded(since, latest, rng))


def _ended(mandate: MandatePlan, until: dt.date) -> MandatePlan:
    return MandatePlan(
        mandate.person, mandate.unit, mandate.office, mandate.since, until, mandate.recorded_at, mandate.body
    )
