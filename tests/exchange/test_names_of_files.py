"""What a file is called may be a person's name: sealed while its list waits, then gone, and in no trail."""

import datetime as dt
import json

import files
import pytest
from django.db import transaction
from test_import_own_fields import taken_in
from test_import_pages import chosen, file_of, staged, understood

from groundswell.access import gate, proving, scope
from groundswell.access.actor import OPERATOR
from groundswell.exchange import actions, queries
from groundswell.exchange.models import Batch, FileName, Line, Upload
from groundswell.ground import collector
from groundswell.people.models import Person
from stage import NOW, sql

CANARY = "Mitglied Anna Canary.csv"
HEADER = ("Name", "Ort")
ROW = ("Zoe Zinc", "Wien")
SEEN = "CSV of 15 July 2024"


def everywhere() -> str:
    """Return all that the tables of the room and the trail hold, as the database writes it."""
    tables = ("exchange_batch", "exchange_upload", "exchange_filename", "exchange_line", "access_trail")
    rows = [sql(f"select row_to_json(t)::text from {table} t") for table in tables]
    payloads = sql("select coalesce(old::text, '') || coalesce(new::text, '') from access_trailpayload")
    return repr([rows, payloads])


def test_a_list_is_called_as_its_file_while_it_waits_and_by_its_form_and_day_afterwards(
    world, browser_of, work
):
    ada = browser_of("ada")
    answer = ada.post("/lists/import/", {"unit": "DEPOT", "file": file_of(ROW, name=CANARY, header=HEADER)})
    assert CANARY in ada.get(answer.url).content.decode()
    assert "Canary" not in everywhere()
    batch = Batch.objects.get(pk=int(understood(ada, answer).url.rstrip("/").rsplit("/", 1)[1]))
    address = f"/lists/import/{batch.pk}/"
    for page in (address, "/lists/import/"):
        assert CANARY in ada.get(page).content.decode()
    assert CANARY in browser_of("bela").get(address).content.decode()
    assert "Canary" not in everywhere()
    ada.post(f"{address}start/", {"step": "start"})
    assert not FileName.objects.exists()
    assert SEEN in ada.get(address).content.decode()
    work(batch)
    for page in (address, f"{address}undo/", "/lists/import/"):
        shown = ada.get(page).content.decode()
        assert SEEN in shown
        assert "Canary" not in shown
    # Two lists of a day are told apart by what she said of them.
    assert "sign-up sheet" in ada.get("/lists/import/").content.decode()


def test_the_command_keeps_no_name_of_its_file_for_an_origin(world, bring):
    batch = taken_in(bring(ROW, header=HEADER))
    assert (batch.origin, queries.title_of(batch)) == ("", SEEN)


def test_a_name_goes_with_its_list_and_with_anybody_of_the_section_who_is_erased(world, browser_of, bring):
    ada = browser_of("ada")
    thrown = staged(ada, ROW, header=HEADER, name=CANARY)
    ada.post(f"/lists/import/{thrown.pk}/start/", {"step": "forget"})
    assert not FileName.objects.exists()
    old = bring(ROW, header=HEADER)
    assert FileName.objects.filter(batch=old).exists()
    actions.forget_rows(now=NOW + dt.timedelta(days=31))
    assert not FileName.objects.exists()
    waits, elsewhere = bring(ROW, header=HEADER), bring(ROW, header=HEADER, unit="PIER")
    actions.forget_person(world.person["chidi"], OPERATOR)
    assert [one.batch_id for one in FileName.objects.all()] == [elsewhere.pk]
    assert queries.titles_of([waits, elsewhere]) == {waits.pk: SEEN, elsewhere.pk: "l"}


def test_nobody_out_of_reach_reads_a_name(world, browser_of):
    batch = staged(browser_of("ada"), ROW, header=HEADER, name=CANARY)
    with scope.nobody():
        assert not FileName.objects.exists()
    with scope.session(world.signed_in("sven")):
        assert queries.titles_of([batch]) == {batch.pk: SEEN}
    with scope.session(world.signed_in("bela")):
        assert queries.titles_of([batch]) == {batch.pk: CANARY}


def test_a_file_chosen_before_names_were_sealed_has_none_and_can_still_be_read(world, browser_of):
    ada = browser_of("ada")
    answer = chosen(ada, ROW, header=HEADER, name=CANARY)
    Upload.objects.update(name=b"")
    page = ada.get(answer.url).content.decode()
    assert "List of 15 July 2024" in page
    assert understood(ada, answer).status_code == 302


