"""A list of a hundred thousand people, brought in by the command itself into an installation of its own.

The whole of it counts: reading, understanding, finding who is known, sealing, writing with trail and
figures. The floor is COPY of the same file into a bare table. Then the same file once more, which must
double nobody, and the memory that the command took.
"""

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from searching import Namer

ROWS: Final = int(os.environ.get("BENCH_IMPORT_ROWS", "100000"))
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
    """Make the installation and the file, measure, and return a section of Markdown."""
    with tempfile.TemporaryDirectory(prefix="bench-import-") as folder:
        home, path = Path(folder) / "home", Path(folder) / "list.csv"
        write_list(path, ROWS)
        groundswell(home, "migrate")
        groundswell(home, "found", *FOUNDED)
        idle = groundswell(home, "import", "undo", "1", check=False)
        first = groundswell(home, "import", "people", str(path), "--unit", "BENCH", "--format", "json")
        again = groundswell(home, "import", "people", str(path), "--unit", "BENCH", "--format", "json")
        floor = _copied(path)
    return _report(first, again, idle, floor)


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


def groundswell(home: Path, *words: str, check: bool = True) -> Ran:
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
    if check and status:
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


def _report(first: Ran, again: Ran, idle: Ran, floor: float) -> str:
    more = first.mib - idle.mib
    said = [one.said.strip().splitlines()[-1] for one in (first, again)]
    lines = [
        "## Bringing a list in",
        "",
        f"{ROWS:,} rows with name, e-mail, phone, town, postcode, days and tags, brought in by the",
        "command: read, understood, held against everybody known, sealed, written with trail and figures.",
        "",
        "| what | seconds | processor s | largest MiB | goal |",
        "|---|---:|---:|---:|---|",
        f"| first time | {first.seconds:.1f} | {first.cpu:.1f} | {first.mib:.0f} | ≤ {GOAL_SECONDS} s |",
        f"| the same file again | {again.seconds:.1f} | {again.cpu:.1f} | {again.mib:.0f} | none doubled |",
        f"| the command with nothing to do | {idle.seconds:.1f} | {idle.cpu:.1f} | {idle.mib:.0f} | |",
        f"| floor: COPY of the file into a bare table | {floor:.1f} | | | |",
        "",
        f"The rows took {more:.0f} MiB more than the command itself (goal ≤ {GOAL_MIB}). It said first",
        f"`{said[0]}`, then `{said[1]}`.",
    ]
    return "\n".join(lines) + "\n"
