"""An organisation of any size in a home of its own: built by the rooms' bulk forms, timed beside the COPY.

25 sections, 9 regions in each, 4,200 branches; every person has two memberships (one that ended, by
leaving or by transfer, and one that goes on), spread over seventy months. Nothing here is real.
"""

import contextlib
import datetime as dt
import io
import os
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from names import Namer

TODAY = dt.date(2024, 6, 15)
WIDE = (25, 9, 4_200)
FIRST = dt.date(2018, 9, 1)
CHUNK = 100_000
TABLES = ("people_person", "people_membership", "people_movement")
PASSWORD = "a password of the bench"  # noqa: S105 - of an organisation that does not exist


@dataclass
class Organisation:
    """What was built, and what the last growth cost in seconds."""

    home: Path
    shape: tuple[int, int, int] = WIDE
    running: Any = None
    persons: int = 0
    branches: list[int] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(2026))
    namer: Namer = field(default_factory=lambda: Namer(random.Random(7)))
    grown: int = 0
    load_seconds: float = 0.0
    copy_seconds: float = 0.0
    copy_rows: int = 0


@contextlib.contextmanager
def organisation(persons: int, shape: tuple[int, int, int] = WIDE) -> Iterator[Organisation]:
    """Build an organisation of (sections, regions in each, branches), yield it, and throw it away.

    Django is set up on it; one process builds one organisation.
    """
    with tempfile.TemporaryDirectory(prefix="groundswell-bench-") as home:
        os.environ["GROUNDSWELL_HOME"] = home
        from groundswell.cli.joined import joined
        from groundswell.cli.migrate import migrate

        with joined(make=True) as installation:
            migrate(installation.cluster)
            made = Organisation(Path(home), shape, installation.cluster)
            _begin(made)
            grow(made, persons)
            yield made


def grow(made: Organisation, persons: int) -> None:
    """Load people up to so many, and time the COPY of the same rows beside it."""
    with _superuser(made) as superuser:
        there = {table: _last(superuser, table) for table in TABLES}
    made.grown, made.load_seconds = persons - made.persons, 0.0
    for first in range(made.persons, persons, CHUNK):
        _load(made, first, min(CHUNK, persons - first))
    made.persons = persons
    with _superuser(made) as superuser:
        superuser.execute("select people_rollup_compact()")
        superuser.execute("vacuum analyze")
        _floor(made, superuser, there)


def _begin(made: Organisation) -> None:
    from groundswell.access import scope
    from groundswell.kernel import clock

    with scope.operator("bench"):
        clock.set_today(TODAY)
        _found(made)


def _found(made: Organisation) -> None:
    from groundswell.access.actor import OPERATOR
    from groundswell.kernel import clock
    from groundswell.reports import actions as reports
    from groundswell.structure import actions as structure

    at, day = clock.now(), dt.date(2000, 1, 1)
    root = structure.NewUnit("INT", {"en": "Bench International"}, "international", None, day)
    structure.found_root(root, at=at)
    new = []
    sections, regions, branches = made.shape
    for section in range(sections):
        code = f"S{section}"
        new.append(structure.NewUnit(code, {"en": f"Section {section}"}, "section", "INT", day))
        for region in range(regions):
            name = {"en": f"Region {region}"}
            new.append(structure.NewUnit(f"{code}-R{region}", name, "region", code, day))
    for branch in range(branches):
        parent = f"S{branch % sections}-R{branch // sections % regions}"
        new.append(structure.NewUnit(f"B{branch}", {"en": f"Branch {branch}"}, "branch", parent, day))
    units = structure.found_units(new, actor=OPERATOR, at=at)
    made.branches = [unit.pk for code, unit in units.items() if code.startswith("B")]
    reports.set_thresholds([100, 250, 500, 1000, 5000, 6000], actor=OPERATOR)


def _rows(made: Organisation, first: int, count: int) -> tuple[list[Any], list[Any]]:
    from groundswell.people.actions import NewMembership, NewPerson

    chance = made.chance
    at = dt.datetime.combine(TODAY, dt.time(8), dt.UTC)
    days = (TODAY - FIRST).days
    persons, memberships = [], []
    for number in range(first, first + count):
        old, new = chance.sample(made.branches, 2)
        start = chance.randrange(days - 400)
        middle = start + 1 + chance.randrange(days - start - 300)
        transfer = f"t{number}" if number % 4 == 0 else None
        back = middle if transfer else middle + chance.randrange(1, 250)
        persons.append(NewPerson(str(number), new, made.namer.name(), at, town="Somewhere", locale="en"))
        memberships.append(
            NewMembership(
                number, old, _day(start), at, until=_day(middle), ended_at=at,
                exit_flow="move_out" if transfer else "exit",
                exit_other_id=new if transfer else None, exit_transfer_key=transfer,
            )
        )  # fmt: skip
        memberships.append(
            NewMembership(
                number, new, _day(back), at,
                entry_flow="move_in" if transfer else "entry",
                entry_other_id=old if transfer else None, entry_transfer_key=transfer,
            )
        )  # fmt: skip
    return persons, memberships


def _day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


def _load(made: Organisation, first: int, count: int) -> None:
    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.people import actions as people

    persons, memberships = _rows(made, first, count)
    began = time.perf_counter()
    with scope.operator("bench"):
        keys = people.load_people(persons, actor=OPERATOR)
        people.load_memberships(
            (one._replace(person_id=keys[str(one.person_id)]) for one in memberships),
            actor=OPERATOR,
        )
    made.load_seconds += time.perf_counter() - began


def _last(superuser: psycopg.Connection[Any], table: str) -> int:
    row = superuser.execute(f"select coalesce(max(id), 0) from {table}").fetchone()
    assert row is not None
    return int(row[0])


def _floor(made: Organisation, superuser: psycopg.Connection[Any], there: dict[str, int]) -> None:
    """Time a plain COPY of the persons, memberships and movements that came into tables of the same shape.

    They have the same columns, indexes and constraints, and neither foreign keys, triggers nor row security.
    """
    made.copy_seconds, made.copy_rows = 0.0, 0
    for table, last in there.items():
        superuser.execute(f"create table floor_{table} (like {table} including all)")
        buffer = io.BytesIO()
        with superuser.cursor().copy(f"copy (select * from {table} where id > {last}) to stdout") as source:
            for block in source:
                buffer.write(block)
        began = time.perf_counter()
        cursor = superuser.cursor()
        with cursor.copy(f"copy floor_{table} from stdin") as target:
            target.write(buffer.getvalue())
        made.copy_seconds += time.perf_counter() - began
        made.copy_rows += cursor.rowcount
        superuser.execute(f"drop table floor_{table}")


def _superuser(made: Organisation) -> psycopg.Connection[Any]:
    return psycopg.connect(**made.running.superuser(), autocommit=True)
