"""A person's own page and her officer's: asked on the one, answered on the other within a month."""

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from groundswell.access import personal, scope
from groundswell.access.actor import OPERATOR
from groundswell.access.secrets import read
from groundswell.accounts import actions as accounts
from groundswell.people import actions as people
from groundswell.people.models import Person
from groundswell.protection import actions, pages
from groundswell.protection.models import DataRequest
from stage import NOW, signed_in, sql
from world import day

DATA = Path(__file__).parent.parent / "data"
TWICE = """insert into protection_datarequest (person_id, unit_id, kind, asked_at, due_on)
select person_id, unit_id, kind, asked_at, due_on from protection_datarequest"""


@pytest.fixture
def guarded(world):
    """Let Dana be the data protection officer of the tramworkers."""
    give = {"unit": world.unit["TRAM"], "office": "dpo", "day": day("1 January 2020")}
    accounts.give_mandate(world.person["dana"], actor=OPERATOR, at=NOW, **give)
    world.account["dana"] = accounts.create_account(
        world.person["dana"], email="dana@example.org", actor=OPERATOR
    )
    people.put_contact(
        world.person["chidi"], kind="email", text="chidi.cove@example.org", actor=OPERATOR, at=NOW
    )
    return world


@pytest.fixture
def browser_of(guarded):
    def of(who):
        client = Client(headers={"accept-language": "en"})
        client.force_login(guarded.account[who])
        return client

    return of


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def asked(world, who="chidi", kind="erase", words=""):
    return actions.ask(world.person[who], kind, actor=OPERATOR, at=NOW, words=words)


def test_she_sees_all_that_is_held_of_her_and_who_opened_it(guarded, browser_of):
    browser_of("ada").get(f"/people/{guarded.person['chidi'].pk}/")
    page = text_of(browser_of("chidi").get("/me/"))
    assert "What is held of you, Chidi Cove" in page
    assert "chidi.cove@example.org" in page
    assert "Ada Amber (organiser Depot) opened your record." in page
    assert "unreadable after 7 days" in page
    assert "after 35 days" in page
    assert "Chidi" not in text_of(browser_of("femi").get("/me/"))


def test_she_takes_a_copy_of_her_own_data_with_her(guarded, browser_of):
    chidi = browser_of("chidi")
    made = chidi.get("/me/copy.json")
    assert json.loads(made.content)["name"] == "Chidi Cove"
    assert made["Content-Disposition"].startswith("attachment;")
    assert chidi.get("/me/copy.pdf").content.startswith(b"%PDF-")


def test_she_asks_on_her_phone_and_her_officer_erases_her(guarded, browser_of):
    chidi, dana = browser_of("chidi"), browser_of("dana")
    assert chidi.post("/me/ask/", {"kind": "erase", "words": "please"}).status_code == 302
    assert "You asked to be erased. Due 15 August 2024, in 31 days." in text_of(chidi.get("/me/"))
    first = dana.get("/protection/")
    assert "1 request waits." in text_of(first)
    assert "Chidi Cove asks to be erased. Due 15 August 2024, in 31 days." in text_of(first)
    (address,) = re.findall(r'href="(/protection/requests/\d+/)"', first.content.decode())
    shown = text_of(dana.get(address))
    assert "“please”" in shown
    assert "E-mails and phones (1) goes" in shown
    assert dana.post(address, {"answer": "grant"}).status_code == 302
    assert dana.get(address).status_code == 404
    assert dana.get(f"/people/{guarded.person['chidi'].pk}/").status_code == 404
    assert "Nothing waits for an answer." in text_of(dana.get("/protection/"))
    assert chidi.get("/me/").status_code == 302  # her sign-in went with her


def test_a_refusal_says_why_and_she_reads_it(guarded, browser_of):
    one = asked(guarded, words="erase me")
    dana = browser_of("dana")
    address = f"/protection/requests/{one.pk}/"
    bare = dana.post(address, {"answer": "refuse"})
    assert bare.status_code == 422
    assert "She is told why: write the reason." in text_of(bare)
    assert dana.post(address, {"answer": "refuse", "reason": "a court asks for it"}).status_code == 302
    assert "It was refused: a court asks for it" in text_of(browser_of("chidi").get("/me/"))


