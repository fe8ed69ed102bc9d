"""What a report of five years, a move of a branch and a bulk load cost, beside their floors in one run."""

import datetime as dt
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import psycopg

import organisation as build
import pages

SINCE, AS_OF = dt.date(2019, 5, 31), dt.date(2024, 5, 31)
SIZES = (200_000, 1_000_000)


def run() -> str:
    """Return the Markdown section: one organisation, measured at each size as it grows."""
    lines = [
        "## Figures of a large organisation",
        "",
        "| persons, two memberships each | what | median | floor in the same run |",
        "|---|---|---|---|",
    ]
    # In a process of its own, since Django is set up on the one organisation.
    own = subprocess.run([sys.executable, __file__], check=True, stdout=subprocess.PIPE, text=True)
    return "\n".join([*lines, own.stdout.rstrip()]) + "\n"


def grown() -> str:
    """Build one organisation, let it grow, and return the rows of each size."""
    rows = []
    with build.organisation(SIZES[0]) as made:
        email = pages.secretary()
        pages.secretary("S0")
        for persons in SIZES:
            if persons > made.persons:
                build.grow(made, persons)
            found = [*_measure(made), *pages.of_large(made, email, SINCE, AS_OF)]
            rows += [f"| {persons:,} | {row} |" for row in found]
    return "\n".join(rows) + "\n"


def _measure(made: build.Organisation) -> list[str]:
    rate = made.grown / made.load_seconds
    ratio = made.load_seconds / made.copy_seconds
    rows = [
        (
            f"bulk load of {made.grown:,} with movements, roll-ups, trail and words of names"
            f" | {rate:,.0f} persons/s"
            f" | COPY of the same {made.copy_rows:,} rows {made.copy_seconds:.1f} s: {ratio:.2f}×"
        )
    ]
    sql = statistics.median([_report_in_sql() for _ in range(9)])
    whole = _median(_report, 9)
    naive = _naive(made)
    duck = _duckdb(made)
    rows.append(
        f"60-month report over all sections, its figures in SQL | {sql:.0f} ms"
        f" | naive range join {naive / 1000:.1f} s; DuckDB on Parquet {duck}"
    )
    rows.append(f"the same with milestones, names and decisions, in Python | {whole:.0f} ms | ")
    rows += _structure(made.persons)
    return rows


def _median(work: Callable[[], Any], times: int) -> float:
    taken = []
    for _ in range(times + 1):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken[1:])


def _report() -> None:
    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.reports.queries import report

    with scope.operator("bench"):
        report(OPERATOR, unit_code=None, as_of=AS_OF, since=SINCE)


def _report_in_sql() -> float:
    """Ask for what the report asks: every section, every month, every flow."""
    from groundswell.access import scope
    from groundswell.reports import figures
    from groundswell.structure.models import Unit

    with scope.operator("bench"):
        units = dict(Unit.objects.exclude(section=None).values_list("id", "section_id"))
    began = time.perf_counter()
    with scope.operator("bench"):
        figures._rows(  # noqa: SLF001 - the statement itself is what is timed
            "select * from figures_by_month(%s, %s, %s, %s, %s, %s, %s)",
            [
                list(units),
                list(units.values()),
                [],
                SINCE.replace(day=1),
                AS_OF.replace(day=1),
                [],
                None,
            ],
        )
    return (time.perf_counter() - began) * 1000


NAIVE = """
select s.month, u.section_id, count(*)
from generate_series(%(since)s::date, %(as_of)s::date, interval '1 month') s(month)
join people_membership m on m.home and upper_inf(m.recorded) and m.valid @> s.month::date
join structure_unit u on u.id = m.unit_id
group by 1, 2
"""


def _naive(made: build.Organisation) -> float:
    with psycopg.connect(**made.running.superuser()) as superuser:
        began = time.perf_counter()
        superuser.execute(NAIVE, {"since": SINCE, "as_of": AS_OF}).fetchall()
        return (time.perf_counter() - began) * 1000


def _duckdb(made: build.Organisation) -> str:
    """Return what DuckDB takes for the same sums over the movements in a Parquet file."""
    try:
        import duckdb
    except ImportError:
        return "not installed here"
    table, file = made.home / "movements.csv", made.home / "movements.parquet"
    with (
        psycopg.connect(**made.running.superuser()) as superuser,
        table.open("wb") as target,
    ):
        statement = (
            "copy (select u.section_id, m.day, m.flow, m.delta from people_movement m"
            " join structure_unit u on u.id = m.unit_id where m.counts) to stdout with csv header"
        )
        with superuser.cursor().copy(statement) as source:
            for block in source:
                target.write(block)
    duck = duckdb.connect()
    duck.execute("set threads = 2")
    duck.execute(f"copy (select * from read_csv('{table}')) to '{file}' (format parquet)")
    question = (
        "select section_id, date_trunc('month', day), flow, sum(delta)"
        f" from read_parquet('{file}') group by all"
    )
    return f"{_median(lambda: duck.execute(question).fetchall(), 5):.0f} ms"


def _structure(persons: int) -> list[str]:
    from django.db import transaction

    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.kernel import clock
    from groundswell.structure import actions as structure
    from groundswell.structure.models import Unit

    founding, moving = [], []
    for number in range(9):
        with scope.operator("bench"):
            at, today = clock.now(), clock.today()
            began = time.perf_counter()
            with transaction.atomic():
                new = structure.NewUnit(f"N{number}-{persons}", {"en": "New"}, "branch", "S0-R0", today)
                structure.found_unit(new, actor=OPERATOR, at=at)
            founding.append((time.perf_counter() - began) * 1000)
            code = f"B{number + persons // 1000}"
            unit, parent = Unit.objects.get(code=code), Unit.objects.get(code="S24-R8")
            began = time.perf_counter()
            with transaction.atomic():
                structure.move_unit(unit, parent=parent, day=today, actor=OPERATOR, at=at)
            moving.append((time.perf_counter() - began) * 1000)
    return [
        f"founding a branch | {statistics.median(founding):.0f} ms | no row of a person is written",
        f"moving a branch to another section | {statistics.median(moving):.0f} ms | the same",
    ]


if __name__ == "__main__":
    sys.stdout.write(grown())
