"""Lists go out by the table of rights: with purpose, receipts, watermark; larger ones by a second person."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import translation
from python_calamine import CalamineWorkbook

from groundswell.access import gate, reading, scope
from groundswell.access.actor import OPERATOR
from groundswell.exchange import actions, queries
from groundswell.exchange.exporting import formats, reaching, rows
from groundswell.exchange.exporting.rows import Told
from groundswell.exchange.importing.fields import meaning_of
from groundswell.exchange.models import Release
from groundswell.kernel import guarding
from groundswell.people import actions as people
from groundswell.people.models import Person
from groundswell.people.searching import Asked
from prologue import prologue
from stage import NOW, newcomer, sql
from world import TODAY, day

CHOIR = "asking who sings on 1 May"


class Browser(Client):
    """A browser after whose requests the test stands in the operator's scope again."""

    def request(self, **request):
        answer = super().request(**request)
        scope.take_up(gate.secret_of(gate.OPERATOR), "a test")
        return answer


@prologue
def chidi_can_be_reached(world):
    chidi = world.person["chidi"]
    people.put_contact(chidi, kind="email", text="chidi@example.org", actor=OPERATOR, at=NOW)
    people.put_contact(chidi, kind="phone", text="0664 1234567", actor=OPERATOR, at=NOW)
    people.put_tags(chidi, words=["=HYPERLINK(1)"], actor=OPERATOR)
    people.put_paid_until(chidi, day=day("31 December 2024"), source="hand", actor=OPERATOR, at=NOW)


@pytest.fixture
def browser_of(world):
    def of(who, language="en"):
        client = Browser(headers={"accept-language": language})
        client.force_login(world.account[who])
        return client

    return of


def taken(browser, form="csv", address="/lists/export/", **more):
    return browser.post(address, {"form": form, "purpose": CHOIR} | more)


def table(answer) -> list[list[str]]:
    assert answer.status_code == 200, answer.content.decode()
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def line_of(answer, name) -> dict[str, str]:
    head, *lines = table(answer)
    return next(dict(zip(head, line, strict=False)) for line in lines if line[0] == name)


def test_an_organiser_takes_the_list_of_her_branch_out_and_everybody_in_it_can_read_why(world, browser_of):
    answer = taken(browser_of("ada"))
    names = [line[0] for line in table(answer)]
    assert "Chidi Cove" in names
    assert not {"Emre Elm", "Rosa Rowan"} & set(names)
    assert "Femi Fern" in names  # at home here, wherever she is a guest
    chidi = line_of(answer, "Chidi Cove")
    assert (chidi["E-mail"], chidi["Phone"], chidi["Tags"]) == (
        "chidi@example.org",
        "+436641234567",
        "'=HYPERLINK(1)",
    )
    assert names[-1].startswith("Taken out by Ada Amber on ")
    assert f"for: {CHOIR}. Number " in names[-1]
    assert answer.headers["Cache-Control"] == "no-store"
    receipts = reading.of(world.person["chidi"].pk)
    assert [(one.what, one.purpose, one.name) for one in receipts] == [("export", CHOIR, "Ada Amber")]
    assert reading.of(world.person["rosa"].pk) == []
    events = sql("select count(*) from access_trail where op = 'exchange.list.exported'")
    assert events == [(1,)]


def test_a_treasurer_takes_out_names_and_standing_and_an_auditor_and_a_member_nothing(world, browser_of):
    answer = taken(browser_of("jonas"))
    chidi = line_of(answer, "Chidi Cove")
    assert chidi["Paid until"] == "2024-12-31"
    assert set(chidi) == {"Name", "Unit", "Kind of membership", "Joined on", "Paid until"}
    assert "chidi@example.org" not in answer.content.decode()
    for who in ("quinn", "chidi"):
        assert browser_of(who).get("/lists/export/").status_code == 404
        assert taken(browser_of(who)).status_code == 404


DAYS = ("Kind of membership", "Joined on", "Left on")


def test_a_list_holds_those_who_are_members_today_and_the_others_where_she_says_so(world, browser_of):
    bela = browser_of("bela")
    page = bela.get("/lists/export/").content.decode()
    assert "Only those who are members today, of whatever kind." in page
    assert '3 more stand in the list: former members, contacts, guests. <a href="?who=all">' in page
    names = [line[0] for line in table(taken(bela))]
    assert {"Chidi Cove", "نور نخل"} <= set(names)
    assert not {"Dana Dale", "Lio Laurel", "Pavel Pine"} & set(names)
    whole = taken(bela, address="/lists/export/?who=all")
    assert {"Dana Dale", "Lio Laurel", "Pavel Pine"} <= {line[0] for line in table(whole)}
    assert "3 of them are no members today." in bela.get("/lists/export/?who=all").content.decode()
    # Whoever asks for former members has asked.
    former = taken(bela, address="/lists/export/?status=former")
    assert [line[0] for line in table(former)][1:-1] == ["Dana Dale"]
    assert "who=all" not in bela.get("/lists/export/?status=former").content.decode()


