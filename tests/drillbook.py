"""What the drills told: `make drills` writes a row of `bench/RESULTS.md` for each that ran.

A drill is a function marked `drill`; its cases (parameters) are one row. The figures of a row are what its
cases recorded (`record_property("rounds", 100)`): numbers are added up over the cases, all else stands once.
A drill that does not run keeps the row of its last time.
"""

import datetime as dt
import re
from dataclasses import dataclass, field

import pytest
from bench import run

SECTION = "drills"
HEAD = """## Drills

Faults, load and walks at length: each drill is a test, and these are all that ran, with the figures they
recorded of themselves. Seconds are those of all its cases together, setting up left aside.

| drill | of | figures | cases that held | seconds | on |
|---|---|---|---:|---:|---|
"""
ROW = re.compile(r"^\| (?P<name>\w.*?) \| `(?P<module>[^`]+)` \|.*\|$", re.MULTILINE)


@dataclass
class Drill:
    """The cases of one drill in this run, and what they recorded."""

    ran: bool = False
    cases: int = 0
    held: int = 0
    seconds: float = 0.0
    figures: dict[str, object] = field(default_factory=dict)

    def take(self, report: pytest.TestReport) -> None:
        """Add how a case went and what it recorded."""
        self.ran = True
        self.held += report.passed
        self.seconds += report.duration
        for name, said in report.user_properties:
            before = self.figures.get(name)
            both = isinstance(before, int | float) and isinstance(said, int | float)
            self.figures[name] = before + said if both else said

    def row(self, name: str, module: str) -> str:
        """Return its line of the table."""
        figures = "; ".join(f"{what} {_number(said)}" for what, said in self.figures.items())
        day = dt.datetime.now(dt.UTC).date()
        held = f"{self.held} of {self.cases}"
        return f"| {name} | `{module}` | {figures} | {held} | {self.seconds:,.0f} | {day} |"


class Drillbook:
    """A plugin of pytest: hears of every case and writes the rows when the run is over."""

    def __init__(self) -> None:
        self.drills: dict[tuple[str, str], Drill] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Count the cases that are to run: a run may be cut short."""
        for item in session.items:
            self.drills.setdefault(_place(item.nodeid), Drill()).cases += 1

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take a case that ran, or that could not be set up."""
        if report.when == "call" or (report.when == "setup" and report.failed):
            self.drills[_place(report.nodeid)].take(report)

    def pytest_sessionfinish(self) -> None:
        """Write the rows of what ran among those of what did not."""
        ran = {place: drill for place, drill in self.drills.items() if drill.ran}
        if ran:
            before = run.kept().get(SECTION, "")
            rows = {(row["module"], row["name"]): row[0] for row in ROW.finditer(before)}
            rows |= {(path, name): drill.row(name, path) for (path, name), drill in ran.items()}
            run.put(SECTION, HEAD + "\n".join(rows[one] for one in sorted(rows)))


def _place(case: str) -> tuple[str, str]:
    """Return the module of a case and the sentence that its drill is called by."""
    path, _colons, function = case.partition("::")
    return path, function.partition("[")[0].removeprefix("test_").replace("_", " ")


def _number(said: object) -> str:
    if isinstance(said, float):
        return f"{said:,.1f}"
    return f"{said:,}" if isinstance(said, int) else str(said)
