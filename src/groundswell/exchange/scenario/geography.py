"""Which units there are: the whole, sections and groups, regions, and a branch in every town or quarter."""

import datetime as dt
import math
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from babel import Locale

from groundswell.exchange.scenario.chance import chance, moment, recorded, within
from groundswell.exchange.scenario.facts import INTERNATIONAL, Scenario, Town, Unit
from groundswell.exchange.scenario.planned import UnitPlan

BRANCH_LEAST: Final = 5
BRANCH_MOST: Final = 40
# The plan aims at branches inside the bounds by a margin: the last joins and leaves land beside the aim.
_MARGIN: Final = 3
_GROUP_LEAST: Final = 3
# Of the growth of the year, this part is new branches, the rest is larger ones.
_GROWTH_BY_FOUNDING: Final = 0.6


@dataclass(frozen=True, slots=True)
class BranchAim:
    """A branch and the members it is to have on the scenario's first and last day.

    `first` is None for a branch founded inside the scenario; `last` is 0 for one founded after it.
    """

    unit: UnitPlan
    language: str
    area_code: str
    first: int | None
    last: int


def the_whole(scenario: Scenario) -> UnitPlan:
    """Return the international under its first name; it was entered when it was founded."""
    founded_on, name = scenario.facts.international[0]
    return UnitPlan(
        code=INTERNATIONAL,
        parent=None,
        section=None,
        kind="international",
        names={"en": name},
        country="",
        town="London",
        latitude=None,
        longitude=None,
        locale="en-GB",
        languages=("en",),
        currency="GBP",
        time_zone="Europe/London",
        # That it passed six thousand is published, not how many it had.
        illustrative=True,
        founded_on=founded_on,
        recorded_at=moment(founded_on, chance(INTERNATIONAL, "founding")),
    )


def section_unit(unit: Unit, towns: tuple[Town, ...], founded_on: dt.date) -> UnitPlan:
    """Return a section or group under its country's name, in English and in each of its languages."""
    names = {"en": unit.name}
    names |= {language: _country_name(unit, language) for language in unit.languages if language != "en"}
    return UnitPlan(
        code=unit.code,
        parent=INTERNATIONAL,
        section=unit.code,
        kind=unit.kind,
        names=names,
        country=unit.country,
        town=_own(towns[0].names, unit.languages[0]),
        latitude=towns[0].latitude,
        longitude=towns[0].longitude,
        locale=unit.locale,
        languages=unit.languages,
        currency=unit.currency,
        time_zone=towns[0].time_zone,
        illustrative=unit.illustrative,
        founded_on=founded_on,
        recorded_at=recorded(founded_on, founded_on + dt.timedelta(days=3), chance(unit.code, "founding")),
    )


def founding_day(unit: Unit, whole: dt.date, first: dt.date) -> dt.date:
    """Return a plausible founding: old sections within twelve years of the whole, groups from 2006 on."""
    rng = chance(unit.code, "founded")
    if unit.kind == "group":
        earliest = dt.date(2006, 3, 1)
        return earliest + dt.timedelta(days=rng.randrange((first - earliest).days - 900))
    if unit.counts[0] >= 150:  # noqa: PLR2004 - the large ones are the old ones
        return whole + dt.timedelta(days=rng.randrange(0, 365))
    return whole + dt.timedelta(days=rng.randrange(700, 12 * 365))


def region_units(section: UnitPlan, towns: tuple[Town, ...]) -> tuple[UnitPlan, ...]:
    """Return the regions the towns name, in their order; a country without them has none."""
    found: dict[str, UnitPlan] = {}
    for town in towns:
        if not town.region:
            continue
        code = region_code(section.code, town)
        found.setdefault(
            code,
            UnitPlan(
                code=code,
                parent=section.code,
                section=section.code,
                kind="region",
                names=town.region,
                country=section.country,
                town="",
                latitude=None,
                longitude=None,
                locale=section.locale,
                languages=section.languages,
                currency=section.currency,
                time_zone=town.time_zone,
                illustrative=True,
                founded_on=section.founded_on,
                recorded_at=section.recorded_at,
            ),
        )
    return tuple(found.values())


def region_code(section: str, town: Town) -> str:
    """Return the code of the town's region."""
    return f"{section}-R-{_slug(_english(town.region))}"