def test_a_list_says_when_somebody_joined_wherever_she_moved_since_and_when_she_left(world, browser_of):
    whole = taken(browser_of("bela"), address="/lists/export/?who=all")
    told = {
        name: tuple(line_of(whole, name).get(head) for head in DAYS)
        for name in ("Hana Heath", "Emre Elm", "Mara Maple", "Dana Dale", "Lio Laurel", "نور نخل")
    }
    assert told == {
        "Hana Heath": ("member", "2019-10-10", ""),  # moved to the Line Four since
        "Emre Elm": ("member", "2024-03-05", ""),  # left in between, and joined again
        "Mara Maple": ("member", "2024-06-01", ""),  # a candidate before
        "Dana Dale": ("member", "2020-01-09", "2024-05-09"),
        "Lio Laurel": ("contact", "", ""),  # never was one
        "نور نخل": ("supporter", "2024-04-01", ""),
    }
    # She came from the other union, whose members one does not know.
    assert line_of(taken(browser_of("sven")), "Gita Grove")["Joined on"] == ""


FORMS = ("csv", "xlsx", "vcf")


@pytest.mark.parametrize(
    ("language", "forms"),
    [("en", FORMS), ("de", ("csv",)), pytest.param("de", FORMS, marks=pytest.mark.drill)],
)
def test_a_list_that_went_out_comes_in_again_as_it_was(world, browser_of, tmp_path, language, forms):
    people.put_contact(world.person["dana"], kind="phone", text="+43 1 513 12 34", actor=OPERATOR, at=NOW)
    ada = browser_of("ada", language)
    said = {"unit": world.unit["DEPOT"], "wanted": actions.Wanted(), "actor": OPERATOR, "at": NOW}
    with translation.override(language):
        for form in forms:
            path = tmp_path / form
            path.write_bytes(taken(ada, form, "/lists/export/?who=all").content)
            batch = actions.stage(path, name=form, **said)
            fields = [field for field in batch.mapping["fields"] if field]
            entries = {entry.name: entry for entry in (one.entry for one in queries.lines(batch)) if entry}
            assert (batch.rows, batch.refused, len(entries)) == (6, 0, 6), form
            chidi = entries["Chidi Cove"]
            assert (chidi.emails, chidi.phones) == (("chidi@example.org",), ("+436641234567",))
            assert (chidi.tags, chidi.note) == (("=HYPERLINK(1)",), "")
            assert {"kind", "joined", "left", "unit", "paid_until", "tags"} <= set(fields)
            assert (chidi.kind, chidi.joined, chidi.paid_until) == (
                "member",
                day("3 May 2024"),
                day("31 December 2024"),
            )
            assert (entries["Dana Dale"].left, entries["Pavel Pine"].kind) == (day("9 May 2024"), "contact")
            while actions.run_chunk(batch, at=NOW):
                pass
            batch = actions.counted(batch)
            assert (batch.new, batch.known, batch.doubtful) == (0, 6, 0), form
    assert sql("select count(*) from people_note") == [(0,)]


def test_nobody_takes_out_what_is_out_of_reach_and_names_stop_at_the_section(world, browser_of):
    assert taken(browser_of("ada"), address="/lists/export/?unit=HILL").status_code == 404
    assert browser_of("ines").get("/lists/export/").status_code == 404
    assert "Quinn Quill" not in str(table(taken(browser_of("bela"))))
    assert "Quinn Quill" in str(table(taken(browser_of("sven"))))


def test_a_guest_and_people_of_a_protected_unit_stay_in_the_house(world, browser_of):
    listed = [line[0] for line in table(taken(browser_of("sven")))]
    assert "Femi Fern" not in listed
    type(world.unit["LINE4"]).objects.filter(code="LINE4").update(protected=True)
    names = [line[0] for line in table(taken(browser_of("bela")))]
    assert "Chidi Cove" in names
    assert "Emre Elm" not in names
    assert taken(browser_of("bela"), address="/lists/export/?unit=LINE4").status_code == 422


def test_without_a_purpose_nothing_goes_out(world, browser_of):
    for purpose in ("", " \t ", "x" * 201):
        assert taken(browser_of("ada"), purpose=purpose).status_code == 422
    assert reading.of(world.person["chidi"].pk) == []


