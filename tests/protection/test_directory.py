"""The directory of a branch: who agreed stands in it, and nobody but the branch's members reads it."""

import pytest

from groundswell.access.actor import OPERATOR
from groundswell.people import actions as people
from groundswell.people import queries as persons
from groundswell.people.models import Person
from groundswell.protection import actions
from groundswell.protection.models import Purpose
from groundswell.structure import actions as structure
from stage import NOW, signed_in, sql
from world import day


@pytest.fixture
def listed(officers):
    """Let Ada and Femi of the depot agree, and Jonas of another branch."""
    purpose = Purpose.objects.get(code="directory")
    for code in ("TRAM", "FERRY"):
        words = {"language": "en", "words": "I agree to be in the directory."}
        actions.write_text(officers.unit[code], purpose, actor=OPERATOR, at=NOW, **words)
    for who in ("ada", "femi", "jonas"):
        agree(officers, who)
    return officers


def agree(world, who):
    purpose = Purpose.objects.get(code="directory")
    actions.give_consent(world.person[who], purpose, how="paper", actor=OPERATOR, at=NOW)


def test_a_member_reads_who_of_her_branch_agreed_and_nobody_else(listed, browsers, read):
    page = read(browsers("chidi").get("/directory/"))
    assert "2 members of Depot are in its directory." in page
    assert "Ada Amber Femi Fern" in page
    assert "Jonas" not in page
    assert "Hana" not in page
    assert "You are not in it" in page
    assert "You are in it" in read(browsers("femi").get("/directory/"))


def test_who_withdraws_or_goes_is_gone_from_it(listed, browsers, read):
    purpose = Purpose.objects.get(code="directory")
    actions.withdraw_consent(listed.person["ada"], purpose, actor=OPERATOR, at=NOW)
    people.leave(persons.home_of(listed.person["femi"]), day=day("1 July 2024"), actor=OPERATOR, at=NOW)
    assert "Nobody is in it yet." in read(browsers("chidi").get("/directory/"))


def test_of_branches_that_were_merged_it_is_one_and_of_the_unit_they_went_into(listed, browsers, read):
    line4, say = listed.unit["LINE4"], {"day": day("1 July 2024"), "actor": OPERATOR, "at": NOW}
    structure.merge_units(listed.unit["DEPOT"], into=line4, **say)
    for who in ("chidi", "jonas"):
        page = read(browsers(who).get("/directory/"))
        assert "3 members of Line Four are in its directory." in page, who
        assert "Ada Amber Femi Fern Jonas Juniper" in page, who


def test_somebody_under_age_is_not_shown(listed, browsers, read):
    Person.objects.filter(pk=listed.person["ada"].pk).update(minor=True)
    page = read(browsers("chidi").get("/directory/"))
    assert "1 member of Depot is in its directory." in page
    assert "Ada" not in page
    # She reads that she agreed, and that she will stand in it once she is of age.
    assert "You agreed to be in it. It shows nobody under 18" in read(browsers("ada").get("/directory/"))


def test_other_branches_other_sections_and_who_is_no_member_read_nothing_of_it(listed, browsers):
    assert "Ada Amber" not in browsers("jonas").get("/directory/").content.decode()
    assert "Ada Amber" not in browsers("olga").get("/directory/").content.decode()
    assert browsers("dana").get("/directory/").status_code == 404  # she has left
    with signed_in(listed, "olga"):
        assert sql("select name from protection_directory()") == []


def test_in_a_protected_unit_they_go_by_their_call_names(listed, browsers, read):
    sql("update structure_unit set protected = true where code = 'DEPOT'")
    page = read(browsers("chidi").get("/directory/"))
    assert "Ada Femi" in page
    assert "Amber" not in page
