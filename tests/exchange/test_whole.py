"""An organisation leaves in an open form and arrives elsewhere: the report is the same to the last figure."""

import contextlib
import hashlib
import json
import re
import resource

import pytest
import stranger
from django.db import connections

import testbase
from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.cli import importing as bringing
from groundswell.cli import leaving as command
from groundswell.cli import main
from groundswell.exchange.actions import arriving
from groundswell.exchange.whole import leaving
from groundswell.ground.environment import Environment
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people import actions as people
from groundswell.people import queries
from groundswell.people.models import Person
from groundswell.protection import actions as protection
from groundswell.protection.models import Breach, Purpose
from groundswell.protection.queries import consents_of, minimum_age, requests_of
from groundswell.reports import contract
from groundswell.reports.actions import publish_report
from groundswell.reports.models import Frozen
from stage import NOW, ask, signed_in
from world import TODAY, at, day

REPORTS = [
    (unit, *window)
    for unit in ("FED", "TRAM", "FERRY")
    for window in (("15 July 2024", "1 January 2024"), ("1 March 2024", "1 January 2010"))
]


def reports() -> list[dict]:
    made = [contract.as_contract(ask(*one)) for one in REPORTS]
    kept = {"units", "total", "unit", "since", "as_of"}
    return [{name: value for name, value in one.items() if name in kept} for one in made]


def retold(report: dict) -> tuple[dict, str, str]:
    """Return what a report says of each unit as a stranger counts it again, and over which days."""
    lines = [report["total"] | {"code": report["unit"]}, *report["units"]]
    told = {
        line["code"]: {name: line[name] for name in stranger.COUNTED if line[name]}
        for line in lines
        if line.get("kind") != "direct"
    }
    return {code: said for code, said in told.items() if said}, report["since"], report["as_of"]


def a_sample_is_drawn(world):
    union = world.unit["TRAM"]
    accounts.give_mandate(
        world.person["chidi"], unit=union, office="auditor", day=TODAY, actor=OPERATOR, at=NOW
    )
    with signed_in(world, "chidi") as auditor:
        protection.draw_sample(union, as_of=TODAY, size=2, actor=auditor, at=NOW)


def test_the_report_is_the_same_where_the_organisation_arrives(
    committed_world, cluster, database_name, tmp_path, django_db_blocker
):
    folder = tmp_path / "organisation"
    with scope.operator("the tests"):
        chidi = committed_world.person["chidi"]
        people.put_contact(chidi, kind="email", text="chidi@example.org", actor=OPERATOR, at=NOW)
        people.write_note(chidi, text="sings", visibility="organisers", actor=OPERATOR, at=NOW)
        newsletter = Purpose.objects.get(code="newsletter")
        said = {"language": "en", "words": "I agree to letters.", "actor": OPERATOR, "at": NOW}
        protection.write_text(committed_world.unit["TRAM"], newsletter, **said)
        protection.give_consent(chidi, newsletter, how="paper", actor=OPERATOR, at=NOW)
        protection.ask(chidi, "correct", words="my name", actor=OPERATOR, at=NOW)
        told = protection.Told("A phone was lost.", NOW, NOW, accounts=["ada@example.org"])
        protection.open_breach(committed_world.unit["TRAM"], told, actor=OPERATOR, at=NOW)
        accounts.demand_factors(("secretary",), actor=OPERATOR)  # as the migrations of an empty one do
        asked = {"as_of": day("30 June 2024"), "since": day("1 January 2024")}
        published = publish_report(committed_world.unit["FED"], **asked, actor=OPERATOR, at=NOW)
        a_sample_is_drawn(committed_world)
    with scope.operator("the tests"):
        before, count = reports(), Person.objects.count()
        manifest = leaving.write(folder, today=clock.today(), at=clock.now())
        with pytest.raises(Refusal, match="not empty"):
            leaving.write(folder, today=clock.today(), at=clock.now())
        with pytest.raises(Refusal, match="holds an organisation already"):
            arriving.arrive(folder, actor=OPERATOR)
    for told, since, as_of in map(retold, before):
        recounted = stranger.recount(folder, since, as_of)
        assert {code: recounted[code] for code in told} == told
    written = (folder / "people.Contact.jsonl").read_text()
    assert json.loads(written)["value"] == "chidi@example.org"
    assert "password" not in (folder / "accounts.Account.jsonl").read_text()
    assert (folder / "people.Person.jsonl").stat().st_mode & 0o077 == 0
    assert {one["table"]: one["rows"] for one in manifest["tables"]}["people.Person"] == count

    connections.close_all()
    testbase.clone(cluster, database_name)
    with scope.operator("the tests"):
        clock.set_today(TODAY)
        arriving.arrive(folder, actor=OPERATOR)
    with scope.operator("the tests"):
        assert Person.objects.count() == count
        assert reports() == before
        assert bytes(Frozen.objects.get().digest) == bytes(published.digest)
        chidi = Person.objects.get(name="Chidi Cove")
        assert [one.value for one in queries.contacts_of([chidi])[chidi.pk]] == ["chidi@example.org"]
        assert queries.by_contact("email", "Chidi@example.org") == [chidi.pk]
        assert [one.text for one in queries.notes_of(chidi)] == ["sings"]
        (consent,) = consents_of(chidi)
        assert (consent.purpose.code, consent.text.words) == ("newsletter", "I agree to letters.")
        assert [one.words for one in requests_of(chidi.pk)] == ["my name"]
        assert Breach.objects.get().accounts == [committed_world.account["ada"].pk]
        assert minimum_age(committed_world.unit["TRAM"], "entry").years == 14
        again = people.add_person(
            committed_world.unit["DEPOT"], name="Nia New", actor=OPERATOR, at=at("15 July 2024")
        )
        assert again.pk > chidi.pk


