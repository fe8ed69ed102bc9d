"""The map of a section's country: a point for each seat in it, none for what is protected."""

import re

import pytest
from django.test import Client

from groundswell.access.actor import OPERATOR
from groundswell.structure import actions as structure
from stage import NOW
from world import day


@pytest.fixture
def page_of(world):
    def of(who, code, on=""):
        client = Client(headers={"accept-language": "en"})
        client.force_login(world.account[who])
        answer = client.get(f"/units/{code}/" + (f"?on={on}" if on else ""))
        assert answer.status_code == 200
        return answer.content.decode()

    return of


def points(page):
    return re.findall(r'<a href="/units/([A-Z0-9-]+)/[^"]*"><circle', page)


def found_in_tram(code, at, **more):
    new = structure.NewUnit(
        code=code,
        names={"en": "Café " + code},
        kind="branch",
        parent="TRAM",
        founded_on=day("1 June 2024"),
        country=more.pop("country", "AT"),
        town="Wels",
        latitude=48.16,
        longitude=14.03,
        **more,
    )
    return structure.found_unit(new, actor=OPERATOR, at=at)


def test_a_section_shows_the_seats_of_all_its_branches_each_leading_to_its_page(world, page_of):
    page = page_of("bela", "TRAM")
    assert sorted(points(page)) == ["DEPOT", "HILL", "LINE4"]
    assert "3 seats in Austria" in page
    assert "<title>Hill Line, Graz</title>" in page
    assert points(page_of("bela", "SOUTH")) == ["HILL"]
    assert points(page_of("bela", "HILL")) == []


def test_a_protected_branch_has_no_point(world, page_of):
    found_in_tram("HIDDEN", NOW, protected=True)
    found_in_tram("SEEN", NOW)
    page = page_of("bela", "TRAM")
    assert sorted(points(page)) == ["DEPOT", "HILL", "LINE4", "SEEN"]
    assert "4 seats in Austria" in page
    assert points(page_of("bela", "SOUTH")) == ["HILL"]


def test_the_map_is_of_the_day_and_its_points_stay_on_that_day(world, page_of):
    found_in_tram("SEEN", NOW)
    structure.move_unit(
        world.unit["HILL"], parent=world.unit["NORTH"], day=day("2 June 2024"), actor=OPERATOR, at=NOW
    )
    assert sorted(points(page_of("bela", "NORTH"))) == ["DEPOT", "HILL", "LINE4"]
    before = page_of("bela", "NORTH", "2024-05-31")
    assert sorted(points(before)) == ["DEPOT", "LINE4"]
    assert 'href="/units/DEPOT/?on=2024-05-31"><circle' in before
    assert sorted(points(page_of("bela", "TRAM"))) == ["DEPOT", "HILL", "LINE4", "SEEN"]


def test_a_unit_that_reaches_beyond_its_country_has_no_map_of_one(world, page_of):
    found_in_tram("ABROAD", NOW, country="HU")
    assert points(page_of("bela", "TRAM")) == []
    assert points(page_of("bela", "NORTH")) != []
