"""How old somebody must be: what her country's law says, what her section says, what is kept below it."""

import pytest
from django.db import IntegrityError, transaction

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.kernel.errors import Refusal
from groundswell.people import entering
from groundswell.people.entering import Entry
from groundswell.people.models import Person
from groundswell.protection import actions, queries
from groundswell.protection.models import MinimumAge
from groundswell.structure.models import Unit
from pageforms import send
from stage import NOW, signed_in, sql

# The age of agreeing by oneself that came with the software, written out by hand from the laws.
SHIPPED = {
    "AT": 14, "BE": 13, "CA": 13, "CH": 16, "CZ": 15, "DE": 16, "DK": 15, "ES": 14, "FI": 13, "FR": 15,
    "GB": 13, "GR": 15, "HU": 16, "IE": 16, "IT": 14, "NL": 16, "PL": 16, "PT": 13, "SE": 13, "US": 13,
}  # fmt: skip
NEW = {"name": "Wilma Willow", "kind": "contact"}


def age(world, unit="DEPOT", purpose="entry"):
    return queries.minimum_age(Unit.objects.get(code=unit), purpose)


def lie_in(world, unit, country):
    Unit.objects.filter(code=unit).update(country=country)


def test_what_the_laws_say_is_shipped_with_where_it_comes_from(world):
    rows = {one.country: one for one in queries.shipped_ages()}
    assert {country: rows[country].years for country in SHIPPED} == SHIPPED
    assert all(one.source for one in rows.values())


def test_the_age_of_the_country_holds_and_16_where_none_is_known(world):
    assert (age(world).years, age(world).shipped, age(world).country) == (14, True, "AT")
    lie_in(world, "DEPOT", "FR")
    assert age(world).years == 15
    lie_in(world, "DEPOT", "ZA")
    assert age(world).years == 16
    lie_in(world, "DEPOT", "")
    assert age(world).country == "AT"  # that of the unit above it


def test_what_the_section_sets_holds_for_its_units_and_its_purpose_alone(world):
    actions.set_age(world.unit["TRAM"], country="AT", purpose="entry", years=15, actor=OPERATOR, at=NOW)
    assert (age(world).years, age(world).shipped) == (15, False)
    assert age(world, purpose="consent").years == 14
    assert age(world, "PIER").years == 14
    actions.set_age(world.unit["TRAM"], country="AT", purpose="entry", years=17, actor=OPERATOR, at=NOW)
    assert age(world).years == 17
    assert MinimumAge.objects.exclude(unit=None).count() == 1


def test_the_form_asks_is_she_old_enough_and_keeps_nothing_of_who_is_not(officers, browsers, read):
    ada = browsers("ada")
    page = read(ada.get("/people/new/?unit=DEPOT"))
    assert "Is she at least 14?" in page
    assert "birth" not in page
    refused = ada.post("/people/new/?unit=DEPOT", NEW | {"old_enough": "no"})
    assert refused.status_code == 422
    assert "Nobody under 14 is written down here. Nothing of her was kept." in read(refused)
    unsaid = ada.post("/people/new/?unit=DEPOT", NEW)
    assert unsaid.status_code == 422
    assert "Say whether she is old enough; her birth date is not asked." in read(unsaid)
    with scope.operator("look"):
        assert not Person.objects.filter(name="Wilma Willow").exists()
        assert sql("select 1 from access_trailpayload where new::text like '%%Wilma%%'") == []
    assert ada.post("/people/new/?unit=DEPOT", NEW | {"old_enough": "yes"}).status_code == 302
    with scope.operator("look"):
        assert Person.objects.get(name="Wilma Willow").minor is False


def test_the_deed_refuses_as_the_form_does(world):
    with pytest.raises(Refusal, match="Nobody under 14"):
        entering.enter(Entry("Wilma Willow", {}, {}), world.unit["DEPOT"], actor=OPERATOR, at=NOW)
    assert not Person.objects.filter(name="Wilma Willow").exists()


def test_her_secretary_and_her_officer_set_it_on_a_page(officers, browsers, read):
    said = {"purpose": "entry", "country": "at", "years": "16", "source": "Congress of 2023"}
    for who, years in (("bela", "16"), ("dana", "15")):
        answer = send(browsers(who), "/protection/ages/?unit=TRAM", said | {"years": years})
        assert answer.status_code == 302, who
        page = read(browsers(who).get("/protection/ages/?unit=TRAM"))
        assert f"In Austria whoever is written down is at least {years}." in page
        assert "Congress of 2023" in page
        assert "shipped: Austria: Datenschutzgesetz, § 4(4)" in page
    refused = browsers("bela").post("/protection/ages/?unit=DEPOT", said)
    assert (refused.status_code, "those of the section" in read(refused)) == (422, True)
    for years in ("9", "22", "x", "99999999999999999999"):
        assert (
            browsers("bela").post("/protection/ages/?unit=TRAM", said | {"years": years}).status_code == 422
        )


@pytest.mark.parametrize("who", ["ada", "jonas", "sven", "ines", "olga", "quinn", "femi"])
def test_nobody_else_sets_it(officers, browsers, who):
    said = {"purpose": "entry", "country": "AT", "years": "12", "source": ""}
    assert browsers(who).post("/protection/ages/?unit=TRAM", said).status_code == 404
    with signed_in(officers, who):
        assert sql("update protection_minimumage set years = 10 returning 1") == []
    with scope.operator("look"):
        assert not MinimumAge.objects.exclude(unit=None).exists()


def test_somebody_signed_out_is_told_the_age_as_a_public_form_asks_it(world):
    unit = Unit.objects.get(code="DEPOT")
    with scope.nobody():
        assert queries.minimum_age(unit, "entry").years == 14


@pytest.mark.parametrize("change", ["country = 'at'", "purpose = 'vote'", "years = 9", "years = 22"])
def test_the_database_refuses_an_age_that_cannot_be(world, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        sql(f"update protection_minimumage set {change} where country = 'AT'")