def branch_aims(unit: Unit, section: UnitPlan, scenario: Scenario) -> tuple[BranchAim, ...]:
    """Return the section's branches, the older first, with members that add up on both days."""
    if not 0 <= unit.counts[-1] <= BRANCH_MOST * sum(1 for _ in _standing(scenario.towns[unit.code])):
        raise ValueError(f"{unit.code}: {unit.counts[-1]:,} members do not fit into its branches")
    rng = chance(unit.code, "branches")
    places = list(_places(scenario.towns[unit.code]))
    standing = list(_standing(scenario.towns[unit.code]))
    first_count, last_count = unit.counts[0], unit.counts[-1]
    growth = 1 - first_count / last_count if last_count else 0.0
    needed = max(1, math.ceil(first_count / BRANCH_MOST))
    new = max(0, min(round(len(standing) * growth * _GROWTH_BY_FOUNDING), len(standing) - needed))
    least, most = (BRANCH_LEAST + _MARGIN, BRANCH_MOST - 2 * _MARGIN)
    if unit.kind == "group" or last_count < least * len(standing):
        least = _GROUP_LEAST
    weights = [math.pow(town.population, 0.3) * rng.uniform(0.75, 1.3) for town, _ in standing]
    weights = [w * (0.6 if place >= len(standing) - new else 1) for place, w in enumerate(weights)]
    last = within(last_count, weights, min(least, last_count // len(standing)), BRANCH_MOST)
    if last_count <= most * len(standing):
        last = within(last_count, [float(size) for size in last], min(least, *last), most)
    old = len(standing) - new
    first = within(first_count, [float(size) for size in last[:old]], min(1, first_count // old), BRANCH_MOST)
    foundings = _foundings(unit, section.founded_on, old, new, scenario.days)
    aims = []
    for place, (town, quarter) in enumerate(standing):
        branch = _branch_unit(section, town, quarter, foundings[place])
        opening = first[place] if place < old else None
        aims.append(BranchAim(branch, town.language, town.area_code, opening, last[place]))
    for town, quarter in places:
        if town.opens is not None:
            branch = _branch_unit(section, town, quarter, town.opens)
            aims.append(BranchAim(branch, town.language, town.area_code, None, 0))
    return tuple(aims)


def _places(towns: tuple[Town, ...]) -> Iterator[tuple[Town, str]]:
    for town in towns:
        for quarter in town.quarters or ("",):
            yield town, quarter


def _standing(towns: tuple[Town, ...]) -> Iterator[tuple[Town, str]]:
    """Return the places of the branches that stand on the last headcount."""
    return (place for place in _places(towns) if place[0].opens is None)


def _foundings(
    unit: Unit, founded_on: dt.date, old: int, new: int, days: tuple[dt.date, ...]
) -> list[dt.date]:
    """Return founding days: first with the section, the old before the scenario, the new inside it."""
    rng = chance(unit.code, "foundings")
    span = (days[0] - founded_on).days - 400
    older = sorted(founded_on + dt.timedelta(days=rng.randrange(1, span)) for _ in range(old - 1))
    # New branches: from spring to ten weeks before the last headcount, so that each can grow to its size.
    window = (days[-1] - days[0]).days - 70
    younger = sorted(days[0] + dt.timedelta(days=rng.randrange(45, window)) for _ in range(new))
    return [founded_on, *older, *younger]


def _branch_unit(section: UnitPlan, town: Town, quarter: str, founded_on: dt.date) -> UnitPlan:
    names = {language: f"{name} {quarter}".strip() for language, name in town.names.items()}
    slug = _slug(f"{town.names['en']} {quarter}")
    shift = _shift(town, quarter)
    own = chance(section.code, slug)
    return UnitPlan(
        code=f"{section.code}-{slug}",
        parent=region_code(section.code, town) if town.region else section.code,
        section=section.code,
        kind="branch",
        names=names,
        country=section.country,
        town=_own(town.names, town.language),
        latitude=round(town.latitude + shift[0], 4),
        longitude=round(town.longitude + shift[1], 4),
        locale=f"{town.language}-{section.country}",
        languages=(town.language,),
        currency=section.currency,
        time_zone=town.time_zone,
        illustrative=True,
        founded_on=founded_on,
        recorded_at=recorded(founded_on, founded_on + dt.timedelta(days=3), own),
    )


def _shift(town: Town, quarter: str) -> tuple[float, float]:
    """Return degrees by which a quarter lies off its town's centre, so that points do not hide each other."""
    if quarter not in town.quarters:
        return (0.0, 0.0)
    angle = 2 * math.pi * town.quarters.index(quarter) / len(town.quarters)
    return (0.04 * math.cos(angle), 0.06 * math.sin(angle))


def _country_name(unit: Unit, language: str) -> str:
    return str(Locale.parse(language).territories.get(unit.country, unit.name))


def _english(names: Mapping[str, str]) -> str:
    return names.get("en") or next(iter(names.values()))


def _own(names: Mapping[str, str], language: str) -> str:
    return names.get(language) or _english(names)


def _slug(name: str) -> str:
    """Return capitals, digits and hyphens for a code."""
    plain = unicodedata.normalize("NFKD", name.replace("ø", "o").replace("ł", "l").replace("Ø", "O"))
    letters = [c if c.isascii() and c.isalnum() else "-" for c in plain if not unicodedata.combining(c)]
    return "-".join(part for part in "".join(letters).upper().split("-") if part)