def test_a_correction_needs_words_and_leaving_goes_to_her_secretary(guarded, browser_of):
    chidi = browser_of("chidi")
    refused = chidi.post("/me/ask/", {"kind": "correct", "words": ""})
    assert refused.status_code == 422
    assert "Write what is wrong and how it is right." in text_of(refused)
    assert chidi.post("/me/ask/", {"kind": "correct", "words": "my name"}).status_code == 302
    # What she finds wrong after it waits beside it; the same again is the same.
    for words in ("my name", "my town too"):
        assert chidi.post("/me/ask/", {"kind": "correct", "words": words}).status_code == 302
    assert sorted(read(one, "words") for one in DataRequest.objects.all()) == ["my name", "my town too"]
    assert chidi.post("/me/ask/", {"kind": "leave", "words": ""}).status_code == 302
    assert chidi.post("/me/ask/", {"kind": "other"}).status_code == 422
    sees = "select kind from people_asking union all select kind from protection_datarequest order by 1"
    with signed_in(guarded, "dana"):
        assert sql(sees) == [("correct",), ("correct",), ("leave",)]


@pytest.mark.parametrize("who", ["ada", "bela", "jonas", "ines", "sven", "olga", "femi", "chidi"])
def test_nobody_but_her_officer_answers_or_is_handed_her_data(guarded, browser_of, who):
    one, chidi = asked(guarded), guarded.person["chidi"].pk
    browser = browser_of(who)
    for address in (
        f"/protection/requests/{one.pk}/",
        f"/protection/people/{chidi}/copy.json",
        f"/protection/people/{chidi}/copy.pdf",
    ):
        assert browser.get(address).status_code == 404, address
    assert browser.post(f"/protection/requests/{one.pk}/", {"answer": "grant"}).status_code == 404
    assert "asks to be erased" not in text_of(browser.get("/protection/"))
    with signed_in(guarded, who):
        if who != "chidi":  # she takes it back, and nothing else: tests/protection/test_own_page.py
            assert sql("update protection_datarequest set reason = 'x' returning 1") == []
        assert sql("delete from protection_datarequest returning 1") == []


def test_what_was_asked_is_seen_by_herself_and_those_who_may_propose_it(guarded):
    asked(guarded, words="secret words")
    rows = "select count(*) from protection_datarequest"
    for who, seen in (
        ("chidi", 1),
        ("dana", 1),
        ("ada", 1),
        ("bela", 1),
        ("jonas", 0),
        ("sven", 0),
        ("femi", 0),
    ):
        with signed_in(guarded, who):
            assert sql(rows) == [(seen,)], who
    assert sql("select 1 from protection_datarequest where strpos(words::text, 'secret') > 0") == []


@pytest.mark.parametrize(
    "violation",
    [
        "update protection_datarequest set kind = 'sell'",
        "update protection_datarequest set decision = 'granted'",
        "update protection_datarequest set decision = 'refused', decided_at = now(), reason = ''",
        TWICE,
    ],
)
def test_the_database_refuses_a_request_that_cannot_be(guarded, violation):
    asked(guarded)
    with pytest.raises(IntegrityError), transaction.atomic():
        sql(violation)


def test_asking_twice_is_one_request_and_no_word_is_taken_that_nobody_reads(guarded, browser_of):
    assert asked(guarded).pk == asked(guarded).pk
    more = browser_of("chidi").post("/me/ask/", {"kind": "erase", "words": "but not before May"})
    assert more.status_code == 422
    assert "what you add would not be kept with it" in text_of(more)
    assert 'value="but not before May"' in more.content.decode()
    assert DataRequest.objects.count() == 1


def test_nobody_asks_for_somebody_else(guarded):
    chidi = guarded.person["chidi"]
    insert = (
        "insert into protection_datarequest (person_id, unit_id, kind, asked_at, due_on)"
        " values (%s, %s, 'erase', now(), '2024-08-15')"
    )
    with signed_in(guarded, "femi"), pytest.raises(DatabaseError), transaction.atomic():
        sql(insert, chidi.pk, chidi.unit_id)


