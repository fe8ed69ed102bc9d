"""Bringing a list in by its pages: chosen, understood, every row looked at, brought in, settled, undone."""

import datetime as dt
import re
from types import SimpleNamespace

import files
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from groundswell.access import gate, scope
from groundswell.access.actor import OPERATOR
from groundswell.exchange import actions, lists, queries
from groundswell.exchange.forms.bringing import Choose
from groundswell.exchange.models import Batch, Line, RememberedMapping, Upload
from groundswell.kernel import clock
from groundswell.kernel.errors import NotFound
from groundswell.people import actions as people
from groundswell.people import queries as people_queries
from groundswell.people.models import Contact, Membership, Person, Standing, Tag
from groundswell.structure.models import Unit
from stage import NOW, judge_now, own, signed_in
from world import day

HEADER = ("Name", "E-Mail", "Telefon", "Ort", "Eintritt", "Bezahlt bis", "Tags", "Mitgliedsart")
ZOE = ("Zoe Zinc", "zoe@example.org", "01 5131234", "Wien", "2024-03-01", "12/2024", "choir;press", "")
YVO = ("Yvo Yarrow", "yvo@example.org", "", "Wien", "", "", "", "contact")
OLD = ("Old Oak", "", "", "", "1987-05-01", "", "", "")
NOBODY = ("", "nobody@example.org", "", "", "", "", "", "")
WHO = ("???", "who@example.org", "", "", "", "", "", "")
TABLES = (Person, Membership, Contact, Tag, Standing)


def sizes() -> list[int]:
    return [model.objects.count() for model in TABLES]


class Browser(Client):
    """A browser after whose requests the test stands in the operator's scope again."""

    def request(self, **request):
        answer = super().request(**request)
        scope.take_up(gate.secret_of(gate.OPERATOR), "a test")
        return answer


def file_of(*rows, name="branch.csv", header=HEADER, content=None):
    return SimpleUploadedFile(
        name, files.text(rows=rows, header=header).encode() if content is None else content
    )


def chosen(browser, *rows, unit="DEPOT", **more):
    return browser.post("/lists/import/", {"unit": unit, "file": file_of(*rows, **more)})


def understood(browser, answer, *, page="", **more):
    """Send the page of the columns as it came (opened now, or `page`), with what is asked besides."""
    page = page or browser.get(answer.url).content.decode()
    fields = dict(
        re.findall(r'<select name="(column_\d+)".*?<option value="(\w*)" selected', page, re.DOTALL)
    )
    said = {"kind": "member", "basis": "membership", "origin": "sign-up sheet", "dates": ""}
    return browser.post(answer.url, fields | said | more)


def staged_by_pages(browser, *rows, **more) -> Batch:
    answer = understood(browser, chosen(browser, *rows, **more))
    assert answer.status_code == 302, answer.content.decode()
    return Batch.objects.get(pk=int(answer.url.rstrip("/").rsplit("/", 1)[1]))


def staged(browser, *rows, unit="DEPOT", **more) -> Batch:
    """Stage a list as she does who sits there by the pages: what they do, without showing any of them."""
    file = file_of(*rows, **more)
    wanted = actions.Wanted(kind="member", basis="membership", origin="sign-up sheet")
    with signed_in(browser.world, browser.who) as actor:
        said = {"unit": browser.world.unit[unit], "actor": actor, "at": clock.now()}
        upload = actions.receive(file.read(), name=file.name, **said)
        with queries.file_of(upload) as path:
            batch = lists.staged(upload, path, wanted, actor)
    return Batch.objects.get(pk=batch.pk)


