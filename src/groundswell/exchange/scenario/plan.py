"""The plan: the whole scenario as dated facts, made by pure functions from the files and a fixed seed.

`make_plan` is the entrance. It founds the units, runs each section's course, resolves the moves between
sections, names the persons and says when each fact was recorded: on its day or a few days later, never
past the next headcount, but for the late entry of the facts.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

from groundswell.exchange.scenario.chance import chance, moment, recorded
from groundswell.exchange.scenario.continuation import TODAY, crossings, windows
from groundswell.exchange.scenario.course import run
from groundswell.exchange.scenario.facts import Scenario, Unit
from groundswell.exchange.scenario.geography import (
    branch_aims,
    founding_day,
    region_units,
    section_unit,
    the_whole,
)
from groundswell.exchange.scenario.guests import guests
from groundswell.exchange.scenario.happenings import bodies, decisions, unit_events
from groundswell.exchange.scenario.offices import accounts, mandates
from groundswell.exchange.scenario.people_names import names_of
from groundswell.exchange.scenario.planned import MembershipPlan, PersonPlan, Plan, UnitPlan
from groundswell.exchange.scenario.stays import Course, Stay
from groundswell.exchange.scenario.tables import ScenarioProblem

_SPEAKS_ENGLISH: Final = 0.3


@dataclass(slots=True)
class _Draft:
    """The plan while it is made: courses by code, and whom each crossing transfer moves."""

    scenario: Scenario
    units: list[UnitPlan] = field(default_factory=list)
    courses: dict[str, Course] = field(default_factory=dict)
    movers: dict[str, str] = field(default_factory=dict)


def make_plan(scenario: Scenario) -> Plan:
    """Return the plan of the scenario; the same scenario gives the same plan.

    Raises ScenarioProblem for counts that cannot be reached.
    """
    draft = _Draft(scenario)
    _found(draft)
    for course in draft.courses.values():
        draft.movers |= {s.transfer_out: s.person for s in course.stays if s.transfer_out}
    memberships = tuple(sorted(_memberships(draft), key=lambda one: (one.since, one.person, one.unit)))
    memberships += guests(tuple(draft.units), memberships)
    persons = _persons(draft, memberships)
    held = mandates(tuple(draft.units), memberships)
    return Plan(
        today=TODAY,
        units=tuple(draft.units),
        events=unit_events(scenario),
        persons=persons,
        memberships=memberships,
        mandates=held,
        bodies=bodies(scenario, {unit.code: unit.founded_on for unit in draft.units}),
        decisions=decisions(scenario),
        targets=scenario.facts.targets,
        accounts=accounts(held, persons, memberships),
        thresholds=scenario.facts.thresholds,
        promotion_rule=scenario.facts.promotion_rule,
    )


def _found(draft: _Draft) -> None:
    """Found the whole, each section with its regions and branches, and run the section's course."""
    scenario = draft.scenario
    whole = the_whole(scenario)
    draft.units.append(whole)
    for unit in scenario.units:
        towns = scenario.towns[unit.code]
        section = section_unit(unit, towns, founding_day(unit, whole.founded_on, scenario.days[0]))
        draft.courses[unit.code] = course = _course(scenario, unit, section)
        regions = region_units(section, towns)
        draft.units += [section, *regions, *(aim.unit for aim in course.aims)]


def _course(scenario: Scenario, unit: Unit, section: UnitPlan) -> Course:
    """Run the year of a section; counts that no course of joins and leaves reaches are refused."""
    try:
        aims = branch_aims(unit, section, scenario)
        course = Course(
            code=unit.code,
            aims=aims,
            windows=windows(unit, scenario.days),
            crossings=crossings(scenario, unit.code),
            late_days=_late_days(scenario, unit),
        )
        return run(course, unit.kind, scenario.days[0])
    except ValueError as problem:
        raise ScenarioProblem("headcount.csv", None, str(problem)) from problem


def _late_days(scenario: Scenario, unit: Unit) -> tuple[dt.date, ...]:
    late = scenario.facts.late
    return (late.joined_on,) * late.persons if late.code == unit.code else ()


def _memberships(draft: _Draft) -> list[MembershipPlan]:
    return [
        _membership(draft, course, stay, number)
        for course in draft.courses.values()
        for number, stay in enumerate(course.stays)
    ]


def _membership(draft: _Draft, course: Course, stay: Stay, number: int) -> MembershipPlan:
    entered = _recorded(draft, course, stay.since, stay.transfer_in or f"in {number}")
    if stay.late:
        entered = moment(draft.scenario.facts.late.recorded_on, chance(course.code, "late", str(number)))
    return MembershipPlan(
        person=draft.movers.get(stay.person, stay.person),
        unit=course.aims[stay.branch].unit.code,
        since=stay.since,
        until=stay.until,
        recorded_at=entered,
        ended_at=_recorded(draft, course, stay.until, stay.transfer_out or f"out {number}")
        if stay.until
        else None,
        entry=stay.entry,
        exit=stay.exit,
        transfer_in=stay.transfer_in,
        transfer_out=stay.transfer_out,
    )


def _recorded(draft: _Draft, course: Course, day: dt.date, what: str) -> dt.datetime:
    """Return when a fact of `day` was entered, by the end of its window; both ends of a transfer agree."""
    latest = draft.scenario.days[0]
    for window in course.windows:
        if window.after < day:
            latest = window.until
    code = "" if what.startswith("X") else course.code
    return recorded(day, latest, chance(code, "recorded", what))


def _persons(draft: _Draft, memberships: tuple[MembershipPlan, ...]) -> tuple[PersonPlan, ...]:
    """Name every person by the branch she first joined; her unit is that of her last home membership."""
    homes: dict[str, MembershipPlan] = {}
    known: dict[str, dt.datetime] = {}
    for one in memberships:
        known[one.person] = min(known.get(one.person, one.recorded_at), one.recorded_at)
        if one.home and (one.person not in homes or homes[one.person].since <= one.since):
            homes[one.person] = one
    found = []
    for course in draft.courses.values():
        names, rng = names_of(course.code)
        for key, branch in course.persons.items():
            aim = course.aims[branch]
            named = names.draw(aim.unit.locale, rng)
            english = aim.language != "en" and rng.random() < _SPEAKS_ENGLISH
            found.append(
                PersonPlan(
                    key=key,
                    unit=homes[key].unit,
                    name=named.name,
                    sort_key=named.sort_key,
                    call_name=named.call_name,
                    locale=aim.unit.locale,
                    languages=(aim.language, "en") if english else (aim.language,),
                    email=names.email(named),
                    phone=names.phone(aim.area_code, rng),
                    recorded_at=known[key],
                )
            )
    return tuple(found)
