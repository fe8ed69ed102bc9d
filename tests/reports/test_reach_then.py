"""A unit that went over to another section: its old section keeps what it counted with it, and no more."""

import re

import pytest
from django.test import Client

from groundswell.access.actor import OPERATOR
from groundswell.structure import actions as structure
from stage import NOW
from world import day


@pytest.fixture
def gone(world):
    """Hill Line, with its one member, lies in the ferry crews' section from 1 July on."""
    structure.move_unit(
        world.unit["HILL"], parent=world.unit["FERRY"], day=day("1 July 2024"), actor=OPERATOR, at=NOW
    )
    return world.unit["HILL"]


@pytest.fixture
def bela(world):
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.account["bela"])
    return client


def members(answer):
    assert answer.status_code == 200
    return answer.json()["total"]["members"]


def test_a_section_still_counts_what_a_branch_was_while_it_lay_in_it(gone, bela):
    asked = "/report/report.json?unit=TRAM&since=2024-06-15&as_of="
    assert members(bela.get(asked + "2024-06-30")) == 10
    assert members(bela.get(asked + "2024-07-15")) == 9
    page = bela.get("/units/TRAM/")
    assert page.status_code == 200
    assert re.search(r"\b9\b", page.content.decode())
    assert bela.get("/report/?unit=TRAM&as_of=2024-07-15&since=2024-06-15").status_code == 200
    assert bela.get("/map/?as_of=2024-07-15").status_code == 200


def test_the_branch_itself_is_not_the_old_sections_any_more(gone, bela, world):
    for address in ("/report/?unit=HILL", "/report/report.json?unit=HILL", "/report/?unit=FERRY"):
        assert bela.get(address).status_code == 404, address
    assert "Figures" not in bela.get("/units/HILL/").content.decode()