def test_a_list_is_chosen_understood_looked_at_brought_in_and_undone(world, browser_of, work):
    ada = browser_of("ada")
    before, figures = sizes(), own("DEPOT", "15 July 2024")
    batch = staged_by_pages(ada, ZOE, YVO, OLD, NOBODY, WHO)
    assert sizes() == before
    assert not Upload.objects.exists()
    page = ada.get(f"/lists/import/{batch.pk}/").content.decode()
    assert "This is a preview. Nothing has been done." in page
    assert (
        "zoe@example.org · +43 1 5131234 · Wien · member since 1 March 2024 · Paid until: 31 December 2024"
        in page
    )
    assert "The person needs a name." in page
    assert "There is no letter in “???”; write the name of a person." in page
    assert sizes() == before
    assert set(Line.objects.filter(batch=batch).values_list("outcome", flat=True)) == {"waiting", "refused"}

    assert ada.post(f"/lists/import/{batch.pk}/start/", {"step": "start"}).status_code == 302
    assert "is being brought in" in ada.get(f"/lists/import/{batch.pk}/").content.decode()
    assert "HX-Refresh" not in ada.get(f"/lists/import/{batch.pk}/progress/").headers
    work(batch)
    judge_now()
    assert ada.get(f"/lists/import/{batch.pk}/progress/").headers["HX-Refresh"] == "true"
    assert (batch.state, batch.new, batch.refused) == ("done", 3, 2)
    zoe = Person.objects.get(name="Zoe Zinc")
    assert people_queries.tags_of(zoe) == ["choir", "press"]
    assert people_queries.paid_until(zoe) == day("31 December 2024")
    assert not Membership.objects.filter(person__name="Yvo Yarrow").exists()
    oak = Membership.objects.get(person__name="Old Oak")
    assert (oak.valid.lower, oak.entry_flow) == (day("1 January 2000"), "opening")
    assert own("DEPOT", "15 July 2024")[0] == figures[0] + 2

    assert "<h1>3 of 5 rows were brought in.</h1>" in ada.get(f"/lists/import/{batch.pk}/").content.decode()
    refused = ada.get(f"/lists/import/{batch.pk}/refused.csv").content.decode("utf-8-sig")
    assert "nobody@example.org" in refused
    assert "The person needs a name." in refused
    assert "???,who@example.org" in refused

    assert "Undo this list?" in ada.get(f"/lists/import/{batch.pk}/undo/").content.decode()
    ada.post(f"/lists/import/{batch.pk}/undo/")
    work(batch)
    judge_now()
    assert batch.state == "undone"
    assert [sizes()[0], *sizes()[2:]] == [before[0], *before[2:]]
    assert own("DEPOT", "15 July 2024") == figures
    assert "<h1>The list of 5 rows was undone.</h1>" in ada.get(f"/lists/import/{batch.pk}/").content.decode()


def test_whose_phones_are_is_asked_where_the_unit_lies_in_no_country(world, browser_of):
    ada, abroad = browser_of("ada"), (*ZOE[:2], "+49 170 1234567", *ZOE[3:])

    def asked(answer) -> bool:
        return "In which country are the phone numbers" in ada.get(answer.url).content.decode()

    assert not asked(chosen(ada, ZOE))
    Unit.objects.update(country="")
    assert not asked(chosen(ada, abroad))
    answer = chosen(ada, ZOE)
    assert asked(answer)
    batch = understood(ada, answer, country="AT")
    assert "+43 1 5131234" in ada.get(batch.url).content.decode()


def test_the_same_list_twice_doubles_nobody_and_its_columns_are_remembered(world, browser_of, work):
    ada = browser_of("ada")
    first = staged_by_pages(ada, ZOE, YVO, OLD)
    ada.post(f"/lists/import/{first.pk}/start/", {"step": "start"})
    work(first)
    once = sizes()
    assert RememberedMapping.objects.filter(unit=world.unit["DEPOT"]).count() == 1
    again = staged_by_pages(ada, ZOE, YVO, OLD)
    assert "known already" in ada.get(f"/lists/import/{again.pk}/").content.decode()
    ada.post(f"/lists/import/{again.pk}/start/", {"step": "start"})
    work(again)
    assert (again.new, again.known, again.doubtful) == (0, 3, 0)
    assert sizes() == once


