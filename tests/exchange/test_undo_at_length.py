"""Undoing a large import takes less than half as long as bringing it in."""

import time

import files
import pytest

from groundswell.access.actor import OPERATOR
from groundswell.exchange import actions
from groundswell.kernel import clock
from groundswell.people.models import Person
from stage import NOW

HEADER = ("Name", "E-Mail", "Telefon", "Ort", "Eintritt", "Bezahlt bis", "Tags", "Bemerkung")


def one(number: int) -> tuple[str, ...]:
    word = "".join(chr(97 + int(figure)) for figure in str(number))
    return (
        f"Ada{word} Amber{word}",
        f"ada{number}@example.org",
        f"+43660{1_000_000 + number}",
        "Wien",
        "2024-03-01",
        "2024-12-31",
        "choir;press",
        "sings",
    )


@pytest.mark.drill
def test_twenty_thousand_people_are_undone_in_less_than_half_the_time_they_took(
    world, tmp_path, record_property
):
    there = Person.objects.count()
    path = files.written(tmp_path, files.text(rows=[one(n) for n in range(20_000)], header=HEADER))
    started = time.perf_counter()
    batch = actions.stage(
        path, name="l", unit=world.unit["DEPOT"], wanted=actions.Wanted(), actor=OPERATOR, at=NOW
    )
    actions.start(batch, actor=OPERATOR)
    while actions.run_chunk(batch, at=clock.now()):
        pass
    actions.finish(batch, actor=OPERATOR, at=NOW)
    brought = time.perf_counter()
    assert Person.objects.count() == there + 20_000
    undone = actions.undo(batch, actor=OPERATOR, at=clock.now())
    ended = time.perf_counter()
    record_property("brought in, s", brought - started)
    record_property("undone, s", ended - brought)
    assert (undone.erased, undone.stay) == (20_000, 0)
    assert Person.objects.count() == there
    assert ended - brought < (brought - started) / 2
