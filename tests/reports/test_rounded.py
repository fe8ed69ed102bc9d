"""What a member is shown of the figures of her branch, its section and the whole: month ends, in fives."""

import pytest
from django.test import Client

from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.structure import actions as structure
from stage import NOW, newcomer, own, signed_in, sql
from world import PASSWORD, day

OF_OWN = "select month_end, members from figures_of_own(%s)"


def shown_to(world, who, unit):
    with signed_in(world, who):
        return dict(sql(OF_OWN, world.unit[unit].pk))


def page_of(world, who, address):
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.account[who])
    return " ".join(client.get(address).content.decode().split())


@pytest.mark.parametrize(("unit", "true", "in_fives"), [("DEPOT", 4, 0), ("TRAM", 10, 10), ("FED", 62, 60)])
def test_a_member_sees_month_ends_in_fives_of_her_branch_its_section_and_the_whole(
    world, unit, true, in_fives
):
    found = shown_to(world, "chidi", unit)
    assert (min(found), max(found), len(found)) == (day("30 June 2023"), day("30 June 2024"), 13)
    assert own(unit, "30 June 2024")[0] == true
    assert found[day("30 June 2024")] == in_fives
    assert {members % 5 for members in found.values()} == {0}


def test_one_more_member_shows_only_where_a_five_is_full(world):
    shown = []
    for _person in range(7):
        shown.append(shown_to(world, "chidi", "TRAM")[day("31 May 2024")])
        newcomer(world, "LINE4", "2 May 2024")
    assert own("TRAM", "31 May 2024")[0] == 9 + 7
    assert shown == [5, 10, 10, 10, 10, 10, 15]


@pytest.mark.parametrize("unit", ["LINE4", "NORTH", "PIER", "FERRY", "BUS"])
def test_of_no_other_unit_the_database_tells_a_member_anything(world, unit):
    assert shown_to(world, "chidi", unit) == {}


def test_who_is_no_member_any_more_and_who_is_nobody_is_told_nothing(world):
    world.account["dana"] = accounts.create_account(
        world.person["dana"], email="dana@example.org", password=PASSWORD, actor=OPERATOR
    )
    assert shown_to(world, "dana", "DEPOT") == {}
    assert sql(OF_OWN, world.unit["DEPOT"].pk) == []


def test_a_member_of_a_branch_that_was_merged_has_the_figures_of_the_one_it_went_into_and_no_other(world):
    depot, line4, south = (world.unit[code] for code in ("DEPOT", "LINE4", "SOUTH"))
    structure.merge_units(depot, into=line4, day=day("1 July 2024"), actor=OPERATOR, at=NOW)
    assert shown_to(world, "chidi", "DEPOT") == {}
    assert shown_to(world, "chidi", "LINE4")[day("30 June 2024")] == 5
    assert own("LINE4", "1 July 2024")[0] == 9
    structure.merge_units(line4, into=south, day=day("2 July 2024"), actor=OPERATOR, at=NOW)
    assert shown_to(world, "chidi", "SOUTH")[day("30 June 2024")] == 10
    assert shown_to(world, "chidi", "LINE4") == {}
    assert shown_to(world, "chidi", "HILL") == {}
    assert len(shown_to(world, "chidi", "TRAM")) == 13
    today = page_of(world, "chidi", "/")
    assert ("Southern Lines" in today, "Line Four" in today, "Depot" in today) == (True, False, False)
    assert "merged into Line Four on 1 July 2024" in " ".join(
        Client().get("/units/DEPOT/").content.decode().split()
    )


def test_her_pages_say_so_and_open_to_nothing(world):
    today = page_of(world, "chidi", "/")
    for said in ("Depot", "fewer than 5", "10 or more", "60 or more", "members at the end of 30 June 2024"):
        assert said in today
    section = page_of(world, "chidi", "/units/TRAM/")
    assert "At least ten members at the end of June 2024." in section
    assert "Fewer than five members at the end of June 2024." in page_of(world, "chidi", "/units/DEPOT/")
    assert 'class="opens"' not in today + section
    assert "At least" not in page_of(world, "chidi", "/units/TRAM/?on=1999-12-31")


def test_an_organiser_sees_her_branch_whole_and_its_section_as_a_member_does(world):
    assert "Four members" in page_of(world, "ada", "/units/DEPOT/")
    assert "At least ten members" in page_of(world, "ada", "/units/TRAM/")
