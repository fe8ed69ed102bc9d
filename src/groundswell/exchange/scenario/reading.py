"""Read the scenario's files and judge them: every refusal is one sentence with file, line and value.

`read` is the only entrance; what it returns needs no further check by the plan.
"""

import datetime as dt
import itertools
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from groundswell.exchange.scenario.facts import INTERNATIONAL, Line, Scenario, Town, Unit
from groundswell.exchange.scenario.reading_facts import COUNT_MOST, KINDS, read_facts
from groundswell.exchange.scenario.tables import Cell, ScenarioProblem, Table, read_table

DATA: Final = Path(__file__).parent / "data"
BRANCH_MOST: Final = 40
ROWS_OF_THE_MISSION: Final = 18

_UNIT_COLUMNS: Final = (
    "code",
    "country",
    "name",
    "kind",
    "locale",
    "currency",
    "refounds_as_party",
    "source",
    "languages",
)
_TOWN_COLUMNS: Final = (
    "country",
    "names",
    "region",
    "quarters",
    "language",
    "latitude",
    "longitude",
    "population",
    "time_zone",
    "area_code",
    "opens",
)


def read(folder: Path = DATA) -> Scenario:
    """Return the scenario of `folder`, or raise ScenarioProblem with one sentence."""
    counts, days = _read_headcount(read_table(folder, "headcount.csv", ["code"]))
    units = _read_units(read_table(folder, "units.csv", _UNIT_COLUMNS), counts)
    towns = _read_towns(read_table(folder, "towns.csv", _TOWN_COLUMNS), units, days)
    facts = read_facts(folder, {unit.code: unit for unit in units}, days)
    _judge_published(units, counts)
    _judge_totals(folder, units, days)
    return Scenario(days=days, units=units, towns=towns, facts=facts)


def read_source(folder: Path = DATA) -> tuple[Line, ...]:
    """Return the lines of source.csv in their order."""
    table = read_table(folder, "source.csv", ["id", "kind", "statement", "row"])
    seen: set[str] = set()
    lines = []
    for row in table.rows:
        if row["id"].filled() in seen:
            raise row["id"].refuse("appears twice")
        seen.add(row["id"].text)
        lines.append(
            Line(
                id=row["id"].text,
                kind=row["kind"].one_of(["figure", "institution", "decision", "practice"]),
                statement=row["statement"].filled(),
                row=row["row"].whole(1, ROWS_OF_THE_MISSION),
            )
        )
    return tuple(lines)


def _read_headcount(table: Table) -> tuple[dict[str, dict[dt.date, Cell]], tuple[dt.date, ...]]:
    columns = [column for column in table.header if column != "code"]
    days = tuple(table.heading(column).day() for column in columns)
    if len(days) < 2:  # noqa: PLR2004 - a growth needs two days
        raise ScenarioProblem(table.file, 1, "there are fewer than two days")
    for column, (earlier, later) in zip(columns[1:], itertools.pairwise(days), strict=True):
        if later <= earlier:
            raise table.heading(column).refuse(f"does not come after {earlier}")
    counts: dict[str, dict[dt.date, Cell]] = {}
    for row in table.rows:
        if row["code"].filled() in counts:
            raise row["code"].refuse("appears twice")
        counts[row["code"].text] = {day: row[column] for day, column in zip(days, columns, strict=True)}
    return counts, days


def _read_units(table: Table, counts: dict[str, dict[dt.date, Cell]]) -> tuple[Unit, ...]:
    units: dict[str, Unit] = {}
    for row in table.rows:
        unit = _read_unit(row, counts)
        if unit.code in units:
            raise row["code"].refuse("appears twice")
        units[unit.code] = unit
    for code, by_day in counts.items():
        if code not in units:
            cell = next(iter(by_day.values()))
            raise Cell(cell.file, cell.line, "code", code).refuse("is not in units.csv")
    if not units:
        raise ScenarioProblem(table.file, None, "there is no unit")
    return tuple(units.values())