@pytest.mark.parametrize("step", [131, pytest.param(2, marks=pytest.mark.drill)])
def test_no_string_breaks_what_she_writes_and_none_is_lost(guarded, browser_of, step):
    strings = json.loads((DATA / "naughty.json").read_text(encoding="ascii"))
    # Her page reads it again in what was changed about her: as a moment it is none in UTC.
    hers = "0001-01-01T00:00:00+14:00"
    assert hers in strings
    strings = [hers, *strings[::step]]
    chidi, person = browser_of("chidi"), guarded.person["chidi"]
    for text in strings:
        # Half a character cannot arrive: a browser sends the mark for it.
        arrived = " ".join(text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").split())
        body = f"kind=correct&words={quote(text.encode('utf-8', 'surrogatepass'), safe='')}"
        answer = chidi.post("/me/ask/", body, content_type="application/x-www-form-urlencoded")
        with signed_in(guarded, "dana"):
            kept = [one.words for one in DataRequest.objects.filter(person=person)]
            if answer.status_code == 302:
                assert [" ".join(words.split()) for words in kept] == [arrived]
            else:
                assert (answer.status_code, kept) == (422, [])
        with scope.operator("anew"):
            DataRequest.objects.all().delete()


def test_the_clocks_name_the_day_that_comes_and_the_night_for_what_is_overdue(guarded, browser_of):
    for name, heard in (("Ola Overdue", "3 January 2024"), ("Cora Coming", "20 January 2024")):
        one = people.add_person(guarded.unit["DEPOT"], name=name, actor=OPERATOR, at=NOW)
        Person.objects.filter(pk=one.pk).update(heard_on=day(heard))
    page = text_of(browser_of("dana").get("/protection/"))
    assert "tonight Ola Overdue, a contact who was not heard of, is erased." in page
    assert "20 July 2024 Cora Coming, a contact" in page
    assert "Ola Overdue" not in text_of(browser_of("bela").get("/protection/"))


def test_the_officer_is_shown_the_soonest_of_many_and_how_many_more_there_are(
    guarded, browser_of, monkeypatch
):
    monkeypatch.setattr(pages, "MOST", 2)
    for name, heard in (
        ("Lena Later", "1 February"),
        ("Sona Soon", "20 January"),
        ("Nora Next", "22 January"),
    ):
        one = people.add_person(guarded.unit["DEPOT"], name=name, actor=OPERATOR, at=NOW)
        Person.objects.filter(pk=one.pk).update(heard_on=day(f"{heard} 2024"))
    dana = browser_of("dana")
    with CaptureQueriesContext(connection) as seen:
        page = text_of(dana.get("/protection/"))
    assert page.index("Sona Soon") < page.index("Nora Next") < page.index("And 1 more.")
    assert "Lena Later" not in page
    reads = [one["sql"] for one in seen if 'AS "due"' in one["sql"] and "COUNT(" not in one["sql"]]
    assert [one.rpartition("LIMIT ")[2] for one in reads] == ["2", "2"]


def test_the_record_of_processing_names_every_table_and_every_field(guarded, browser_of):
    dana = browser_of("dana")
    page = text_of(dana.get("/protection/record/"))
    rows = list(csv.reader(io.StringIO(dana.get("/protection/record.csv").content.decode())))
    assert [row[0] for row in rows[1:]] == [one.table for one in personal.tables()]
    assert all(all(row[:6]) for row in rows)
    for one in personal.tables():
        assert str(one.title) in page.replace("&#x27;", "'").replace("&quot;", '"')
        assert all(str(words) in " ".join(map(" ".join, rows)) for words in one.fields.values())


def test_the_number_of_queries_does_not_grow_with_the_requests(guarded, browser_of):
    dana, counts = browser_of("dana"), []
    for who in (("chidi",), ("femi", "kaya")):
        for one in who:
            asked(guarded, one)
        with CaptureQueriesContext(connection) as seen:
            assert dana.get("/protection/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] == 10
