"""What units ask besides goes out with lists and narrows them, for whoever may know ways to reach people."""

import datetime as dt
import decimal
import html
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook
from test_exporting import Browser, line_of, table, taken

from groundswell.access.actor import OPERATOR
from groundswell.exchange.models import Release
from groundswell.people import actions as people
from groundswell.people import keptfilter, searching
from groundswell.people.models import SavedView
from groundswell.people.searching import Asked
from stage import NOW, signed_in
from world import TODAY


@pytest.fixture
def asked(world):
    """Let the union ask for a trade, the depot for shifts and years; two are known of Chidi, one of Bela."""
    made = {}
    for unit, label, kind, options in (
        ("TRAM", "Trade", "choice", ["driver", "fitter"]),
        ("DEPOT", "Shifts", "choices", ["early", "late"]),
        ("DEPOT", "Years here", "number", ()),
    ):
        made[label] = people.add_field(
            world.unit[unit], label=label, kind=kind, options=options, actor=OPERATOR, at=NOW
        )
    for who, values in (
        ("chidi", {"Trade": "fitter", "Shifts": ["early", "late"], "Years here": decimal.Decimal("12.5")}),
        ("bela", {"Trade": "driver"}),
    ):
        people.put_values(
            world.person[who],
            values={made[label]: value for label, value in values.items()},
            before={},
            actor=OPERATOR,
            at=NOW,
        )
    return made


@pytest.fixture
def browser_of(world):
    def of(who):
        client = Browser(headers={"accept-language": "en"})
        client.force_login(world.account[who])
        return client

    return of


def names_on(answer) -> list[str]:
    assert answer.status_code == 200
    return re.findall(r"data-row>([^<]+)<", answer.content.decode())


def test_an_organisers_list_holds_what_is_asked_besides_in_every_form(world, asked, browser_of):
    ada = browser_of("ada")
    answer = taken(ada)
    chidi = line_of(answer, "Chidi Cove")
    assert (chidi["Trade"], chidi["Shifts"], chidi["Years here"]) == ("fitter", "early; late", "12.5")
    assert line_of(answer, "Ada Amber")["Trade"] == ""
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(taken(ada, "xlsx").content)).get_sheet_by_index(0)
    assert "Shifts" in sheet.to_python()[0]
    assert "\r\nNOTE:Trade: fitter\r\nNOTE:Shifts: early\\, late\r\n" in taken(ada, "vcf").content.decode()
    assert "early, late" in taken(ada, "sheet").content.decode()


def test_days_are_read_in_the_readers_language_and_written_in_files_as_programs_read_them(
    world, asked, browser_of
):
    trained = people.add_field(
        world.unit["DEPOT"], label="Trained on", kind="day", options=(), actor=OPERATOR, at=NOW
    )
    steward = people.add_field(
        world.unit["DEPOT"], label="Steward", kind="yesno", options=(), actor=OPERATOR, at=NOW
    )
    values = {trained: dt.date(2024, 3, 1), steward: True}
    chidi = world.person["chidi"]
    people.put_values(chidi, values=values, before={}, actor=OPERATOR, at=NOW)
    people.put_paid_until(chidi, day=dt.date(2024, 12, 31), source="hand", actor=OPERATOR, at=NOW)
    german = Browser(headers={"accept-language": "de"})
    german.force_login(world.account["ada"])
    for browser, day, said, number in (
        (browser_of("ada"), "1 March 2024", "yes", "12.5"),
        (german, "1. März 2024", "ja", "12\\,5"),
    ):
        card = taken(browser, "vcf").content.decode()
        assert f"NOTE:Trained on: {day}\r\nNOTE:Steward: {said}\r\n" in card
        assert f"NOTE:Years here: {number}\r\n" in card
        assert (line := line_of(taken(browser), "Chidi Cove"))["Trained on"] == "2024-03-01"
        assert "2024-12-31" in line.values()
        sheet = taken(browser, "sheet").content.decode()
        assert day in sheet
        assert "2024-03-01" not in sheet
        assert ("31. Dezember 2024" if browser is german else "31 December 2024") in sheet


