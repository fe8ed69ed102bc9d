"""A section says by which rules it goes, hears first how many memberships that ends, and who lapses when."""

import re

import pytest
from django.test import Client

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people import actions as people
from groundswell.people import hooks, queries
from groundswell.people.models import Asking, SectionRule
from groundswell.people.tasks import accept_transfers, lapse
from pageforms import send
from stage import NOW, actor, newcomer, signed_in
from world import at, day

RULES = "/people/rules/?unit=TRAM"
ALL = {"transfer_days": "7", "lapse_months": "6", "contact_months": "3", "former_years": "1"}


def browser(world, who):
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.account[who])
    return client


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def paid(person, until):
    people.put_paid_until(person, day=day(until), source="hand", actor=OPERATOR, at=NOW)


def test_a_secretary_sets_the_rules_and_hears_first_how_many_memberships_they_end(world):
    for who in ("ada", "jonas", "chidi"):  # chidi joined since
        paid(world.person[who], "31 December 2023")
    bela = browser(world, "bela")
    told = send(bela, RULES, ALL)
    assert (told.status_code, SectionRule.objects.count()) == (422, 0)
    assert "2 memberships would end in the coming night." in text_of(told)
    assert "1 record would be erased or reduced to a name in the coming night." in text_of(told)  # Lio's
    # Said for another number it counts anew; and more patience costs nobody anything.
    assert send(bela, RULES, ALL | {"ending": "2"}).status_code == 422
    assert send(bela, RULES, ALL | {"ending": "3"}).status_code == 302
    assert SectionRule.objects.values_list("lapse_months", "former_years").get() == (6, 1)
    # Whoever notes a day so long ago is told as well what comes of it.
    dues = f"/people/{world.person['hana'].pk}/paid/"
    for until, told in (("2024-01-15", True), ("2024-01-16", False)):
        noted = text_of(bela.post(dues, {"day": until}, follow=True))
        assert ("her membership ends in the coming night" in noted) == told, until
    assert send(bela, RULES, {"lapse_months": "60"}).status_code == 302
    assert send(bela, RULES, {"lapse_months": ""}).status_code == 302
    assert SectionRule.objects.get().lapse_months is None
    # Its days are those after which a transfer from elsewhere is accepted.
    with scope.operator("a transfer"):
        sven = world.person["sven"]
    with signed_in(world, "sven") as acting:
        people.ask_to_transfer(sven, to=world.unit["HILL"], actor=acting, at=NOW)
    assert Asking.objects.get(person=sven).due_on == day("22 July 2024")


def test_whoever_joined_lately_in_another_section_is_counted_by_neither_the_page_nor_the_night(world):
    """Her secretary does not see where she joined, and the worker does: both count the same."""
    new = newcomer(world, "PIER", "3 June 2024")
    for person in (new.person, world.person["ada"]):
        paid(person, "31 December 2023")
    people.transfer(new, to=world.unit["HILL"], day=day("3 July 2024"), actor=OPERATOR, at=NOW)
    told = send(browser(world, "bela"), RULES, ALL)
    assert "1 membership would end in the coming night." in text_of(told)
    SectionRule.objects.create(unit=world.unit["TRAM"], lapse_months=6)
    assert people.lapse_due(at=at("15 July 2024")) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("transfer_days", "0"), ("transfer_days", ""), ("lapse_months", "121"), ("former_years", "31")],
)
def test_what_lies_beyond_reason_is_refused_beside_its_field(world, name, value):
    refused = send(browser(world, "bela"), RULES, {name: value})
    assert (refused.status_code, SectionRule.objects.count()) == (422, 0)
    if value:
        assert "Write a whole number from 1 to" in text_of(refused)


def test_nobody_else_sets_them(world):
    for who in ("ada", "chidi", "sven"):
        assert browser(world, who).get(RULES).status_code == 404
    wanted = {name: int(count) for name, count in ALL.items()}
    for who in ("ada", "sven", "ines"):
        with signed_in(world, who) as acting, pytest.raises(Refusal):
            people.set_section_rules(world.unit["TRAM"], wanted=wanted, before=None, actor=acting)


def test_who_joins_again_does_not_lapse_by_what_she_had_not_paid_before(world):
    SectionRule.objects.create(unit=world.unit["TRAM"], lapse_months=3)
    ada = world.person["ada"]
    paid(ada, "31 March 2024")
    assert people.lapse_due(at=at("15 July 2024")) == 1
    with signed_in(world, "bela") as bela:
        people.join(ada, unit=world.unit["DEPOT"], day=day("15 July 2024"), actor=bela, at=NOW)
    for later in ("16 July 2024", "15 October 2024"):
        assert people.lapse_due(at=at(later)) == 0
    assert queries.home_of(ada) is not None
    # Who does not pay for as long after joining again lapses again.
    clock.set_today(day("16 October 2024"))
    assert people.lapse_due(at=at("16 October 2024")) == 1
    clock.set_today(day("15 July 2024"))


def test_memberships_of_a_unit_that_is_in_no_section_lapse_by_its_own_rules(world):
    fed = world.unit["FED"]
    assert (queries.ruling(fed), queries.ruling(world.unit["HILL"])) == (fed, world.unit["TRAM"])
    SectionRule.objects.create(unit=fed, lapse_months=3)
    held = newcomer(world, "FED", "1 January 2024")
    paid(held.person, "31 March 2024")
    assert people.lapse_due(at=at("15 July 2024")) == 1
    assert queries.home_of(held.person) is None


@pytest.mark.parametrize("night", [lapse, accept_transfers])
def test_what_the_night_did_stands_when_it_is_broken_off(world, night, monkeypatch):
    """So nobody who leaves or moves by day waits until a whole night's work is done, or loses it."""
    SectionRule.objects.create(unit=world.unit["TRAM"], lapse_months=3)
    ada, jonas = world.person["ada"], world.person["jonas"]
    for person in (ada, jonas):
        paid(person, "31 December 2023")
        people.ask_to_transfer(person, to=world.unit["PIER"], actor=actor(world, "bela"), at=NOW)
    Asking.objects.update(due_on=day("14 July 2024"))
    gone = []

    def broken_off(*_more):
        gone.append(1)
        if len(gone) == 2:
            raise ConnectionError

    for name in ("when_leaving", "when_moving"):
        monkeypatch.setattr(hooks, name, [broken_off])
    with pytest.raises(ConnectionError):
        night.func(0)
    homes = [queries.home_of(one) for one in (ada, jonas)]
    assert sum(home is None or home.unit.code == "PIER" for home in homes) == 1
