"""`kill -9` on an import at any moment: the next one goes on, nobody is lost and nobody is doubled."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
HEADER = "Name,E-Mail,Ort,Eintritt,Tags"


def drill(world, database_name, folder: Path, *, rows: int, rounds: int) -> tuple[int, dict[str, int]]:
    """Take a list in under fire; return how often the importer was killed at work, and what is there."""
    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.exchange import actions
    from groundswell.exchange.models import Line
    from groundswell.people.models import Contact, Membership, Person, Tag
    from stage import NOW

    path = folder / "list.csv"
    lines = [f"Number {n} Nettle,n{n}@example.org,Wien,2024-03-01,choir" for n in range(rows)]
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    with scope.operator("the drill"):
        unit = world.unit["DEPOT"]
        batch = actions.stage(
            path, name="list.csv", unit=unit, wanted=actions.Wanted(), actor=OPERATOR, at=NOW
        )
        actions.start(batch, actor=OPERATOR)
    ran = subprocess.run(
        [sys.executable, str(HERE / "killed_importer.py"), database_name, str(batch.pk), str(rounds)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(HERE.parent)},
    )
    with scope.operator("the drill"):
        batch.refresh_from_db()
        theirs = Person.objects.filter(name__endswith=" Nettle")
        there = {
            "waiting": Line.objects.filter(batch=batch, outcome="waiting").count(),
            "new": batch.new,
            "people": theirs.count(),
            "names": theirs.values("name").distinct().count(),
            "members": Membership.objects.filter(person__in=theirs).count(),
            "contacts": Contact.objects.filter(person__in=theirs).count(),
            "tags": Tag.objects.filter(person__in=theirs).count(),
        }
    return int(ran.stdout), there


def expected(rows: int) -> dict[str, int]:
    return {"waiting": 0} | dict.fromkeys(("new", "people", "names", "members", "contacts", "tags"), rows)


def test_an_import_that_is_killed_goes_on_and_loses_and_doubles_nobody(
    committed_world, database_name, tmp_path
):
    killed, there = drill(committed_world, database_name, tmp_path, rows=60, rounds=4)
    assert killed == 4
    assert there == expected(60)


@pytest.mark.drill
def test_a_hundred_kills_lose_and_double_nobody(committed_world, database_name, tmp_path, record_property):
    killed, there = drill(committed_world, database_name, tmp_path, rows=2_000, rounds=100)
    record_property("rounds", killed)
    record_property("rows", 2_000)
    record_property("lost or doubled", sum(abs(there[of] - n) for of, n in expected(2_000).items()))
    assert killed == 100
    assert there == expected(2_000)
