"""Erasing a person: all that is declared of her goes, the figures and the seals stand, and few may."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import translation

from groundswell.access import erasing, reading, scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.accounts.models import Account
from groundswell.duplicates import actions as duplicates
from groundswell.kernel import clock
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.people import actions as people
from groundswell.people import queries
from groundswell.people.models import Hold, Person
from groundswell.protection import actions
from stage import NOW, ask, field, figures, signed_in, sql
from world import TODAY, day

CANARY = "canary.of.chidi@example.org"
# Every table that may hold the canary or the name in clear.
TEXTS = """
select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname = 'public' and has_table_privilege(c.oid, 'select')
"""


@pytest.fixture
def guarded(world):
    """Let Dana be the data protection officer of the tramworkers, and Chidi have everything one can have."""
    give = {"unit": world.unit["TRAM"], "office": "dpo", "day": day("1 January 2020")}
    accounts.give_mandate(world.person["dana"], actor=OPERATOR, at=NOW, **give)
    world.account["dana"] = accounts.create_account(
        world.person["dana"], email="dana@example.org", actor=OPERATOR
    )
    chidi = world.person["chidi"]
    people.put_contact(chidi, kind="email", text=CANARY, actor=OPERATOR, at=NOW)
    people.put_contact(chidi, kind="phone", text="+43 676 7654321", actor=OPERATOR, at=NOW)
    people.put_tags(chidi, words=["choir"], actor=OPERATOR)
    people.put_paid_until(chidi, day=day("31 December 2024"), source="hand", actor=OPERATOR, at=NOW)
    people.write_note(chidi, text="sings", visibility="organisers", actor=OPERATOR, at=NOW)
    with signed_in(world, "ada") as ada:
        reading.note([chidi.pk], actor=ada, what=reading.RECORD)
    return world


def holders(text: str) -> list[str]:
    """Return the tables that hold a text in clear."""
    found = []
    for (table,) in sql(TEXTS):
        if sql(f"select 1 from {table} t where strpos(t::text, %s) > 0 limit 1", text):
            found.append(table)
    return sorted(found)


def erase_by(world, who, whom="chidi"):
    with signed_in(world, who) as officer:
        return actions.erase_person(
            queries.person_for(officer, world.person[whom].pk, "people.erase"), actor=officer, at=NOW
        )


def test_her_officer_erases_her_and_nothing_of_her_is_left_but_a_number(guarded):
    chidi = guarded.person["chidi"]
    sql(
        "insert into procrastinate_jobs (queue_name, task_name, args) values"
        " ('default', 'mail', jsonb_build_object('to', %s::text)), ('default', 'other', '{}')",
        CANARY,
    )
    assert holders("Chidi Cove") == ["access_trailpayload", "people_person"]
    assert "procrastinate_jobs" in holders(CANARY)
    erased = erase_by(guarded, "dana")
    assert holders("Chidi Cove") == holders("chidi cove") == holders(CANARY) == []
    assert not Person.objects.filter(pk=chidi.pk).exists()
    assert sql("select 1 from keys.personkey where person_id = %s", chidi.pk) == []
    assert sql("select task_name from procrastinate_jobs where task_name in ('mail', 'other')") == [
        ("other",)
    ]
    assert sql("select 1 from access_trailpayload where person_id = %s", chidi.pk) == []
    assert {"people_person", "people_contact", "people_note", "keys.personkey"} <= set(erased.counts)
    assert erased.memberships_ended == 1


def test_her_sign_in_ends_with_her(guarded):
    browser = Client()
    browser.force_login(guarded.account["chidi"])
    assert browser.get("/").wsgi_request.actor.person_id == guarded.person["chidi"].pk
    with scope.operator("after the request"):
        erase_by(guarded, "dana")
        assert not Account.objects.filter(pk=guarded.account["chidi"].pk).exists()
    assert browser.get("/").wsgi_request.actor.account_id is None


def test_the_figures_of_every_day_up_to_today_stand_and_say_erased(guarded):
    asked = [("TRAM", "15 July 2024"), ("DEPOT", "15 July 2024"), ("DEPOT", "31 May 2024")]
    before = [figures(ask(*one).total) for one in asked]
    erase_by(guarded, "dana")
    assert [figures(ask(*one).total) for one in asked] == before
    assert before[1][0] > 0
    # From tomorrow on she has left, as whoever leaves: nobody stays a member for good by being erased.
    clock.set_today(day("16 July 2024"))
    members, _, _, left, *_ = figures(ask("DEPOT", "16 July 2024", since="15 July 2024").total)
    assert (members, left) == (before[1][0] - 1, 1)
    clock.set_today(TODAY)


def test_a_clock_that_was_ahead_when_she_joined_keeps_nobody_from_being_erased(guarded):
    chidi = guarded.person["chidi"]
    before_she_joined = NOW.replace(month=5, day=1)
    assert actions.erase_person(chidi, actor=OPERATOR, at=before_she_joined).memberships_ended == 1
    assert sql("select valid from people_membership where person_id is null or person_id = %s", chidi.pk)


def test_a_former_member_is_erased_without_any_movement(guarded):
    rows = "select count(*) from people_movement"
    before = sql(rows)
    person = people.add_person(guarded.unit["DEPOT"], name="Zed Zero", actor=OPERATOR, at=NOW)
    with signed_in(guarded, "dana") as dana:
        assert actions.erase_person(person, actor=dana, at=NOW).memberships_ended == 0
    assert sql(rows) == before


def test_erasing_breaks_no_seal_of_the_trail(guarded):
    """The sealed sums are of salted digests: the contents go, the chain stays provable."""
    chidi = guarded.person["chidi"]
    entries = sql("select trail_id from access_trailpayload where person_id = %s order by 1", chidi.pk)
    assert len(entries) > 8
    digests = "select id, digest from access_trail where id = any (%s) order by id"
    before = sql(digests, [key for (key,) in entries])
    erase_by(guarded, "dana")
    assert sql(digests, [key for (key,) in entries]) == before
    contents = "select count(*) from access_trailpayload where trail_id = any (%s) and "
    assert sql(f"{contents} coalesce(old, new) is not null", [key for (key,) in entries]) == [(0,)]


@pytest.mark.parametrize("who", ["ada", "bela", "jonas", "ines", "sven", "olga", "femi", "chidi"])
def test_nobody_else_erases_her_nor_is_handed_what_is_held_of_her(guarded, who):
    chidi = guarded.person["chidi"]
    with signed_in(guarded, who) as actor:
        with pytest.raises((NotFound, Refusal)):
            actions.erase_person(chidi, actor=actor, at=NOW)
        for call in (lambda: erasing.erase(chidi.pk), lambda: erasing.reduce(chidi.pk)):
            with pytest.raises(DatabaseError), transaction.atomic():
                call()
        with pytest.raises(DatabaseError), transaction.atomic():
            sql("select protection_leave(%s, current_date, now())", chidi.pk)
        if who != "chidi":
            with pytest.raises((NotFound, Refusal)):
                actions.hand_out(chidi, actor=actor, at=NOW)
            with pytest.raises(DatabaseError), transaction.atomic():
                erasing.held_of(chidi.pk)
    assert Person.objects.filter(pk=chidi.pk).exists()


def test_nobody_signed_out_reaches_any_of_it(guarded):
    with scope.nobody(), pytest.raises(DatabaseError), transaction.atomic():
        erasing.held_of(guarded.person["chidi"].pk)


def test_a_hold_keeps_her_and_the_reason_is_said(guarded):
    chidi = guarded.person["chidi"]
    Hold.objects.create(person=chidi, unit_id=chidi.unit_id, why="a dispute", placed_at=NOW)
    with pytest.raises(Refusal, match="a dispute"):
        erase_by(guarded, "dana")
    with signed_in(guarded, "dana"), pytest.raises(DatabaseError), transaction.atomic():
        erasing.erase(chidi.pk)


def test_who_holds_an_office_is_not_erased_before_her_secretary_ended_it(guarded):
    with pytest.raises(Refusal, match="holds an office"):
        erase_by(guarded, "dana", "ada")
    actions.erase_person(guarded.person["ada"], actor=OPERATOR, at=NOW)  # the operator ends it as well
    assert not Person.objects.filter(pk=guarded.person["ada"].pk).exists()


def test_she_and_her_officer_are_handed_everything_and_it_is_written_down(guarded):
    chidi = guarded.person["chidi"]
    for who in ("dana", "chidi"):
        with signed_in(guarded, who) as actor:
            # A clock has parts of a second.
            at = NOW + dt.timedelta(microseconds=7)
            document = actions.hand_out(chidi, actor=actor, at=at)
        said = json.loads(document.as_json())
        rows = {one["table"]: one["rows"] for one in said["tables"]}
        assert {row["value"] for row in rows["people_contact"]} == {CANARY, "+436767654321"}
        assert [row["text"] for row in rows["people_note"]] == ["sings"]
        assert rows["people_person"][0]["name"] == "Chidi Cove"
        assert "password" not in rows["accounts_account"][0]
        assert "digest" not in rows["people_contact"][0]
        assert "Ada Amber" in {one["reader"] for one in said["read_by"]}
        assert document.as_pdf().startswith(b"%PDF-")
        words = {label: value for one in document.sections() for row in one.rows for label, value in row}
        assert words["home unit today"] == "Depot"
    with signed_in(guarded, "chidi"):
        newest = reading.of(chidi.pk, most=1)
        assert [(one.what, one.name) for one in newest] == [("export", "Dana Dale")]


def test_the_copy_says_in_words_what_the_tables_hold_in_numbers(guarded):
    chidi, depot = guarded.person["chidi"], guarded.unit["DEPOT"]
    evening = people.hold_gathering(
        depot, day=day("5 July 2024"), title="July meeting", actor=OPERATOR, at=NOW
    )
    people.put_came(evening, chidi, came=True, actor=OPERATOR, at=NOW)
    plays = field(guarded, "TRAM", "Plays")
    people.put_values(chidi, values={plays: "drums"}, before={}, actor=OPERATOR, at=NOW)
    actions.hand_out(chidi, actor=OPERATOR, at=NOW)
    with signed_in(guarded, "chidi") as herself:
        people.ask_to_leave(chidi, words="I move away.", actor=herself, at=NOW)
        document = actions.hand_out(chidi, actor=herself, at=NOW)
    assert document.readers()[0][1] == (
        "Whoever runs the server (operator) took your record into an export. For: access request."
    )
    with translation.override("de"):
        assert document.readers()[0][1].endswith("Wofür: Auskunftsersuchen.")
    told = {one.table: dict(one.rows[0]) for one in document.sections()}
    (changes,) = (one.rows for one in document.sections() if one.table == "access_trailpayload")
    assert min(len(row) for row in changes) > len(("when", "where"))
    assert told["people_attendance"]["the gathering"] == "July meeting, 5 July 2024"
    assert told["people_attendance"]["the unit whose gathering it was"] == "Depot"
    assert told["people_customvalue"]["what was asked"] == "Plays"
    assert told["people_customvalue"]["what it is"] == "drums"
    assert told["people_note"]["who reads it"] == "organisers, secretaries and data protection officers"
    assert told["people_membership"]["how it began"] == "joined"
    assert told["people_asking"]["to join, to move, to leave, to change something"] == "to leave"
    assert told["people_asking"]["what she wrote with it"] == "words: I move away."
    tables = {one["table"]: one for one in json.loads(document.as_json())["tables"]}
    assert tables["people_attendance"]["names"] == {
        "gathering_id": {str(evening.pk): "July meeting, 5 July 2024"}
    }
    assert tables["people_customvalue"]["rows"][0]["value"] == "drums"


def test_the_second_of_a_pair_reads_that_a_record_looks_like_hers_and_not_whose(guarded):
    pavel, chidi = guarded.person["pavel"], guarded.person["chidi"]
    duplicates.put_side_by_side(chidi, pavel, actor=OPERATOR, at=NOW)
    for her, other in ((pavel, chidi), (chidi, pavel)):
        with signed_in(guarded, "dana") as actor:
            document = actions.hand_out(her, actor=actor, at=NOW)
        ((row,),) = (one.rows for one in document.sections() if one.table == "duplicates_likeness")
        assert dict(row) == {
            "the unit in which it lies": "Depot",
            "how it was found": "put side by side by somebody",
            "when": "15 July 2024, 12:00 UTC",
        }
        said = document.as_json()
        assert her.name in said
        assert other.name not in said
        (held,) = [one for one in json.loads(said)["tables"] if one["table"] == "duplicates_likeness"]
        assert held["rows"][0]["person_id"] == her.pk
        assert held["rows"][0].keys() == {
            "id", "person_id", "unit_id", "score", "origin", "found_at", "verdict", "decided_at",
        }  # fmt: skip
    alone = actions.hand_out(guarded.person["hana"], actor=OPERATOR, at=NOW)
    assert "duplicates_likeness" not in {one.table for one in alone.sections()}


def test_the_printed_copy_has_every_letter_or_says_that_one_is_lacking(guarded):
    with signed_in(guarded, "chidi") as herself:
        document = actions.hand_out(guarded.person["chidi"], actor=herself, at=NOW)
    pdf = document.as_pdf()
    assert pdf.startswith(b"%PDF-")
    assert len(pdf) > 10_000
    # No font has a letter there, and PDF/A admits none that is not drawn.
    lacking = replace(document, name="Chidi \U0010fffd").as_pdf()
    assert (b"pdfaid" in pdf, b"pdfaid" in lacking) == (True, False)
