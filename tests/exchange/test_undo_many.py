"""Many are erased as one is: nothing declared of them stays, and what guards one guards them all."""

import files
import pytest
from django.db import DatabaseError, transaction
from test_import_own_fields import taken_in

from groundswell.access import erasing, personal
from groundswell.access.actor import OPERATOR
from groundswell.duplicates.models import Likeness
from groundswell.exchange import actions
from groundswell.people.models import Hold, Person
from stage import NOW, signed_in, sql

HEADER = ("Name", "E-Mail", "Tags", "Bemerkung")
READABLE = "select has_table_privilege(%s, 'select')"
ROWS = [(f"Ada Amber{word}", f"{word}@example.org", "choir", "sings") for word in ("a", "b", "c")]


def brought(tmp_path, world, rows=ROWS):
    path = files.written(tmp_path, files.text(rows=rows, header=HEADER))
    said = {"unit": world.unit["DEPOT"], "wanted": actions.Wanted(), "actor": OPERATOR, "at": NOW}
    return taken_in(actions.stage(path, name="l", **said))


def rows_of(numbers) -> dict[str, int]:
    """Return how many rows each declared table that an erasure empties still holds of these persons."""
    found = {}
    for one in personal.tables():
        if one.erase == "delete" and not one.via and sql(READABLE, one.table) == [(True,)]:
            counted = sql(f"select count(*) from {one.table} where {one.person} = any(%s)", list(numbers))
            found[one.table] = counted[0][0]
    return {table: count for table, count in found.items() if count}


def test_an_undone_list_leaves_nothing_of_whom_it_made_in_any_table(world, tmp_path):
    batch = brought(tmp_path, world)
    made = list(Person.objects.filter(name__startswith="Ada Amber").exclude(name="Ada Amber"))
    assert len(made) == 3
    assert rows_of([one.pk for one in made])["people_contact"] == 3
    ada, bela = world.person["ada"], world.person["bela"]
    for one, other in ((made[0], made[1]), (ada, made[2]), (ada, bela)):
        units = {"unit": one.unit, "other_unit": other.unit, "found_at": NOW, "origin": "night"}
        Likeness.objects.create(person=one, other=other, **units)
    assert actions.undo(batch, actor=OPERATOR, at=NOW).erased == 3
    assert rows_of([one.pk for one in made]) == {}
    assert list(Likeness.objects.values_list("person", "other")) == [(ada.pk, bela.pk)]
    assert sql(
        "select count(*) from access_trailpayload where person_id = any(%s)", [one.pk for one in made]
    ) == [(0,)]


def test_nobody_but_the_worker_and_the_operator_erases_many(world):
    femi = world.person["femi"].pk
    for who in ("ada", "bela", "chidi"):
        with (
            signed_in(world, who),
            pytest.raises(DatabaseError, match="for the worker"),
            transaction.atomic(),
        ):
            erasing.erase_many([femi])
    assert Person.objects.filter(pk=femi).exists()


def test_whom_a_hold_keeps_stays_with_what_the_list_wrote(world, tmp_path):
    batch = brought(tmp_path, world)
    kept = Person.objects.select_related("unit").get(name="Ada Ambera")
    Hold.objects.create(person=kept, unit=kept.unit, why="a dispute", placed_at=NOW)
    undone = actions.undo(batch, actor=OPERATOR, at=NOW)
    assert (undone.erased, undone.stay) == (2, 1)
    assert Person.objects.filter(pk=kept.pk).exists()
    with pytest.raises(DatabaseError, match="legal hold"), transaction.atomic():
        erasing.erase_many([kept.pk, world.person["femi"].pk])
    assert Person.objects.filter(pk=world.person["femi"].pk).exists()


def test_somebody_in_two_rows_that_came_in_at_two_moments_goes_whole(world, tmp_path):
    path = files.written(
        tmp_path, files.text(rows=[ROWS[0], (*ROWS[0][:2], "press", "sings")], header=HEADER)
    )
    said = {"unit": world.unit["DEPOT"], "wanted": actions.Wanted(), "actor": OPERATOR, "at": NOW}
    batch = actions.start(actions.stage(path, name="l", **said), actor=OPERATOR)
    for hours in (0, 1):
        assert actions.run_chunk(batch, at=NOW.replace(hour=hours), most=1) == 1
    actions.finish(batch, actor=OPERATOR, at=NOW)
    batch.refresh_from_db()
    assert (batch.new, batch.known) == (1, 1)
    undone = actions.undo(batch, actor=OPERATOR, at=NOW.replace(hour=2))
    assert (undone.erased, undone.stay) == (1, 0)
