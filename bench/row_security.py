"""What row security costs on pages of people, with 200,000 and a million persons in 4,441 units.

Beside each figure under row security stands its floor in the same run: the same statement, by a role
that row security does not bind, with the explicit WHERE alone. The target is 1.25 × the floor + 0.1 ms.
"""

import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, LiteralString

import psycopg

from groundswell.ground import cluster, environment, keys

SIZES: Final = (200_000, 1_000_000)
PERSONS: Final = SIZES[-1]
SECTIONS: Final = 16
REGIONS_EACH: Final = 15
BRANCHES: Final = 4_184
UNITS: Final = 1 + SECTIONS + SECTIONS * REGIONS_EACH + BRANCHES
ROUNDS: Final = 200
ROUND_SECONDS: Final = 4.0
FACTOR: Final = 1.25
ALLOWANCE: Final = 0.1

# Unit 1 is the international, 2-17 the sections, 18-257 the regions, the rest branches, dealt in turn.
STRUCTURE: Final = f"""
insert into structure_unit (id, code, path, kind_id, holds_names, section_id, country, town, locale,
    languages, currency, time_zone, protected, illustrative, founded_on)
select id, 'U' || id, path, kind, id > 1, nullif(split_part(path, '/', 3), '')::bigint, '', '', 'en',
    '{{}}', 'EUR', 'UTC', false, true, '2020-01-01'
from (
    select 1 as id, '/1/' as path, 'international' as kind
    union all select s, format('/1/%s/', s), 'section' from generate_series(2, {SECTIONS + 1}) s
    union all select r, format('/1/%s/%s/', 2 + r % {SECTIONS}, r), 'region'
        from generate_series({SECTIONS + 2}, {SECTIONS * (REGIONS_EACH + 1) + 1}) r
    union all select b, format('/1/%s/%s/%s/', 2 + region % {SECTIONS}, region, b), 'branch'
        from (select b, {SECTIONS + 2} + b % {SECTIONS * REGIONS_EACH} as region
              from generate_series({SECTIONS * (REGIONS_EACH + 1) + 2}, {UNITS}) b) dealt
) units
"""
REACH: Final = """
insert into structure_reach (unit_id, named)
select top.id, coalesce((
  select range_agg(int8range(below.id, below.id, '[]')) from structure_unit below
  where below.path >= top.path and below.path < left(top.path, -1) || '0' and below.holds_names), '{}')
from structure_unit top
"""
PEOPLE: Final = f"""
insert into people_person (id, unit_id, name, sort_key, call_name, locale, languages, town, recorded_at)
select n, {SECTIONS * (REGIONS_EACH + 1) + 2} + n %% {BRANCHES}, 'Person ' || key, key, '', 'en', '{{}}', '',
    now()
from (select n, md5(n::text) as key from generate_series(%s, %s) n) people
"""
# Every person has her home; one in fifty is a guest somewhere else.
MEMBERSHIPS: Final = f"""
insert into people_membership
    (valid, recorded, home, entry_flow, exit_flow, reason, unit_id, kind_id, person_id)
select daterange('2024-01-01', null), tstzrange('2024-01-01', null), true,
    'entry', 'exit', '', unit_id, 'member', id
from people_person where id > %(after)s
union all
select daterange('2024-01-01', null), tstzrange('2024-01-01', null), false,
    'entry', 'exit', '', {UNITS} - id %% {BRANCHES}, 'member', id
from people_person where id > %(after)s and id %% 50 = 0
"""


@dataclass(frozen=True)
class Level:
    """A level of the tree: who asks there, and the unit her page is of."""

    name: str
    unit: int
    office: str | None  # None: the operator, to whom everything is open
    secret: str = ""


LEVELS: Final = (
    Level("international (operator)", 1, None, "all-operator of the bench"),
    Level("section", 2, "secretary", "section of the bench"),
    Level("region", SECTIONS + 2, "treasurer", "region of the bench"),
    Level("branch", UNITS, "organiser", "branch of the bench"),
)


def run() -> str:
    """Build the database, measure, and return a section of Markdown."""
    rows = []
    with database() as parameters, psycopg.connect(**parameters("postgres"), autocommit=True) as superuser:
        make_structure(superuser)
        enter_levels(superuser)
        for there, persons in zip((0, *SIZES), SIZES, strict=False):
            _grow(superuser, there, persons)
            with (
                # As Django connects: statements are planned each time.
                psycopg.connect(**parameters("gs_app"), prepare_threshold=None) as app,
                psycopg.connect(**parameters("gs_backup"), prepare_threshold=None) as free,
            ):
                rows += [(f"{persons:,}", *row) for level in LEVELS for row in _measure(level, app, free)]
    return _report(rows)


