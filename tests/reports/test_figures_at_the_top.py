"""The figures at the top of a report and of a unit's page: each unit stands there once."""

import re
from dataclasses import dataclass

import pytest
from django.template.loader import render_to_string
from django.test import Client

from groundswell.reports import mapping, sheet
from groundswell.structure.models import Unit


@dataclass
class Big:
    label: str
    figures: str
    note: str
    illustrative: bool = False


def tiles(text):
    """Return the label, figure and notes of each figure at the top of a page."""
    (shown,) = re.findall(r'<dl class="figures">(.*?)</dl>', text, re.DOTALL)
    return [
        (
            re.sub(r"<[^>]+>|\s", "", re.findall(r"<dt>(.*?)</dt>", one)[0]),
            *(re.sub(r"<[^>]+>", "", part) for part in re.findall(r"<dd[^>]*>(.*?)</dd>", one)),
        )
        for one in re.findall(r"<div>(.*?)</div>", shown, re.DOTALL)
    ]


MEMBERS = Big("Members", "<a>9</a>", "+3")
FLOW = Big("Joined · left", "4 · 1", "4 joined for each who left")


def test_a_unit_that_is_the_fastest_and_the_largest_stands_there_once_with_both_notes():
    fastest = Big("London", "<a>5</a>", "+25 %, the fastest", illustrative=True)
    largest = Big("London", "<a>5</a>", "55 % of all members", illustrative=True)
    text = render_to_string("reports/_figures.html", {"figures": [MEMBERS, FLOW, fastest, largest]})
    assert [one[0] for one in tiles(text)] == ["Members", "Joined·left", "London†"]
    assert tiles(text)[2][2:] == ("+25 %, the fastest", "55 % of all members")
    assert text.count("<div>") == text.count("</div>") == 3


def test_two_units_stand_there_both():
    others = [Big("London", "5", "+25 %"), Big("Leeds", "4", "44 %")]
    text = render_to_string("reports/_figures.html", {"figures": [MEMBERS, FLOW, *others]})
    assert [one[0] for one in tiles(text)] == ["Members", "Joined·left", "London", "Leeds"]
    assert text.count("<div>") == text.count("</div>") == 4


def test_a_target_that_is_just_reached_stays_although_it_shows_the_same_number():
    target = Big("Whole by December", '<a href="/report/drill/?figure=targets">9</a>', "9 now")
    text = render_to_string("reports/_figures.html", {"figures": [MEMBERS, FLOW, target]})
    assert [one[0] for one in tiles(text)] == ["Members", "Joined·left", "WholebyDecember"]


@pytest.mark.parametrize("address", ["/units/HILL/", "/report/?unit=HILL&as_of=2024-07-15&since=2024-01-31"])
def test_a_branch_is_not_named_as_its_own_largest(world, address):
    bela = Client(headers={"accept-language": "en"})
    bela.force_login(world.account["bela"])
    found = tiles(bela.get(address).content.decode())
    assert [one[0] for one in found] == ["Members", "Joined·left", "Movedin·out"]
    assert len({one[1] for one in found if one[0] == "Members"}) == 1


@pytest.mark.parametrize("unit", ["TRAM", "NORTH", "FED"])
def test_no_unit_stands_at_the_top_of_a_report_twice(world, unit):
    who = Client(headers={"accept-language": "en"})
    who.force_login(world.account["ines"])
    text = who.get(f"/report/?unit={unit}&as_of=2024-07-15&since=2024-01-31").content.decode()
    labels = [one[0] for one in tiles(text)]
    assert len(set(labels)) == len(labels) >= 3


@pytest.mark.parametrize(
    ("language", "since", "said"),
    [
        ("en", "2024-01-31", r"the fastest; \d+ at the end of January 2024"),
        ("en", "2024-01-30", r"the fastest; \d+ on 30 January 2024"),
        ("de", "2024-01-31", r"am schnellsten; Ende Januar 2024: \d+"),
    ],
)
def test_a_month_has_an_end_and_a_day_is_on(world, language, since, said):
    who = Client(headers={"accept-language": language})
    who.force_login(world.account["ines"])
    text = who.get(f"/report/?unit=FED&as_of=2024-07-15&since={since}").content.decode()
    assert re.search(said, re.sub(r"<[^>]+>", "", text))


def test_of_many_rows_a_page_is_shown_over_the_total_of_all_and_on_the_map(browser_of, monkeypatch):
    monkeypatch.setattr(sheet, "PAGE", 2)
    ines, asked = browser_of("ines"), "/report/?as_of=2024-07-15&since=2024-01-31"

    def page(after=""):
        text = ines.get(asked + after).content.decode()
        table = text.partition('id="units-head"')[2]
        rows, _, foot = table.partition("<tfoot>")
        names = re.findall(r'<th scope="row"><a[^>]*>([^<]+)</a>', rows)
        links = {rel: href for href, rel in re.findall(r'href="([^"]*#units-head)"( rel="next")?', foot)}
        return names, re.findall(r"rows [^<]+", rows), re.sub(r"<[^>]+>|\s+", " ", foot).split()[:6], links

    first, said, total, links = page()
    assert (len(first), said, list(links)) == (2, ["rows 1 to 2 of 3"], [' rel="next"'])
    address = links[' rel="next"'].replace("&amp;", "&")
    assert address.endswith("&after=2#units-head")
    rest, said, again, links = page("&after=2")
    assert (len(rest), said, list(links)) == (1, ["rows 3 to 3 of 3"], [""])
    assert not set(first) & set(rest)
    assert again == total
    assert page("&after=-1") == page()
    Unit.objects.filter(kind__in=["section", "group"]).update(country="AT")
    for most, told in ((3, False), (1, True)):
        monkeypatch.setattr(mapping, "MOST_NAMED", most)
        world_map = ines.get("/map/?as_of=2024-07-15").content.decode()
        assert ("And 2 more." in world_map) is told
    for after, named in (("0", first), ("2", rest)):
        table = ines.get(f"/map/?as_of=2024-07-15&after={after}").content.decode().partition("places-head")[2]
        assert re.findall(r'<th scope="row"><a[^>]*>([^<]+)</a>', table) == named
    monkeypatch.undo()
    assert [len(part) for part in page()[:2]] == [3, 0]
    assert ines.get(asked + "&after=two").status_code == 400