def test_what_is_doubtful_is_asked_and_goes_on_as_it_was_answered(world, browser_of, work):
    people.put_contact(world.person["femi"], kind="email", text="us@example.org", actor=OPERATOR, at=NOW)
    Person.objects.filter(name="Dana Dale").update(town="Wien")
    ada = browser_of("ada")
    batch = staged(
        ada,
        ("Someone Else", "us@example.org", "", "", "", "", "", ""),
        ("Dana Dale", "", "", "Linz", "", "", "choir", ""),
    )
    ada.post(f"/lists/import/{batch.pk}/start/", {"step": "start"})
    work(batch)
    before = sizes()[0]
    assert batch.doubtful == 2
    page = ada.get(f"/lists/import/{batch.pk}/").content.decode()
    assert "Somebody else has the same e-mail or phone." in page
    assert "It is Dana Dale, whom we know" in page
    numbers = [one.number for one in queries.lines(batch, "doubtful")]
    said = dict(
        zip((f"row_{number}" for number in numbers), ("new", str(world.person["dana"].pk)), strict=True)
    )
    ada.post(f"/lists/import/{batch.pk}/settle/", said)
    work(batch)
    assert (sizes()[0], batch.doubtful) == (before + 1, 0)
    assert people_queries.tags_of(world.person["dana"]) == ["choir"]
    assert Person.objects.filter(name="Dana Dale").count() == 1
    ada.post(f"/lists/import/{batch.pk}/undo/")
    work(batch)
    assert people_queries.tags_of(world.person["dana"]) == []
    assert Person.objects.filter(name="Dana Dale").count() == 1


def test_who_stays_when_a_list_is_undone_is_named(world, browser_of, work):
    ada = browser_of("ada")
    rows = [(f"Zoe Zinc{word}", f"z{word}@example.org", "", *ZOE[3:]) for word in "abcde"]
    batch = staged(ada, *rows, YVO)
    ada.post(f"/lists/import/{batch.pk}/start/", {"step": "start"})
    work(batch)
    zoes = {one.name[-1]: one for one in Person.objects.filter(name__startswith="Zoe Zinc")}
    at = NOW + dt.timedelta(days=1)
    people.write_note(zoes["a"], text="Sings alto.", visibility="organisers", actor=OPERATOR, at=at)
    with signed_in(world, "ada") as by_hand:
        renamed = {"changes": {"name": "Zoe Zink"}, "before": {"name": "Zoe Zincb"}}
        people.change_person(zoes["b"], **renamed, actor=by_hand)
        people.put_tags(zoes["c"], words=["choir", "drums"], actor=by_hand)
        paid = {"day": dt.date(2026, 5, 1), "source": "hand"}
        people.put_paid_until(zoes["d"], **paid, actor=by_hand, at=at)
    ada.post(f"/lists/import/{batch.pk}/undo/")
    work(batch)
    page = ada.get(f"/lists/import/{batch.pk}/").content.decode()
    for word, name in (("a", "Zoe Zinca"), ("b", "Zoe Zink"), ("c", "Zoe Zincc"), ("d", "Zoe Zincd")):
        assert f'<a href="/people/{zoes[word].pk}/">{name}</a>' in page
    assert people_queries.tags_of(zoes["c"]) == ["choir", "drums"]
    assert not Person.objects.filter(name__in=("Zoe Zince", "Yvo Yarrow")).exists()


def test_a_list_of_nobody_but_doubtful_people_can_be_brought_in_and_settled(world, browser_of):
    people.put_contact(world.person["femi"], kind="email", text="us@example.org", actor=OPERATOR, at=NOW)
    ada = browser_of("ada")
    batch = staged(ada, ("Someone Else", "us@example.org", "", "", "", "", "", ""))
    page = ada.get(f"/lists/import/{batch.pk}/").content.decode()
    assert "Somebody else has the same e-mail or phone." in page
    assert "Bring them in" in page


def test_a_list_can_be_thrown_away(world, browser_of):
    ada = browser_of("ada")
    batch = staged(ada, ZOE)
    ada.post(f"/lists/import/{batch.pk}/start/", {"step": "forget"})
    assert not Batch.objects.filter(pk=batch.pk).exists()
    assert not Line.objects.filter(batch=batch.pk).exists()