@contextmanager
def database() -> Iterator[Callable[[str], dict[str, Any]]]:
    """Yield a migrated database of its own: a function from a role to how it connects."""
    with tempfile.TemporaryDirectory(prefix="gs-rows-") as place:
        home = Path(place) / "home"
        environ = {key: value for key, value in os.environ.items() if not key.startswith("GROUNDSWELL_")}
        environ["GROUNDSWELL_HOME"] = str(home)
        settings = environment.load({"GROUNDSWELL_HOME": str(home)})
        keys.load_or_make(settings)  # no keys are made beside a database that is there
        with cluster.cluster(settings, settings={"shared_buffers": "512MB"}) as running:
            subprocess.run([sys.executable, "-m", "groundswell.cli", "migrate"], env=environ, check=True)
            yield lambda role: dict(running.superuser() if role == "postgres" else running.parameters(role))


def _grow(superuser: psycopg.Connection, there: int, persons: int) -> None:
    """Fill the tables past their triggers, by the superuser."""
    for start in range(there + 1, persons, 100_000):
        superuser.execute(PEOPLE, [start, start + 99_999])
    superuser.execute(MEMBERSHIPS, {"after": there})
    superuser.execute("vacuum analyze")


def make_structure(superuser: psycopg.Connection) -> None:
    """Make the units; from here on this connection goes past all triggers."""
    superuser.execute("set session_replication_role = replica")
    superuser.execute(STRUCTURE)
    superuser.execute(REACH)


def enter_levels(superuser: psycopg.Connection) -> None:
    """Give each level its session, and the office that goes with it."""
    for level in LEVELS:
        digest = hashlib.sha256(level.secret.encode()).digest()
        kind = "person" if level.office else "operator"
        account = level.unit if level.office else None
        superuser.execute(
            "insert into access_session (digest, kind, account_id, expires_at)"
            " values (%s, %s, %s, 'infinity')",
            [digest, kind, account],
        )
        if level.office:
            superuser.execute(
                "insert into accounts_account (id, email, password, person_id, is_active, created_at)"
                " values (%s, %s, '!', %s, true, now())",
                [account, f"{level.name}@example.org", level.unit],
            )
            superuser.execute(
                "insert into accounts_mandate (valid, recorded, office, person_id, unit_id)"
                " values ('[2024-01-01,)', '[2024-01-01,)', %s, %s, %s)",
                [level.office, level.unit, level.unit],
            )


PAGE: Final = "select id, name from people_person where {where} order by sort_key, id limit 50"
WITHIN: Final = "unit_id = any(%s)"
ONE: Final = "select id, name from people_person where id = %s"


def _measure(level: Level, app: psycopg.Connection, free: psycopg.Connection) -> Iterator[tuple[str, ...]]:
    path = _one(free, "select path from structure_unit where id = %s", level.unit)
    units = [
        row[0]
        for row in free.execute(
            "select id from structure_unit where path >= %s and path < %s", [path, f"{path[:-1]}0"]
        ).fetchall()
    ]
    whole = level.office is None
    page = PAGE.format(where="true" if whole else WITHIN)
    parameters = [] if whole else [units]
    someone = _one(free, "select id from people_person where unit_id = %s limit 1", units[-1])
    for what, statement, values in (
        ("page of 50 by name", page, parameters),
        ("one person by her number", ONE, [someone]),
    ):
        floor, secured = _both(free, app, level.secret, statement, values)
        target = floor * FACTOR + ALLOWANCE
        yield (
            level.name,
            what,
            f"{floor:.2f}",
            f"{secured:.2f}",
            f"{target:.2f}",
            "yes" if secured <= target else "**no**",
        )


def _one(connection: psycopg.Connection, statement: LiteralString, value: int) -> Any:
    row = connection.execute(statement, [value]).fetchone()
    assert row is not None
    return row[0]


def _both(
    free: psycopg.Connection, app: psycopg.Connection, secret: str, statement: str, values: list[Any]
) -> tuple[float, float]:
    """Return the medians in milliseconds without and with row security, measured in turns."""
    app.rollback()
    app.execute("select set_config('app.session', %s, true)", [secret])
    assert free.execute(statement, values).fetchall() == app.execute(statement, values).fetchall()
    times: dict[bool, list[float]] = {False: [], True: []}
    end = time.monotonic() + ROUND_SECONDS
    while len(times[True]) < ROUNDS and time.monotonic() < end:
        for secured, connection in ((False, free), (True, app)):
            began = time.perf_counter()
            connection.execute(statement, values).fetchall()
            times[secured].append((time.perf_counter() - began) * 1000)
    free.rollback()
    return statistics.median(times[False]), statistics.median(times[True])


def _report(rows: list[tuple[str, ...]]) -> str:
    head = ("persons", "level", "what", "explicit WHERE, ms", "under row security, ms", "target, ms", "kept")
    lines = [" | ".join(cells) for cells in (head, ("---",) * len(head), *rows)]
    table = "\n".join(f"| {line} |" for line in lines)
    return (
        "## Row security\n\n"
        f"{UNITS:,} units, one person in fifty a guest too; medians of {ROUNDS} rounds (or of those that"
        f" {ROUND_SECONDS:.0f} s hold), in turns on one connection each, over the socket."
        f" Target: {FACTOR} × the floor + {ALLOWANCE} ms.\n\n{table}\n"
    )


if __name__ == "__main__":
    sys.stdout.write(run())
