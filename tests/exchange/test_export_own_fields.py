"""What units ask besides goes out with lists and narrows them, for whoever may know ways to reach people."""

import decimal
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
from groundswell.people.models import SavedView
from stage import NOW


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
    assert "\r\nNOTE:Trade: fitter\r\nNOTE:Shifts: early\\; late\r\n" in taken(ada, "vcf").content.decode()
    assert "early; late" in taken(ada, "sheet").content.decode()


def test_a_treasurers_list_holds_nothing_of_it(world, asked, browser_of):
    answer = taken(browser_of("jonas"))
    assert set(table(answer)[0]) <= {"Name", "Unit", "Standing", "Paid until"}
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
    monkeypatch.setattr("groundswell.people.filters.MOST_OPENED", 1)
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
