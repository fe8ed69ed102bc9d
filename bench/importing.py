"""A list of a hundred thousand people, then of a million, brought in by the command itself.

Each into an installation of its own. The whole of it counts: reading, understanding, finding who is known,
sealing, writing with trail and figures. The floor is COPY of the same file into a bare table. The shorter
one comes once more, which must double nobody. The memory is compared with that for ten rows.
"""

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from searching import Namer

SHORT: Final = int(os.environ.get("BENCH_IMPORT_ROWS", "100000"))
LONG: Final = 10 * SHORT
GOAL_SECONDS: Final = 60
GOAL_MIB: Final = 64
TOWNS: Final = ("Wien", "Graz", "Linz", "Salzburg", "Innsbruck", "Klagenfurt", "Villach", "Wels", "Steyr")
HEADER: Final = (
    "Given name", "Family name", "E-mail", "Phone", "Town", "Postcode", "Joined", "Paid until", "Tags",
)  # fmt: skip

FOUNDED: Final = (
    "--name", "Bench", "--secretary", "a@example.org", "--kind", "section", "--code", "BENCH",
    "--founded-on", "2000-01-01",
)  # fmt: skip


@dataclass(frozen=True)
class Ran:
    """What a command said, how long it took, its processor seconds and its largest resident size."""

    said: str
    seconds: float
    cpu: float
    mib: float


def run() -> str:
    """Make the installations and the files, measure, and return a section of Markdown."""
    with tempfile.TemporaryDirectory(prefix="bench-import-") as folder:
        path = Path(folder) / "list.csv"
        few = _founded(Path(folder) / "few", path, 10)()
        bring = _founded(Path(folder) / "short", path, SHORT)
        first, again = bring(), bring()
        floor = _copied(path)
        long = _founded(Path(folder) / "long", path, LONG)()
    return _report(few, first, again, long, floor)


def _founded(home: Path, path: Path, rows: int) -> Callable[[], Ran]:
    """Make an installation and the list; return what brings the list in."""
    write_list(path, rows)
    groundswell(home, "migrate")
    groundswell(home, "found", *FOUNDED)
    return lambda: groundswell(home, "import", "people", str(path), "--unit", "BENCH", "--format", "json")


def write_list(path: Path, rows: int) -> None:
    """Write a list of people as a program would export it; the same one every time."""
    chance = random.Random(11)
    namer = Namer(chance)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(HEADER)
        for number in range(rows):
            given, _blank, family = namer.name().partition(" ")
            day = f"{chance.randint(1, 28):02d}.{chance.randint(1, 12):02d}.{chance.randint(2010, 2023)}"
            reached = f"p{number}@example.org", f"+43 660 {1_000_000 + number}"
            place = chance.choice(TOWNS), str(chance.randint(1000, 9999))
            tag = chance.choice(("choir", "van", ""))
            writer.writerow((given, family, *reached, *place, day, "31.12.2024", tag))


def groundswell(home: Path, *words: str) -> Ran:
    """Run a command in an installation and say what it took."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "groundswell.cli", *words],
        env={**os.environ, "GROUNDSWELL_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = process.stdout.read()
    _pid, status, used = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"groundswell {' '.join(words)}: {said[-2000:]}")
    seconds = time.perf_counter() - began
    return Ran(said, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _copied(path: Path) -> float:
    """Return the seconds of COPY of the same file into a bare table: the floor."""
    from row_security import database

    with database() as parameters, psycopg.connect(**parameters("postgres"), autocommit=True) as superuser:
        columns = ", ".join(f"c{place} text" for place in range(len(HEADER)))
        superuser.execute(f"create table bare_list ({columns})")
        began = time.perf_counter()
        copying = "copy bare_list from stdin (format csv, delimiter ';', header)"
        with superuser.cursor() as cursor, path.open("rb") as stream, cursor.copy(copying) as copy:
            while block := stream.read(1 << 16):
                copy.write(block)
        return time.perf_counter() - began


def _report(few: Ran, first: Ran, again: Ran, long: Ran, floor: float) -> str:
    said = [one.said.strip().splitlines()[-1] for one in (first, again, long)]
    rows = (
        (f"{SHORT:,}, the first time", first, f"≤ {GOAL_SECONDS} s"),
        (f"{SHORT:,}, the same file again", again, "none doubled"),
        (f"{LONG:,}", long, f"≤ {GOAL_SECONDS * LONG // SHORT} s"),
        ("10", few, ""),
    )
    lines = [
        "## Bringing a list in",
        "",
        "Rows with name, e-mail, phone, town, postcode, days and tags, brought in by the command: read,",
        "understood, held against everybody known, sealed, written with trail and figures.",
        "",
        "| rows | seconds | processor s | largest MiB | more than for ten rows | goal |",
        "|---|---:|---:|---:|---:|---|",
        *(
            f"| {what} | {one.seconds:.1f} | {one.cpu:.1f} | {one.mib:.0f} | {one.mib - few.mib:.0f}"
            f" | {goal} |"
            for what, one, goal in rows
        ),
        f"| {SHORT:,}: COPY of the file into a bare table (floor) | {floor:.1f} | | | | |",
        "",
        f"Goal of the memory that {SHORT:,} rows take: ≤ {GOAL_MIB} MiB. It said first",
        f"`{said[0]}`,",
        f"then `{said[1]}`,",
        f"and of the long list `{said[2]}`.",
    ]
    return "\n".join(lines) + "\n"
