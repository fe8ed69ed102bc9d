"""What `kill -9` on the database costs: nothing that was acknowledged, or the drill would show it.

Writers insert numbered rows, each in a transaction of its own, and note a number once its COMMIT
has been acknowledged. Then every process of the server is killed at once, the server is started
again, and every noted number must be there. The same drill with `synchronous_commit = off` must
lose some: that shows that it can see a loss. (The server's memory dies with its processes; what
the operating system has been given survives them. Power cuts are another drill.)
"""

import os
import random
import signal
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from groundswell.ground import cluster, embedded, environment, server

WRITERS = 4
# How long a commit that waits for no disk may stay in memory alone: PostgreSQL's longest.
LAZY = {"synchronous_commit": "off", "wal_writer_delay": "10s"}


@dataclass
class Outcome:
    """What a drill found. `lost` are acknowledged rows that were gone, `doubled` rows found twice."""

    rounds: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    rounds_with_loss: int = 0
    restarts: list[float] = field(default_factory=list)


def drill(rounds: int, settings: dict[str, str] | None = None, seed: int = 1) -> Outcome:
    """Kill the database `rounds` times under its writers; return what was lost."""
    outcome = Outcome()
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="gs-kill-") as place:
        home = environment.load({"GROUNDSWELL_HOME": str(Path(place) / "home")})
        with cluster.cluster(home, settings=settings or {}) as running:
            _execute(running, "CREATE TABLE kept (writer int, number bigint)")
        for _ in range(rounds):
            _round(home, settings or {}, chance.uniform(0.05, 0.3), outcome)
    return outcome


def _round(home: environment.Environment, settings: dict[str, str], seconds: float, outcome: Outcome) -> None:
    with cluster.cluster(home, settings=settings) as running:
        _execute(running, "DELETE FROM kept")
        _execute(running, "CHECKPOINT", role="postgres")
        noted = _write_until_killed(running, seconds)
    began = time.monotonic()
    with cluster.cluster(home, settings=settings) as running:
        outcome.restarts.append(time.monotonic() - began)
        with psycopg.connect(**running.superuser()) as connection:
            rows = connection.execute("SELECT writer, number FROM kept").fetchall()
    found = set(rows)
    lost = sum((writer, number) not in found for writer, numbers in noted.items() for number in numbers)
    outcome.rounds += 1
    outcome.acknowledged += sum(map(len, noted.values()))
    outcome.lost += lost
    outcome.doubled += len(rows) - len(found)
    outcome.rounds_with_loss += lost > 0


def _write_until_killed(running: cluster.Cluster, seconds: float) -> dict[int, list[int]]:
    noted: dict[int, list[int]] = {writer: [] for writer in range(WRITERS)}
    ready = threading.Barrier(WRITERS + 1)

    def write(writer: int) -> None:
        with psycopg.connect(**running.superuser(), autocommit=True) as connection:
            ready.wait()
            try:
                while True:
                    number = len(noted[writer])
                    connection.execute("INSERT INTO kept VALUES (%s, %s)", (writer, number))
                    noted[writer].append(number)
            except psycopg.OperationalError:
                return  # killed: what was noted until now is what was acknowledged

    writers = [threading.Thread(target=write, args=(writer,)) for writer in noted]
    for thread in writers:
        thread.start()
    ready.wait()
    time.sleep(seconds)
    kill_every_process(running.environment)
    for thread in writers:
        thread.join()
    return noted


def kill_every_process(home: environment.Environment) -> None:
    """Kill the server and all its children, as a crash of the machine's memory would."""
    number = server.pid(embedded.Home(home).places)
    if number is None:
        raise RuntimeError("The drill found no server to kill.")
    children = [
        int(child)
        for task in Path(f"/proc/{number}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    for process in (number, *children):
        os.kill(process, signal.SIGKILL)


def _execute(running: cluster.Cluster, statement: str, role: str = "gs_owner") -> None:
    with psycopg.connect(**running.parameters(role), autocommit=True) as connection:
        connection.execute(statement)


def run(rounds: int = 100) -> str:
    """Return the drill's figures for bench/RESULTS.md."""
    safe, lazy = drill(rounds), drill(max(3, rounds // 10), LAZY)
    if safe.lost or safe.doubled:
        raise SystemExit(f"{safe.lost} acknowledged rows lost, {safe.doubled} doubled.")
    if not lazy.lost:
        raise SystemExit("The drill cannot see a loss: synchronous_commit = off lost nothing.")
    slowest = max(safe.restarts) * 1000
    return (
        "## `kill -9` on the database\n\n"
        "| synchronous_commit | rounds | rows acknowledged | lost | doubled | rounds with a loss |\n"
        "|---|---|---|---|---|---|\n"
        f"| on (ours) | {safe.rounds} | {safe.acknowledged:,} | {safe.lost} | {safe.doubled} "
        f"| {safe.rounds_with_loss} |\n"
        f"| off (the counter-proof) | {lazy.rounds} | {lazy.acknowledged:,} | {lazy.lost:,} | {lazy.doubled} "
        f"| {lazy.rounds_with_loss} |\n\n"
        f"Four writers; every process of the server killed at once; the slowest of {safe.rounds} restarts, "
        f"recovery included, took {slowest:.0f} ms.\n"
    )


if __name__ == "__main__":
    sys.stdout.write(run(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