def test_a_list_belongs_to_the_offices_of_its_unit_that_may_bring_lists(world, browser_of):
    browsers = {who: browser_of(who) for who in ("ada", "bela", "sven", "jonas", "quinn")}
    batch = staged(browsers["ada"], ZOE)
    answer = chosen(browsers["ada"], ZOE)
    for address in ("", "progress/", "undo/", "refused.csv"):
        place = f"/lists/import/{batch.pk}/{address}"
        seen = {who for who, browser in browsers.items() if browser.get(place).status_code != 404}
        assert seen == {"ada", "bela"}, place
    assert browsers["bela"].get(answer.url).status_code == 404  # a file is whose who chose it
    for who in ("jonas", "chidi"):
        with signed_in(world, who) as other, pytest.raises(NotFound):
            queries.batch_for(other, batch.pk)
    with scope.nobody():
        assert not Batch.objects.filter(pk=batch.pk).exists()
        assert not Line.objects.filter(batch=batch.pk).exists()
    refused = chosen(browsers["ada"], ZOE, unit="HILL")
    assert (refused.status_code, 'value="HILL"' in refused.content.decode()) == (422, False)


def test_a_data_protection_officer_brings_a_list_in_where_names_are(world, browser_of, work):
    with scope.operator("her office"):
        from groundswell.accounts import actions as accounts

        accounts.give_mandate(
            world.person["olga"],
            unit=world.unit["FERRY"],
            office="dpo",
            day=day("1 July 2024"),
            actor=OPERATOR,
            at=NOW,
        )
    olga = browser_of("olga")
    batch = staged_by_pages(olga, ZOE, unit="PIER")
    olga.post(f"/lists/import/{batch.pk}/start/", {"step": "start"})
    work(batch)
    assert Person.objects.get(name="Zoe Zinc").unit.code == "PIER"


def test_somebody_out_of_reach_is_nobody_one_knows(world, browser_of, work):
    people.put_contact(world.person["gita"], kind="email", text="gita@example.org", actor=OPERATOR, at=NOW)
    ada = browser_of("ada")
    batch = staged(ada, ("Gita Grove", "gita@example.org", "", "", "", "", "", ""))
    page = ada.get(f"/lists/import/{batch.pk}/").content.decode()
    assert "known already" not in page
    ada.post(f"/lists/import/{batch.pk}/start/", {"step": "start"})
    work(batch)
    assert batch.new == 1
    world.person["gita"].refresh_from_db()
    assert world.person["gita"].unit.code == "DOCK"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b'Name,Ort\n"Ada,Wien\n', "quot"),
        (b"%PDF-1.7 no list", "PDF"),
        (b"PK\x03\x04 no sheet", ""),
        ("Name;Ort\nÄda;Wien\n".encode("utf-16"), None),
        ("Name;Ort\r\nÄda;Wien\nÖzi;Linz\r".encode("latin-1"), None),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence_and_a_strange_one_is_read(
    world, browser_of, content, sentence
):
    answer = browser_of("ada").post("/lists/import/", {"unit": "DEPOT", "file": file_of(content=content)})
    if sentence is None:
        assert answer.status_code == 302
        assert "Äda" in browser_of("ada").get(answer.url).content.decode()
    else:
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert not Upload.objects.exists()


def test_of_very_many_units_the_name_or_code_is_written(world):
    names = {"DEPOT": "Depot", "HILL": "Hill Line", "LINE4": "Line Four"}
    there = [(world.unit[code], name) for code, name in names.items()]
    many = [(Unit(pk=10**6 + number, code=f"U{number}"), f"Cell {number}") for number in range(198)]

    def asked(written, units):
        form = Choose({"unit": written}, {"file": file_of(ZOE)}, units=units)
        kind = type(form.fields["unit"].widget).__name__
        return kind, (form.cleaned_data["unit"].code if form.is_valid() else form.errors["unit"][0])

    assert asked("DEPOT", [*there, *many[1:]]) == ("Select", "DEPOT")
    for written, answer in (
        ("depot", "DEPOT"),
        ("hill line", "HILL"),
        ("line", "Which one do you mean: Hill Line (HILL) or Line Four (LINE4)? Write its code."),
        ("PIER", "There is no such unit here into which you may bring a list."),
    ):
        assert asked(written, [*there, *many]) == ("TextInput", answer)