def test_the_command_writes_the_directory_and_refuses_one_that_is_not_empty(
    world, tmp_path, monkeypatch, capfd
):
    monkeypatch.setattr(command, "joined", contextlib.nullcontext)
    folder = tmp_path / "organisation"
    assert main(["export", "organisation", "--out", str(folder), "--format", "json"]) == 0
    said = json.loads(capfd.readouterr().out)
    assert said["tables"]["people.Person"] == Person.objects.count()
    assert main(["export", "organisation", "--out", str(folder)]) == 2
    assert capfd.readouterr().err == "organisation is not empty; name a new directory.\n"
    # Where there is no room for all of it, nothing stays of it.
    before, small = resource.getrlimit(resource.RLIMIT_FSIZE), tmp_path / "small"
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, before[1]))
    try:
        assert main(["export", "organisation", "--out", str(small)]) == 2
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert capfd.readouterr().err == f"{small} cannot be written: File too large.\n"
    assert list(small.iterdir()) == []


@pytest.mark.parametrize("demo", [True, False])
def test_a_demo_stays_one_where_it_arrives_and_nobody_else_becomes_one(
    committed_world, cluster, database_name, tmp_path, monkeypatch, settings, demo
):
    for one in (command, bringing):
        monkeypatch.setattr(one, "joined", contextlib.nullcontext)
    settings.DEMO = demo
    settings.ENVIRONMENT = Environment(home=tmp_path)
    folder = str(tmp_path / "organisation")
    assert main(["export", "organisation", "--out", folder]) == 0
    assert main(["import", "organisation", folder]) == 2  # there is one already: it becomes no demo
    assert not settings.ENVIRONMENT.is_demo
    connections.close_all()
    testbase.clone(cluster, database_name)
    assert main(["import", "organisation", folder]) == 0
    assert settings.ENVIRONMENT.is_demo is demo
    # The clock of a demo stands where it stood: its jobs would find everything long due otherwise.
    with scope.operator("the tests"):
        assert (clock.today() == TODAY) is demo


