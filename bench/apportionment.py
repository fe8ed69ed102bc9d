"""How long an apportionment takes: 300 seats to 40 units, every rule, with every seat's reason."""

import random
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
    return "\n".join(lines) + "\n"


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