def test_the_list_goes_out_as_a_spreadsheet_as_cards_on_a_sheet_and_by_mail_and_phone(world, browser_of):
    ada = browser_of("ada")
    book = CalamineWorkbook.from_filelike(io.BytesIO(taken(ada, "xlsx").content))
    cells = book.get_sheet_by_index(0).to_python()
    assert cells[0][0] == "Name"
    assert "'=HYPERLINK(1)" in next(row for row in cells if row[0] == "Chidi Cove")
    cards = taken(ada, "vcf").content.decode()
    assert cards.count("\r\nKIND:individual\r\n") == cards.count("BEGIN:VCARD") == 4
    assert "\r\nREV:20240715T12" in cards
    uid = re.compile(r"UID:urn:uuid:\S+")
    assert len(set(uid.findall(cards))) == 4
    assert uid.findall(taken(ada, "vcf").content.decode()) == uid.findall(cards)  # an address book knows them
    assert "\r\nFN:Chidi Cove\r\n" in cards
    assert "\r\nEMAIL:chidi@example.org\r\nTEL;VALUE=uri:tel:+436641234567\r\n" in cards
    assert all(len(line.encode()) <= 75 for line in cards.split("\r\n"))
    mail = taken(ada, "mail").content.decode()
    assert 'href="mailto:?bcc=chidi@example.org"' in mail
    calls = re.sub(r"\s+", " ", taken(ada, "phones").content.decode())
    assert '<th scope="row">Chidi Cove</th>' in calls  # her whole name, and not twice what she is called
    assert '<a href="tel:+436641234567">+43 664 1234567</a></td>' in calls
    assert calls.count('<span class="tick"></span>') == 2
    sheet = taken(ada, "sheet").content.decode()
    assert "Chidi Cove" in sheet
    assert '<table class="grid cards sheet">' in sheet  # printed across the page, all columns on it
    assert "Taken out by Ada Amber" in sheet


def test_a_list_says_who_is_under_18_as_it_is_brought_in_again_and_goes_to_her_unit_alone(world, browser_of):
    assert "Under 18" not in table(taken(browser_of("ada")))[0]
    people.say_age(world.person["chidi"], young=True, actor=OPERATOR, at=NOW)
    assert line_of(taken(browser_of("ada")), "Chidi Cove")["Under 18"] == "yes"
    assert line_of(taken(browser_of("ada", "de")), "Chidi Cove")["Unter 18"] == "ja"
    assert {meaning_of(header) for header in ("Under 18", "Unter 18")} == {"minor"}
    calls = re.sub(r"\s+", " ", taken(browser_of("ada"), "phones").content.decode())
    assert '<th scope="row">Chidi Cove <span class="note">under 18</span></th>' in calls
    assert "Chidi Cove" not in taken(browser_of("bela")).content.decode()


def test_a_larger_list_waits_for_a_second_person_and_is_fetched_once(world, browser_of, monkeypatch):
    monkeypatch.setattr(rows, "ALONE", 3)
    ada, bela = browser_of("ada"), browser_of("bela")
    assert "a second person with this right has to agree" in ada.get("/lists/export/").content.decode()
    assert taken(ada).url == "/lists/export/larger/"
    assert reading.of(world.person["chidi"].pk) == []
    release = Release.objects.get()
    own, other = f"/lists/export/larger/{release.pk}/decide/", f"/lists/export/larger/{release.pk}/fetch/"
    assert ada.post(other).status_code == 404
    assert ada.post(own, {"step": "agree"}).status_code == 404  # nobody agrees to her own
    assert (
        browser_of("jonas").post(own, {"step": "agree"}).status_code == 404
    )  # the treasurer's right is less
    assert browser_of("sven").post(own, {"step": "agree"}).status_code == 404
    # Whoever is to agree reads who asks, since when, and in which form the list would go.
    asked = "Ada Amber · 15 July 2024 · a table as text (CSV)"
    assert asked in bela.get("/lists/export/larger/").content.decode()
    assert bela.post(own, {"step": "agree"}).status_code == 302
    assert bela.post(other).status_code == 404  # who agreed does not fetch
    assert "Fetch it" in ada.get("/lists/export/larger/").content.decode()
    assert "Chidi Cove" in str(table(ada.post(other)))
    assert len(reading.of(world.person["chidi"].pk)) == 1
    # It did not arrive, or she pressed twice: for ten minutes it is there, and each time is written down.
    for minutes, there in ((9, True), (11, False)):
        Release.objects.update(fetched_at=NOW - timedelta(minutes=minutes))
        assert ("Fetch it" in ada.get("/lists/export/larger/").content.decode()) is there
        assert ada.post(other).status_code == (200 if there else 302)
        assert len(reading.of(world.person["chidi"].pk)) == 2