def test_a_directory_that_was_changed_or_is_none_is_refused(
    committed_world, cluster, database_name, tmp_path
):
    folder = tmp_path / "organisation"
    with scope.operator("the tests"):
        leaving.write(folder, today=clock.today(), at=clock.now())
    connections.close_all()
    testbase.clone(cluster, database_name)
    path = folder / "people.Person.jsonl"
    path.write_text(path.read_text().replace("Chidi", "Shidi"))
    with scope.operator("the tests"), pytest.raises(Refusal, match="vouches for"):
        arriving.arrive(folder, actor=OPERATOR)
    with scope.operator("the tests"), pytest.raises(Refusal, match="lacks its manifest"):
        arriving.arrive(tmp_path, actor=OPERATOR)
    # A file that lost its end, with a manifest that vouches for what was left of it.
    kept = path.read_text().splitlines(keepends=True)
    vouched(folder, path.name, "".join(kept[:-1]), rows=len(kept))
    why = f"people.Person.jsonl holds {len(kept) - 1} rows, and the manifest says {len(kept)}"
    with scope.operator("the tests"), pytest.raises(Refusal, match=why):
        arriving.arrive(folder, actor=OPERATOR)


def vouched(folder, file, content, rows=None):
    """Write a file of the directory anew, and a manifest that vouches for it, as any stranger could."""
    (folder / file).write_text(content)
    said = json.loads((folder / "manifest.json").read_text())
    for one in said["tables"]:
        if one["file"] == file:
            one["sha256"] = hashlib.sha256(content.encode()).hexdigest()
            one["rows"] = content.count("\n") if rows is None else rows
    (folder / "manifest.json").write_text(json.dumps(said))


def test_a_stranger_s_directory_is_refused_in_a_sentence_and_its_names_are_never_run(
    committed_world, cluster, database_name, tmp_path
):
    folder = tmp_path / "organisation"
    with scope.operator("the tests"):
        person = committed_world.person["chidi"]
        people.put_contact(person, kind="email", text="chidi@example.org", actor=OPERATOR, at=NOW)
        leaving.write(folder, today=clock.today(), at=clock.now())
    connections.close_all()
    testbase.clone(cluster, database_name)
    units, contact, name = (
        json.loads((folder / f"{name}.jsonl").read_text().splitlines()[0])
        for name in ("structure.Unit", "people.Contact", "structure.UnitName")
    )
    no_row, refused = "line 1: this is no row of that table", "line 1 cannot be brought in"
    for file, row, why in [
        ("structure.Unit.jsonl", units | {'id") select 1/0 --': 1}, no_row),
        ("structure.Unit.jsonl", [1], no_row),
        ("structure.Unit.jsonl", units | {"founded_on": "no day"}, f"{refused}: invalid input"),
        ("structure.Unit.jsonl", units | {"id": 10**18}, no_row),  # nobody counts up so far
        ("structure.UnitName.jsonl", name | {"recorded": "x"}, f"{refused}: malformed range"),
        ("structure.Unit.jsonl", units | {"unit_id": 1}, no_row),
        ("people.Contact.jsonl", contact | {"value": 7}, no_row),
        ("people.Contact.jsonl", contact | {"value": "\ud800"}, no_row),
        ("people.Contact.jsonl", {"id": 1}, no_row),
        ("people.Contact.jsonl", contact | {"person_id": 888_888}, "there is no person 888888"),
        ("structure.Unit.jsonl", units, "violates foreign key constraint"),
    ]:
        kept = (folder / file).read_text()
        vouched(folder, file, json.dumps(row) + "\n")
        with pytest.raises(Refusal, match=re.escape(why)), scope.operator("the tests"):
            arriving.arrive(folder, actor=OPERATOR)
        vouched(folder, file, kept)
    kept = (folder / "manifest.json").read_text()
    (folder / "manifest.json").write_text(json.dumps(json.loads(kept) | {"demo": True, "as_of": "one day"}))
    with pytest.raises(Refusal, match="of no day that it is today"), scope.operator("the tests"):
        arriving.arrive(folder, actor=OPERATOR)
    for said in ({}, {"tables": 7}, {"tables": [7]}, {"tables": [{"table": "people.Person"}]}):
        whole = {"form": "groundswell-organisation", "version": 1} | said
        (folder / "manifest.json").write_text(json.dumps(whole))
        with pytest.raises(Refusal, match="lacks its manifest"), scope.operator("the tests"):
            arriving.arrive(folder, actor=OPERATOR)
    (folder / "manifest.json").write_text("[" * 100_000)
    with pytest.raises(Refusal, match="lacks its manifest"), scope.operator("the tests"):
        arriving.arrive(folder, actor=OPERATOR)