def write_as_before(unit, origin):
    """Write down a list that came in, with its name in clear, as the table was then."""
    said = {"unit_id": unit.pk, "digest": b"\0" * 32, "today": "2024-07-15", "file_name": CANARY}
    plain = {"columns": "[]", "mapping": "{}", "kind": "member", "basis": "", "form": "CSV, UTF-8"}
    counts = dict.fromkeys(("rows", "new", "known", "doubtful", "refused", "passed"), 0)
    row = said | plain | counts | {"origin": origin, "state": "done", "created_at": NOW}
    places = ", ".join(["%s"] * len(row))
    sql(f"insert into exchange_batch ({', '.join(row)}) values ({places})", *row.values())


# Both migrations stay as they are, and every new database goes through them.
@pytest.mark.drill
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_names_of_old_lists_go_from_table_and_trail_and_what_waits_goes_there_and_back(
    committed_world, tmp_path
):
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    owner = connections["owner"]

    def migrate(name: str) -> None:
        gate.prepare_migrations(owner)
        with collector.resting():
            MigrationExecutor(owner).migrate([("exchange", name)])

    waits = waiting(committed_world, tmp_path)
    migrate("0007_rows_foreseen")
    look_there(committed_world, waits)
    with scope.operator("a list of before"):
        for origin in (CANARY, "sign-up sheet"):
            write_as_before(committed_world.unit["DEPOT"], origin)
        sql("update exchange_batch set state = 'undone' where state = 'done'")
        assert sql("select count(*) from access_trailpayload where new::text like '%Canary%'") == [(4,)]
    migrate("0008_names_of_files")
    owner.close()
    with scope.operator("what is left"):
        assert "Canary" not in everywhere()
        assert sorted(Batch.objects.values_list("origin", "state")) == [
            ("", "staged"),
            ("", "undone"),
            ("sign-up sheet", "undone"),
        ]
        # What was done stands there still, by whom and when; what else the trail holds is untouched.
        kinds = (
            "select op from access_trail where table_name = 'exchange_batch' and row_id <> %s"
            " order by stamp, id"
        )
        assert [op for (op,) in sql(kinds, str(waits.pk))] == [
            "insert",
            "insert",
            "update",
            "update",
            "update",
        ]
        assert sql("select count(*) from access_trailpayload where new is not null")[0][0] > 20
    assert [one.what for one in proving.verify() if one.what == "payload"] == []
    assert json.dumps(CANARY) not in everywhere_as_operator()
    with scope.operator("what waited"):
        assert queries.upload_name(Upload.objects.get()) == "List of 15 July 2024"
        done = taken_in(Batch.objects.select_related("unit").get(pk=waits.pk))
        assert (done.new, done.refused) == (1, 1)
        assert Person.objects.filter(name="Zoe Zinc").exists()


def look_there(world, waits) -> None:
    """See that what waits has no name before names were sealed, and that somebody can be erased there."""
    names = "select file_name from exchange_batch union all select file_name from exchange_upload"
    with scope.operator("a list of before"), transaction.atomic():
        assert sql(names) == [("",), ("",)]
        # She is in a row that waits, and the chosen file goes whole.
        marked = Line.objects.get(batch=waits, number=2).marks
        assert sql("select exchange_forget(%s, %s)", world.person["ada"].pk, marked) == [(1,)]
        assert sql("select count(*) from exchange_upload") == [(0,)]
        transaction.set_rollback(True)


def waiting(world, folder) -> Batch:
    """Leave a list of two rows waiting, one of them refused, and beside it a file that was chosen."""
    path = files.written(folder, files.text(rows=[ROW, ("", "Wien")], header=HEADER))
    here = {"unit": world.unit["DEPOT"], "actor": OPERATOR, "at": NOW}
    with scope.operator("a list that waits"):
        actions.receive(path.read_bytes(), name=CANARY, **here)
        return actions.stage(path, name=CANARY, wanted=actions.Wanted(), **here)


def everywhere_as_operator() -> str:
    with scope.operator("what is left"):
        return everywhere()


def test_the_operator_is_told_nothing_else_by_a_batch(world, bring):
    batch = bring(ROW, header=HEADER)
    assert str(batch) != "l"
    assert str(batch) == f"a list of 2024-07-15 into {world.unit['DEPOT'].pk}"
    assert str(FileName.objects.get()) == f"the name of list {batch.pk}"
    assert actions.throw_away(batch, actor=OPERATOR) is None