def _read_unit(row: Mapping[str, Cell], counts: dict[str, dict[dt.date, Cell]]) -> Unit:
    code = row["code"].filled()
    if code == INTERNATIONAL or not (code.isascii() and code.isalnum() and code.isupper()):
        raise row["code"].refuse("is not a code of capital letters and digits, or is kept for the whole")
    if code not in counts:
        raise row["code"].refuse("has no line in headcount.csv")
    languages = row["languages"].parts()
    if not languages:
        raise row["languages"].refuse("names no language")
    return Unit(
        code=code,
        country=row["country"].filled(),
        name=row["name"].filled(),
        kind=row["kind"].one_of(KINDS),
        locale=row["locale"].filled(),
        currency=row["currency"].filled(),
        refounds=row["refounds_as_party"].one_of(["yes", "no"]) == "yes",
        source=row["source"].filled(),
        languages=languages,
        counts=tuple(cell.whole(0, COUNT_MOST) for cell in counts[code].values()),
    )


def _read_towns(
    table: Table, units: tuple[Unit, ...], days: tuple[dt.date, ...]
) -> dict[str, tuple[Town, ...]]:
    towns: dict[str, list[Town]] = {unit.code: [] for unit in units}
    for row in table.rows:
        if row["country"].text not in towns:
            raise row["country"].refuse("is not in units.csv")
        towns[row["country"].text].append(_read_town(row, days[-1]))
    for unit in units:
        _judge_room(unit, towns[unit.code], table.file, days)
    return {code: tuple(found) for code, found in towns.items()}


def _read_town(row: Mapping[str, Cell], last: dt.date) -> Town:
    names = row["names"].by_language()
    if "en" not in names:
        raise row["names"].refuse("has no English name")
    opens = row["opens"].day() if row["opens"].text else None
    if opens is not None and opens <= last:
        raise row["opens"].refuse(f"does not come after the last headcount, {last}")
    return Town(
        country=row["country"].text,
        names=names,
        region=row["region"].by_language(),
        quarters=row["quarters"].parts(),
        language=row["language"].filled(),
        latitude=row["latitude"].degrees(90),
        longitude=row["longitude"].degrees(180),
        population=row["population"].whole(1, 100_000_000),
        time_zone=row["time_zone"].filled(),
        area_code=row["area_code"].text,
        opens=opens,
    )


def _judge_room(unit: Unit, towns: list[Town], file: str, days: tuple[dt.date, ...]) -> None:
    """Refuse a unit whose members fit into no set of branches of 5 to 40."""
    branches = sum(len(town.quarters) or 1 for town in towns if town.opens is None)
    if not branches:
        raise ScenarioProblem(file, None, f"{unit.code} has no town for a branch before {days[-1]}")
    for day, count in zip(days, unit.counts, strict=True):
        if count > branches * BRANCH_MOST:
            raise ScenarioProblem(
                "headcount.csv",
                None,
                f"{unit.code}: {count:,} members on {day} are out of reach, {branches} branches in towns.csv "
                f"hold at most {branches * BRANCH_MOST:,}",
            )


def _judge_published(units: tuple[Unit, ...], counts: dict[str, dict[dt.date, Cell]]) -> None:
    """Refuse a last count that is not the one its own source publishes ("published: 515 members")."""
    for unit in units:
        published = re.search(r"(\d[\d,]*) members", unit.source)
        if published and int(published[1].replace(",", "")) != unit.counts[-1]:
            cell = list(counts[unit.code].values())[-1]
            raise cell.refuse(f"is not what units.csv says of {unit.code} ({unit.source})")


def _judge_totals(folder: Path, units: tuple[Unit, ...], days: tuple[dt.date, ...]) -> None:
    """Refuse counts that do not add up to the answers, where expected.json lies beside the files."""
    if not (folder / "expected.json").exists():
        return
    expected = json.loads((folder / "expected.json").read_text("utf-8"))["totals_on"]
    for place, day in enumerate(days):
        total = sum(unit.counts[place] for unit in units)
        if expected.get(day.isoformat(), total) != total:
            raise ScenarioProblem(
                "headcount.csv",
                None,
                f"the counts of {day} add up to {total:,}, expected.json says {expected[day.isoformat()]:,}",
            )
