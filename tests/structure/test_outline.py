"""What anybody may know of a unit: what it is called, what it is, where it lies, and what was published."""

import re

import pytest
from django.test import Client

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.people import actions as people
from groundswell.reports import actions as reports
from groundswell.site import front
from groundswell.structure import actions as structure
from stage import NOW
from world import day


@pytest.fixture
def read_by(world):
    """Return a function: what somebody reads at an address, and how she was answered ('' is a stranger)."""

    def read(who, address):
        client = Client(headers={"accept-language": "en"})
        if who:
            client.force_login(world.account[who])
        answer = client.get(address)
        return answer.status_code, re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))

    return read


def found_in_tram(code, name, **more):
    new = structure.NewUnit(code, {"en": name}, "branch", "TRAM", day("1 June 2024"), **more)
    return structure.found_unit(new, actor=OPERATOR, at=NOW)


def test_anybody_reads_what_a_unit_is_and_where_it_lies_and_no_figure_of_it(read_by):
    for who in ("", "chidi", "sven"):
        status, page = read_by(who, "/units/SOUTH/")
        assert status == 200
        assert "region, since 1 January 2000, 1 unit in it" in page
        for said in ("Federation of Transport Workers", "Tramworkers' Union", "Hill Line branch, Graz"):
            assert said in page.replace("&#x27;", "'")
        assert "This is what anybody may know of this unit." in page
        assert "Figures" not in page
    status, page = read_by("bela", "/units/SOUTH/")
    assert status == 200
    assert "Figures" in page
    assert "anybody may know" not in page


def test_a_protected_unit_is_nothing_to_a_stranger_and_a_bare_name_to_whoever_is_signed_in(world, read_by):
    found_in_tram("HIDDEN", "Hidden Halt", town="Wels", protected=True)
    missing = read_by("", "/units/NOWHERE/")
    assert read_by("", "/units/HIDDEN/") == missing
    assert missing[0] == 404
    assert "Hidden Halt" not in read_by("", "/units/TRAM/")[1]
    for who in ("chidi", "sven"):
        status, page = read_by(who, "/units/HIDDEN/")
        assert status == 200
        assert "Hidden Halt" in page
        assert "Wels" not in page
    assert "Wels" in read_by("bela", "/units/HIDDEN/")[1]
    assert "Hidden Halt" in read_by("sven", "/units/TRAM/")[1]


def test_what_was_published_of_a_unit_stands_on_its_page_for_everybody(world, read_by):
    publish = {"as_of": day("30 June 2024"), "since": day("31 December 2023"), "actor": OPERATOR, "at": NOW}
    reports.publish_report(world.unit["FED"], **publish)
    assert "62 on 30 June 2024" in read_by("", "/units/FED/")[1]
    assert "Members 47 on 30 June 2024 More than before +7" in read_by("", "/units/BUS/")[1]
    assert "on 30 June 2024" not in read_by("", "/units/DEPOT/")[1]


def test_a_published_count_of_a_few_is_not_told_nor_found_by_subtraction():
    def body(**members):
        row = {"previous": 9, "illustrative": False}
        rows = [row | {"code": code, "members": count} for code, count in members.items()]
        return {"unit": "ALL", "total": {"members": sum(members.values())}, "units": rows}

    assert set(front.open_to_all(body(A=9, B=7, C=5), "ABC")) == {"ALL", "A", "B", "C"}
    assert set(front.open_to_all(body(A=9, B=7, C=4), "ABC")) == {"ALL", "A"}
    assert set(front.open_to_all(body(A=9, B=3, C=4), "ABC")) == {"ALL", "A"}
    # A is protected: with it the smallest of the others is left out.
    assert set(front.open_to_all(body(A=9, B=7, C=5), "BC")) == {"ALL", "B"}


def test_a_protected_unit_is_one_of_two_whose_published_counts_are_left_out(world, read_by):
    hidden = structure.NewUnit(
        "LIFTS", {"en": "Lift Crews"}, "group", "FED", day("1 June 2023"), protected=True
    )
    lifts = structure.found_unit(hidden, actor=OPERATOR, at=NOW)
    people.report_by_number(lifts, day=day("1 June 2023"), actor=OPERATOR, at=NOW)
    for as_of, members in (("31 December 2023", 30), ("30 June 2024", 33)):
        people.file_return(
            lifts,
            as_of=day(as_of),
            members=members,
            joined=3,
            left=0,
            signed_by="Lea Lift",
            actor=OPERATOR,
            at=NOW,
        )
    publish = {"as_of": day("30 June 2024"), "since": day("31 December 2023"), "actor": OPERATOR, "at": NOW}
    reports.publish_report(world.unit["FED"], **publish)
    # The other one is the ferry crews: they were four.
    told = [
        code for code in ("TRAM", "FERRY", "BUS") if "on 30 June 2024" in read_by("", f"/units/{code}/")[1]
    ]
    assert told == ["TRAM", "BUS"]


def test_the_front_leads_a_stranger_to_the_units_unless_they_are_protected(world):
    stranger = Client()
    assert 'href="/units/FED/"' in stranger.get("/").content.decode()


def test_a_dissolved_unit_says_so_and_is_not_listed(world, read_by):
    short = found_in_tram("SHORT", "Short Lived")
    assert "Short Lived" in read_by("", "/units/TRAM/")[1]
    with scope.operator("its end"):
        structure.dissolve_unit(short, day=day("1 July 2024"), actor=OPERATOR, at=NOW)
    assert "dissolved on 1 July 2024" in read_by("", "/units/SHORT/")[1]
    assert "Short Lived" not in read_by("", "/units/TRAM/")[1]