def test_no_cell_is_a_formula_and_each_comes_back_as_it_was():
    for cell in ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\n=1", "\uff1d1", "+1-2", "=+43"):
        assert guarding.guarded(cell) == f"'{cell}"
        assert guarding.unguarded(f"'{cell}") == cell
    for cell in ("02138", "0664 123-45 67"):  # as others guard the noughts in front of figures
        assert guarding.unguarded(f"'{cell}") == cell
    for cell in ("'68er", "'80s", "+43 664 1234567", "-5", "-5.25", "Ada", "O'Brien", "'s-Hertogenbosch", ""):
        assert guarding.guarded(cell) == guarding.unguarded(cell) == cell
    told = Told(1, 1, "D", "=1+1", "", "", call_name="x\r\nTEL:1", tags=("@a,b",))
    card = formats.made("vcf", [told], "=w", NOW).decode()
    assert "FN:=1+1\r\nNICKNAME:x\\nTEL:1\r\n" in card  # no line of its own


def test_a_list_that_was_refused_or_has_grown_or_waited_does_not_go_out(world, browser_of, monkeypatch):
    monkeypatch.setattr(rows, "ALONE", 3)
    ada, bela = browser_of("ada"), browser_of("bela")
    for step, spoil, status in (("refuse", None, 404), ("agree", "grown", 302), ("agree", "late", 302)):
        taken(ada)
        release = Release.objects.latest("pk")
        bela.post(f"/lists/export/larger/{release.pk}/decide/", {"step": step})
        if spoil == "grown":
            newcomer(world, "DEPOT", "1 July 2024")
        if spoil == "late":
            Release.objects.filter(pk=release.pk).update(decided_at=NOW - timedelta(days=9))
        answer = ada.post(f"/lists/export/larger/{release.pk}/fetch/")
        assert answer.status_code == status
        assert "Chidi" not in answer.content.decode()


def test_a_list_that_waited_longer_than_three_days_says_so_and_leads_to_where_it_is_asked_anew(
    world, browser_of, monkeypatch
):
    monkeypatch.setattr(rows, "ALONE", 3)
    ada, page = browser_of("ada"), "/lists/export/larger/"
    ada.post("/lists/export/?unit=DEPOT&q=&who=all", {"form": "csv", "purpose": "a letter"})
    anew = 'href="/lists/export/?who=all&amp;unit=DEPOT"'
    for waited, fetchable in ((timedelta(days=2, hours=23), True), (timedelta(days=3, seconds=1), False)):
        Release.objects.update(agreed=True, decided_at=NOW - waited, decided_by=world.account["bela"].pk)
        shown = ada.get(page).content.decode()
        assert ("Fetch it" in shown) is fetchable
        assert ("agreed to and not fetched within three days" not in shown) is fetchable
        assert (anew not in shown) is fetchable
    assert "A list of " in ada.get("/lists/export/?who=all&unit=DEPOT").content.decode()
    # Whoever agreed has nothing to fetch, in time or too late.
    bela = browser_of("bela").get(page).content.decode()
    assert "Fetch it" not in bela
    assert anew not in bela


def test_the_database_knows_that_the_second_person_is_another_one(world, browser_of, monkeypatch):
    monkeypatch.setattr(rows, "ALONE", 3)
    taken(browser_of("ada"))
    with pytest.raises(DatabaseError), transaction.atomic():
        Release.objects.update(agreed=True, decided_at=NOW, decided_by=world.account["ada"].pk)


def test_the_purpose_is_in_the_trail_and_the_list_is_not(world, browser_of):
    taken(browser_of("ada"))
    said = sql(
        "select p.new::text from access_trail t join access_trailpayload p on p.trail_id = t.id"
        " where t.op = 'exchange.list.exported'"
    )
    assert CHOIR in said[0][0]
    assert "Chidi" not in said[0][0]


def test_a_mail_has_fifty_at_most_and_a_long_line_of_a_card_is_folded_between_characters():
    many = [Told(n, 1, "DEPOT", f"N {n}", "", "", emails=(f"n{n}+x@example.org",)) for n in range(101)]
    assert [one.count for one in reaching.portions(many)] == [50, 50, 1]
    assert all(len(one.href) < 2_000 for one in reaching.portions(many))
    assert "n0%2Bx@example.org" in reaching.portions(many)[0].href
    card = formats.made("vcf", [Told(1, 1, "D", "日本" * 60 + ";,\n\\", "", "")], "w", NOW).decode()
    assert all(len(line.encode()) <= 75 for line in card.split("\r\n"))
    assert "\\;\\,\\n\\\\" in card.replace("\r\n ", "")


def test_the_list_of_everybody_has_nobody_twice_and_counts_as_many_as_are_there(world, browser_of):
    found = rows.numbers(OPERATOR, Asked(), today=TODAY)
    assert len(found) == len(set(found)) == Person.objects.count()
    assert actions.check_purpose("  a  b ") == "a b"
