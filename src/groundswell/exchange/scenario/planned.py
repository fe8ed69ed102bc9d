"""What the plan is made of: dated facts, frozen, ready for the actions' bulk forms.

Days are days of the unit's own calendar, intervals half-open (`until` is the first day it no longer
holds); moments of recording are in UTC, organisation time.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from groundswell.exchange.scenario.facts import Decision, PromotionRule, Target


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A unit as it was founded; `HappeningPlan`s change it. `parent` and `section` are codes."""

    code: str
    parent: str | None
    section: str | None
    kind: str
    names: Mapping[str, str]
    country: str
    town: str
    latitude: float | None
    longitude: float | None
    locale: str
    languages: tuple[str, ...]
    currency: str
    time_zone: str
    illustrative: bool
    founded_on: dt.date
    recorded_at: dt.datetime


@dataclass(frozen=True, slots=True)
class HappeningPlan:
    """Something that happens to a unit: 'renamed', 'founded anew', 'promoted' or 'announced'.

    `names` for a new name, `kind` for a promotion, `text` (English) for an announcement.
    """

    code: str
    what: str
    on: dt.date
    recorded_at: dt.datetime
    names: Mapping[str, str] | None = None
    kind: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """A synthetic person. `key` is the plan's own name for her; `unit` the branch she belongs to last."""

    key: str
    unit: str
    name: str
    sort_key: str
    call_name: str
    locale: str
    languages: tuple[str, ...]
    email: str
    phone: str | None
    recorded_at: dt.datetime


@dataclass(frozen=True, slots=True)
class MembershipPlan:
    """A person in a unit, `[since, until)`; `entry` is 'entry' or 'move_in', `exit` 'exit' or 'move_out'.

    The two ends of a transfer share `transfer_out` and `transfer_in`. A guest's has `home` False.
    """

    person: str
    unit: str
    since: dt.date
    until: dt.date | None
    recorded_at: dt.datetime
    ended_at: dt.datetime | None
    entry: str = "entry"
    exit: str | None = None
    home: bool = True
    kind: str = "member"
    transfer_in: str | None = None
    transfer_out: str | None = None


@dataclass(frozen=True, slots=True)
class MandatePlan:
    """An office a person holds for a unit; `body` names the committee she was elected to, if any."""

    person: str
    unit: str
    office: str
    since: dt.date
    until: dt.date | None
    recorded_at: dt.datetime
    body: str | None = None


@dataclass(frozen=True, slots=True)
class BodyPlan:
    """A body of a unit: a committee, a secretariat. `elected_on` is None while it is not elected."""

    unit: str
    name: str
    elected_on: dt.date | None


@dataclass(frozen=True, slots=True)
class DecisionPlan:
    """A decision of a body on a day."""

    body: str
    on: dt.date
    decision: Decision


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """A sign-in of the demo: whose it is, the office and unit it shows; the password is made on loading."""

    person: str
    office: str
    unit: str
    email: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the demo holds on its day `today`. Parents come before children, persons before facts."""

    today: dt.date
    units: tuple[UnitPlan, ...]
    events: tuple[HappeningPlan, ...]
    persons: tuple[PersonPlan, ...]
    memberships: tuple[MembershipPlan, ...]
    mandates: tuple[MandatePlan, ...]
    bodies: tuple[BodyPlan, ...]
    decisions: tuple[DecisionPlan, ...]
    targets: tuple[Target, ...]
    accounts: tuple[AccountPlan, ...]
    thresholds: tuple[int, ...]
    promotion_rule: PromotionRule
