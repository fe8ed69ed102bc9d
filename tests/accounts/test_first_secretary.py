"""The first secretary of a section in which nobody is yet is made from the international."""

import re

import pytest
from django.core.cache import cache
from test_factors import text_of, window

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.structure import actions as structure
from stage import NOW, sql
from world import TODAY

FIRST = "/offices/first/{}/"
HER = {"name": "Lotte Gleis", "email": "Lotte@example.org"}


@pytest.fixture
def founded(world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    cache.clear()
    with scope.operator("a section"):
        world.unit["BUSES"] = structure.found_unit(
            structure.NewUnit(
                code="BUSES",
                names={"en": "Bus Crews"},
                kind="section",
                parent="FED",
                founded_on=TODAY,
            ),
            actor=OPERATOR,
            at=NOW,
        )
    return world


def test_a_section_that_was_founded_gets_its_first_member_and_secretary_by_an_invitation(founded):
    ines = window(founded, "ines")
    assert FIRST.format("BUSES") in text_of(ines.get("/offices/give/BUSES/"))
    shown = text_of(ines.post(FIRST.format("BUSES"), HER))
    link = re.search(r"(/accounts/link/\S+/)</code>", shown)[1]
    lotte = window(None)
    assert lotte.post(link).url == "/accounts/come-back/"
    page = text_of(lotte.get("/people/"))
    assert "Lotte Gleis" in page
    # Once somebody is there, offices are given to whoever is, and names stay closed to the international.
    again = ines.post(FIRST.format("BUSES"), {**HER, "email": "other@example.org"})
    assert again.status_code == 422
    assert "Somebody is in Bus Crews already" in text_of(again)
    assert FIRST.format("BUSES") not in text_of(ines.get("/offices/give/BUSES/"))
    assert ines.get("/people/").status_code == 404


def test_nobody_makes_a_secretary_where_she_gives_none_or_somebody_is(founded):
    chidi, bela = window(founded, "chidi"), window(founded, "bela")
    assert [who.post(FIRST.format("BUSES"), HER).status_code for who in (chidi, bela)] == [404, 404]
    ines = window(founded, "ines")
    assert "Somebody is in" in text_of(ines.post(FIRST.format("TRAM"), HER))
    taken = ines.post(FIRST.format("BUSES"), {**HER, "email": "chidi@example.org"})
    assert "There already is an account" in text_of(taken)
    with scope.operator("who is there"):
        assert sql("select count(*) from people_person where name = %s", HER["name"]) == [(0,)]
