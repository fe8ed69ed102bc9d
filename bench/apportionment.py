"""How long an apportionment takes: 300 seats to 40 units, every rule, with every seat's reason."""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial

from groundswell.calc.apportionment import RULES, Apportionment, apportion
from groundswell.calc.apportionment.render import as_json

SEATS, UNITS, REPEATS = 300, 40, 50


def run() -> str:
    """Return a Markdown section with the best of 50 runs for each rule."""
    draw = random.Random("apportionment")
    votes = {f"unit {number}": draw.randint(100, 99_999) for number in range(UNITS)}
    lines = [
        "## Apportionment: 300 seats to 40 units (goal: 1 ms)",
        "",
        "| rule | seats with their working | and rendered for JSON |",
        "| --- | ---: | ---: |",
    ]
    for method in RULES:
        seats = partial(apportion, votes, SEATS, method)
        plain, shown = _best(seats), _best(partial(_shown, seats))
        lines.append(f"| {method} | {plain * 1e3:.2f} ms | {shown * 1e3:.2f} ms |")
    lines += ["", f"The command answers in {_start_up() * 1e3:.0f} ms, interpreter included (goal: 300 ms)."]
    return "\n".join(lines) + "\n"


def _start_up() -> float:
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write(json.dumps({"A": 100, "B": 80}))
        file.flush()
        words = ["apportion", file.name, "--method", "dhondt", "--seats", "8"]
        program = f"from groundswell.cli.main import main; main({words!r})"
        command = [sys.executable, "-c", program]
        return min(_once(command) for _ in range(5))


def _once(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def _shown(seats: Callable[[], Apportionment]) -> dict[str, object]:
    return as_json(seats())


def _best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    print(run())