def test_letters_read_wrong_are_put_right_with_one_tap(world, browser_of):
    ada = browser_of("ada")
    content = "Name;Ort\nRené Noël;Köln\nAda Zając;Wien\n".encode("cp1250")
    answer = chosen(ada, content=content)
    page = ada.get(answer.url).content.decode()
    assert "<strong>René Noël · Köln · Ada Zajšc</strong>" in page  # a guess, and a wrong one
    (other,) = re.findall(r'href="(\?encoding=cp1250)">([^<]*)', page)
    assert other[1].strip() == "René Noël · Köln · Ada Zając"
    tapped = SimpleNamespace(url=answer.url + other[0])
    right = ada.get(tapped.url).content.decode()
    assert "<strong>René Noël · Köln · Ada Zając</strong>" in right
    batch = Batch.objects.get(pk=int(understood(ada, tapped, page=right).url.rstrip("/").rsplit("/", 1)[1]))
    assert "Ada Zając" in ada.get(f"/lists/import/{batch.pk}/").content.decode()
    assert batch.form == "CSV, Windows-1250, semicolon"
    answer = chosen(ada, content=content)
    assert ada.get(f"{answer.url}?encoding=klingon").status_code == 400
    plain = ada.get(chosen(ada, ZOE).url).content.decode()
    assert "Are the letters right?" not in plain


def test_a_first_row_of_words_that_nobody_knows_is_asked_about_and_can_be_the_header(world, browser_of):
    ada = browser_of("ada")
    answer = chosen(ada, content=b"Wer;Wohin\nAda Amber;Wien\nZoe Zinc;Graz\n")
    page = ada.get(answer.url).content.decode()
    assert "its first row is taken for somebody." in page
    assert "Column 1" in page
    (other,) = re.findall(r'href="(\?first=header)"', page)
    right = ada.get(answer.url + other).content.decode()
    assert "The first row is somebody" in right
    assert "Column 1" not in right
    tapped = SimpleNamespace(url=answer.url + other)
    done = understood(ada, tapped, page=right, column_0="name")
    batch = Batch.objects.get(pk=int(done.url.rstrip("/").rsplit("/", 1)[1]))
    assert (batch.rows, batch.columns) == (2, ["Wer", "Wohin"])
    assert "The first row" not in ada.get(chosen(ada, ZOE).url).content.decode()
    certain = chosen(ada, content=b"Ada Amber;0660 1234567\nZoe Zinc;\n")
    assert "The first row" not in ada.get(certain.url).content.decode()


def test_days_that_can_be_read_in_two_ways_are_asked(world, browser_of, work):
    ada = browser_of("ada")
    answer = chosen(ada, ("Zoe Zinc", "", "", "", "03/04/2024", "", "", ""))
    page = ada.get(answer.url).content.decode()
    assert "How are the days written that can be read in two ways?" in page
    refused = understood(ada, answer, page=page)
    assert refused.status_code == 422
    assert "Whether the day or the month comes first" in refused.content.decode()
    taken = understood(ada, answer, page=page, dates="dmy")
    batch = Batch.objects.get(pk=int(taken.url.rstrip("/").rsplit("/", 1)[1]))
    assert "member since 3 April 2024" in ada.get(f"/lists/import/{batch.pk}/").content.decode()


def test_the_ground_and_the_origin_of_a_list_are_asked(world, browser_of):
    ada = browser_of("ada")
    answer = chosen(ada, ZOE)
    page = ada.get(answer.url).content.decode()
    for more in ({"basis": ""}, {"basis": "luck"}, {"origin": " "}):
        assert understood(ada, answer, page=page, **more).status_code == 422
    assert not Batch.objects.exists()


def test_what_waited_too_long_is_forgotten(world, browser_of):
    import datetime as dt

    chosen(browser_of("ada"), ZOE)
    assert actions.forget_uploads(now=NOW) == 0
    assert actions.forget_uploads(now=NOW + dt.timedelta(days=2)) == 1