def test_a_treasurers_list_holds_nothing_of_it(world, asked, browser_of):
    answer = taken(browser_of("jonas"))
    assert set(table(answer)[0]) <= {"Name", "Unit", "Kind of membership", "Joined on", "Paid until"}
    assert "fitter" not in answer.content.decode()


def test_the_list_is_narrowed_by_a_value_and_goes_out_so(world, asked, browser_of):
    ada, trade, shifts, years = browser_of("ada"), *(one.pk for one in asked.values())
    page = ada.get("/people/").content.decode()
    assert f'<option value="{trade}:fitter">Trade: fitter</option>' in page
    assert names_on(ada.get(f"/people/?kept={trade}:fitter")) == ["Chidi Cove"]
    assert names_on(ada.get(f"/people/?kept={trade}")) == ["Béla Birch", "Chidi Cove"]
    assert names_on(ada.get(f"/people/?kept={shifts}:late&unit=DEPOT")) == ["Chidi Cove"]
    assert names_on(ada.get(f"/people/?kept={years}:12.50")) == ["Chidi Cove"]
    for nobody in (f"{trade}:pilot", f"{years}:x", "999999999", "x", "٣", f"{2**70}"):
        assert names_on(ada.get("/people/", {"kept": nobody})) == []
    narrowed = ada.get(f"/people/?kept={trade}:fitter").content.decode()
    assert "Trade: fitter<svg" in narrowed  # the filter in force
    assert f"/lists/export/?kept={trade}%3Afitter" in narrowed
    names = [row[0] for row in table(taken(ada, address=f"/lists/export/?kept={trade}:fitter"))]
    assert names[:2] == ["Name", "Chidi Cove"]
    assert len(names) == 3


def test_whoever_may_not_know_how_people_are_reached_is_offered_nothing_and_finds_nobody(
    world, asked, browser_of
):
    for who in ("jonas", "quinn"):
        answer = browser_of(who).get("/people/")
        assert 'name="kept"' not in answer.content.decode()
        if answer.status_code == 200:
            assert names_on(browser_of(who).get(f"/people/?kept={asked['Trade'].pk}")) == []
    sven = browser_of("sven")
    assert "Trade" not in sven.get("/people/").content.decode()
    assert names_on(sven.get(f"/people/?kept={asked['Trade'].pk}:fitter")) == []


def test_a_view_keeps_the_value_and_a_larger_list_is_released_by_it(world, asked, browser_of, monkeypatch):
    ada, key = browser_of("ada"), f"{asked['Trade'].pk}:fitter"
    assert ada.post(f"/people/views/?kept={key}", {"name": "Fitters"}).status_code == 302
    assert SavedView.objects.get().more == {"kept": key}
    page = ada.get("/people/").content.decode()
    assert f'href="/people/?kept={asked["Trade"].pk}%3Afitter">Fitters</a>' in page
    monkeypatch.setattr("groundswell.exchange.exporting.rows.ALONE", 0)
    taken(ada, address=f"/lists/export/?kept={key}")
    assert (Release.objects.get().question["kept"], Release.objects.get().count) == (key, 1)


def test_as_many_questions_are_asked_for_three_as_for_one(world, asked, browser_of):
    ada, counts = browser_of("ada"), []
    for more in ((), ("ada", "femi")):
        for who in more:
            people.put_values(
                world.person[who], values={asked["Trade"]: "fitter"}, before={}, actor=OPERATOR, at=NOW
            )
        address = f"/people/?kept={asked['Trade'].pk}:fitter"
        with CaptureQueriesContext(connection) as seen:
            ada.get(address)
        with CaptureQueriesContext(connection) as taking:
            taken(ada, address="/lists/export/" + address.removeprefix("/people/"))
        counts.append((len(seen), len(taking)))
    assert counts[0] == counts[1]


def test_of_too_many_a_unit_is_chosen_first(world, asked, browser_of, monkeypatch):
    monkeypatch.setattr("groundswell.people.keptfilter.MOST_OPENED", 1)
    answer = browser_of("ada").get(f"/people/?kept={asked['Trade'].pk}:fitter")
    assert answer.status_code == 400
    assert "choose a unit first" in answer.content.decode()


