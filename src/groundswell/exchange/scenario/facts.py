"""The scenario as it was read: frozen, checked, nothing derived."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

INTERNATIONAL = "INT"


@dataclass(frozen=True, slots=True)
class Unit:
    """A section or group. `counts` are its members on the scenario's days, in their order."""

    code: str
    country: str
    name: str
    kind: str
    locale: str
    currency: str
    refounds: bool
    source: str
    languages: tuple[str, ...]
    counts: tuple[int, ...]

    @property
    def illustrative(self) -> bool:
        """True when no source gives its counts, whatever else of it is published."""
        return "illustrative" in self.source


@dataclass(frozen=True, slots=True)
class Town:
    """A town with one branch, or one in each of its quarters; degrees, inhabitants, IANA zone."""

    country: str
    names: Mapping[str, str]
    region: Mapping[str, str]
    quarters: tuple[str, ...]
    language: str
    latitude: float
    longitude: float
    population: int
    time_zone: str
    area_code: str
    opens: dt.date | None


@dataclass(frozen=True, slots=True)
class Renaming:
    """From `on` the unit bears `names`, by language."""

    code: str
    on: dt.date
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Preparation:
    """On `announced_on` the unit announced `what`."""

    code: str
    what: str
    announced_on: dt.date


@dataclass(frozen=True, slots=True)
class Promotion:
    """On `on` the unit rose from one kind to another."""

    code: str
    from_kind: str
    to_kind: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class PromotionRule:
    """What a group needs to become a section; all three together."""

    members: int
    branches: int
    elected_committee: bool


@dataclass(frozen=True, slots=True)
class Target:
    """A declared target: `figure` of the unit is to reach `value` by `by`."""

    code: str
    figure: str
    value: int
    by: dt.date
    declared_on: dt.date
    declared_by: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of the executive, with its result as worded; no counts are known."""

    what: str
    kind: str
    result: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """The executive's meeting and what it decided."""

    place: str
    opens: dt.date
    closes: dt.date
    sessions: tuple[str, ...]
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class LateEntry:
    """`persons` joined on one day and were entered on a later one."""

    code: str
    joined_on: dt.date
    recorded_on: dt.date
    persons: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the public report the software was drawn from, with its row of the mission."""

    id: str
    kind: str
    statement: str
    row: int


@dataclass(frozen=True, slots=True)
class Facts:
    """The dated facts of facts.toml. `international` names the whole, each name from its day."""

    international: tuple[tuple[dt.date, str], ...]
    bodies: tuple[str, ...]
    renamings: tuple[Renaming, ...]
    preparations: tuple[Preparation, ...]
    promotions: tuple[Promotion, ...]
    promotion_rule: PromotionRule
    thresholds: tuple[int, ...]
    targets: tuple[Target, ...]
    meeting: Meeting
    congress_called_on: dt.date
    late: LateEntry


@dataclass(frozen=True, slots=True)
class Scenario:
    """All of it. `days` are the days of the headcount, ascending; `units` in the files' order."""

    days: tuple[dt.date, ...]
    units: tuple[Unit, ...]
    towns: Mapping[str, tuple[Town, ...]]
    facts: Facts
