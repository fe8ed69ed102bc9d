"""What happens to units and what bodies decide: the dated facts of facts.toml as the plan holds them."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from groundswell.exchange.scenario.chance import UTC
from groundswell.exchange.scenario.facts import INTERNATIONAL, Scenario
from groundswell.exchange.scenario.planned import BodyPlan, DecisionPlan, HappeningPlan

# Groups that have elected a committee, and when (illustrative); the others are led by an appointed one.
_ELECTED: Final[Mapping[str, dt.date]] = {
    "IE": dt.date(2024, 5, 18),
    "NL": dt.date(2023, 10, 21),
    "NO": dt.date(2023, 11, 25),
}
NATIONAL_COMMITTEE: Final = "National Committee"
ORGANISING_COMMITTEE: Final = "Organising Committee"


def unit_events(scenario: Scenario) -> tuple[HappeningPlan, ...]:
    """Return the renamings, preparations, promotions and the whole's new name, in the order of their days."""
    facts = scenario.facts
    found = [
        *(
            HappeningPlan(one.code, "renamed", one.on, _evening(one.on), names=one.names)
            for one in facts.renamings
        ),
        *(
            HappeningPlan(one.code, "announced", one.announced_on, _evening(one.announced_on), text=one.what)
            for one in facts.preparations
        ),
        *(
            HappeningPlan(one.code, "promoted", one.on, _evening(one.on), kind=one.to_kind)
            for one in facts.promotions
        ),
        *(
            HappeningPlan(INTERNATIONAL, "founded anew", day, _evening(day), names={"en": name})
            for day, name in facts.international[1:]
        ),
    ]
    return tuple(sorted(found, key=lambda event: event.on))


def bodies(scenario: Scenario, founded: Mapping[str, dt.date]) -> tuple[BodyPlan, ...]:
    """Return the whole's bodies and a committee for each unit; a group's may not be elected yet."""
    found = [BodyPlan(INTERNATIONAL, name, founded[INTERNATIONAL]) for name in scenario.facts.bodies]
    for unit in scenario.units:
        if unit.kind == "section":
            found.append(BodyPlan(unit.code, NATIONAL_COMMITTEE, founded[unit.code]))
        elif unit.code in _ELECTED:
            found.append(BodyPlan(unit.code, NATIONAL_COMMITTEE, _ELECTED[unit.code]))
        else:
            found.append(BodyPlan(unit.code, ORGANISING_COMMITTEE, None))
    return tuple(found)


def decisions(scenario: Scenario) -> tuple[DecisionPlan, ...]:
    """Return the executive's decisions: the last on the day the congress was called, the others before."""
    meeting = scenario.facts.meeting
    body = scenario.facts.bodies[0]
    *earlier, last = meeting.decisions
    second_day = min(meeting.opens + dt.timedelta(days=1), meeting.closes)
    return (
        *(DecisionPlan(body, second_day, one) for one in earlier),
        DecisionPlan(body, scenario.facts.congress_called_on, last),
    )


def _evening(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(18), UTC)