def test_a_value_on_a_persons_page_leads_to_all_who_have_it(world, asked, browser_of):
    chidi, ada = world.person["chidi"], browser_of("ada")
    page = ada.get(f"/people/{chidi.pk}/").content.decode()
    links = re.findall(r'<dd><a href="([^"]+)">(fitter|early, late|12\.5)</a>', page)
    assert [text for _href, text in links] == ["fitter", "early, late", "12.5"]
    for href, _text in links:
        assert names_on(ada.get(href)) == ["Chidi Cove"]
    own = browser_of("chidi").get(f"/people/{chidi.pk}/")
    assert "/people/?kept=" not in own.content.decode()


@pytest.fixture
def typed(world):
    """Let the depot ask for a nickname, years and a first day; three people answered."""
    made = {
        label: people.add_field(
            world.unit["DEPOT"], label=label, kind=kind, options=(), actor=OPERATOR, at=NOW
        )
        for label, kind in (("Nickname", "text"), ("Years here", "number"), ("First shift", "day"))
    }
    for who, (nickname, years, first) in {
        "chidi": ("Cove | 12:b", "12.5", "2012-03-01"),
        "ada": ("Amber", "9", "2015-03-01"),
        "bela": ("amber", "0", "2024-02-29"),
    }.items():
        values = (nickname, decimal.Decimal(years), dt.date.fromisoformat(first))
        people.put_values(
            world.person[who],
            values=dict(zip(made.values(), values, strict=True)),
            before={},
            actor=OPERATOR,
            at=NOW,
        )
    return {label: field.pk for label, field in made.items()}


def test_a_field_to_write_into_offers_a_text_and_two_bounds_of_its_kind(world, typed, browser_of):
    page = browser_of("ada").get("/people/").content.decode()
    nickname, years, first = typed.values()
    assert re.search(rf'<input type="text" id="kept-{nickname}" name="kept-{nickname}" value=""', page)
    assert len(re.findall(rf'name="kept-{years}-(?:from|to)" value="" type="number" step="any"', page)) == 2
    assert len(re.findall(rf'name="kept-{first}-(?:from|to)" value="" type="date"', page)) == 2
    assert f'name="kept-{nickname}"' not in browser_of("sven").get("/people/").content.decode()
    assert f'name="kept-{nickname}"' not in browser_of("jonas").get("/people/").content.decode()


ADA, BELA, CHIDI = "Ada Amber", "Béla Birch", "Chidi Cove"


FOUND = (
    ({"Nickname": "AMBER"}, [ADA, BELA]),
    ({"Nickname": "Amb"}, []),
    ({"Nickname": "Cove | 12:b"}, [CHIDI]),
    ({"Years here-from": "9"}, [ADA, CHIDI]),
    ({"Years here-to": "9.0"}, [ADA, BELA]),
    ({"Years here-from": "9.1", "Years here-to": "12.5"}, [CHIDI]),
    ({"Years here-from": "12.51"}, []),
    ({"Years here-from": "-3", "Years here-to": "0"}, [BELA]),
    ({"First shift-from": "2015-03-01"}, [ADA, BELA]),
    ({"First shift-to": "2015-03-01"}, [ADA, CHIDI]),
    ({"First shift-from": "2015-03-02", "First shift-to": "2024-02-28"}, []),
    ({"Nickname": "amber", "Years here-from": "1"}, [ADA]),
    ({"Nickname": "amber", "Years here-from": "1", "First shift-from": "2020-01-01"}, []),
)
# One of each kind, and two at once, from the page to the file.
SAMPLE = (FOUND[2], FOUND[5], FOUND[8], FOUND[11], FOUND[12])


def name_of(typed, label):
    """Return the parameter in which "Years here-from" is asked for."""
    field, _hyphen, end = label.partition("-")
    return f"kept-{typed[field]}" + (f"-{end}" if end else "")


@pytest.mark.parametrize("asked_for", [SAMPLE, pytest.param(FOUND, marks=pytest.mark.drill)])
def test_people_are_found_by_what_was_typed(world, typed, browser_of, asked_for):
    ada, sven = browser_of("ada"), browser_of("sven")
    for said, found in asked_for:
        given = {name_of(typed, label): text for label, text in said.items()}
        answer = ada.get("/people/", given | {"unit": "", "kept": ""})
        assert names_on(answer) == found, said
        page = answer.content.decode()
        for parameter, text in given.items():  # nothing typed is lost
            assert f'name="{parameter}" value="{text}"' in page
        # The list that goes out holds the same people, by the one parameter of its address.
        out = html.unescape(re.search(r'href="(/lists/export/\?kept=[^"&]+)"', page)[1])
        if found:
            assert sorted(row[0] for row in table(taken(ada, address=out))[1:-1]) == sorted(found)
        # Row security holds however it is asked: nobody of the union is found from the ferry.
        assert names_on(sven.get("/people/", given)) == [], said


def test_every_bound_is_met_by_whom_it_fits(world, typed):
    for said, found in FOUND:
        choice = keptfilter._gathered("", {name_of(typed, label): text for label, text in said.items()})
        for who, seen in (("ada", found), ("sven", [])):
            with signed_in(world, who) as acting:
                rows = searching.found(acting, Asked(more=(("kept", choice),)), today=TODAY).rows
            assert [row.name for row in rows] == seen, (who, said)


def test_each_thing_typed_is_a_filter_of_its_own_that_a_view_keeps(world, typed, browser_of):
    ada = browser_of("ada")
    nickname, years, first = typed.values()
    page = ada.get(
        "/people/", {f"kept-{nickname}": "amber", f"kept-{years}-from": "1", f"kept-{first}-to": "2024-01-31"}
    ).content.decode()
    chips = re.findall(r'<a class="tag" href="([^"]+)">([^<]+)<svg', page)
    assert [label for _href, label in chips] == [
        "Nickname: amber", "Years here: from 1", "First shift: up to 31 January 2024",
    ]  # fmt: skip
    assert names_on(ada.get(html.unescape(chips[1][0]))) == [ADA]
    keep = html.unescape(re.search(r'<form method="post" action="(/people/views/[^"]+)"', page)[1])
    assert ada.post(keep, {"name": "Old hands"}).status_code == 302
    assert SavedView.objects.get().more == {"kept": f"{nickname}:amber|{years}:1..|{first}:..2024-01-31"}
    view = html.unescape(re.search(r'href="([^"]+)">Old hands</a>', ada.get("/people/").content.decode())[1])
    assert names_on(ada.get(view)) == [ADA]


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("Years here", "many", "“many” is no number."),
        ("Years here", "NaN", "“NaN” is no number."),
        ("First shift", "2024-02-30", "“2024-02-30” is no day."),
    ],
)
def test_a_bound_that_is_none_is_told(world, typed, browser_of, field, text, sentence):
    answer = browser_of("ada").get("/people/", {f"kept-{typed[field]}-from": text})
    assert answer.status_code == 400
    assert sentence in answer.content.decode()


def test_all_that_is_asked_for_at_once_opens_no_more_than_one_does(world, typed, browser_of, monkeypatch):
    ada, opened = browser_of("ada"), []
    unlocked = keptfilter.unlock

    def unlock(values, name):
        opened.append(len(values))
        return unlocked(values, name)

    monkeypatch.setattr(keptfilter, "unlock", unlock)
    monkeypatch.setattr(keptfilter, "MOST_OPENED", 5)
    nickname, years, first = typed.values()
    both = {f"kept-{nickname}": "amber", f"kept-{years}-from": "1"}
    assert names_on(ada.get("/people/", both)) == [ADA]
    assert opened == [3, 2]  # of the second only theirs whom the first has left
    third = ada.get("/people/", both | {f"kept-{first}-from": "2000-01-01"})
    assert third.status_code == 400
    assert "choose a unit first" in third.content.decode()


def test_more_than_eight_are_not_asked_for_at_once(world, typed, browser_of):
    ada, years = browser_of("ada"), typed["Years here"]
    eight = "|".join(f"{years}:{bound}.." for bound in range(8))
    assert names_on(ada.get("/people/", {"kept": eight})) == [ADA, CHIDI]
    nine = ada.get("/people/", {"kept": eight + f"|{years}:8.."})
    assert nine.status_code == 400
    assert "At most 8 of these" in nine.content.decode()
