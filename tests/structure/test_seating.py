"""Where a unit sits: said at its founding, changed afterwards, and its country by whoever may place it."""

import zoneinfo

import pytest

from groundswell.access.actor import OPERATOR
from groundswell.kernel.errors import Refusal
from groundswell.structure import actions as structure
from groundswell.structure import lands
from groundswell.structure.models import Unit
from pageforms import send, shown, text_of
from stage import NOW, signed_in
from world import TODAY

PAGE = "/units/HILL/seat/"


def seat_of(code):
    unit = Unit.objects.get(code=code)
    return (
        unit.country, unit.town, unit.latitude, unit.longitude, unit.languages, unit.currency, unit.time_zone
    )  # fmt: skip


def test_a_branch_that_moved_house_is_shown_where_it_is_now(world, browser_of):
    bela = browser_of("bela")
    assert f'href="{PAGE}"' in bela.get("/units/HILL/").content.decode()
    done = send(
        bela,
        PAGE,
        {
            "country": "CH", "town": "Chur", "latitude": "46,85", "longitude": "9.53",
            "languages": "de, rm,de", "currency": "chf", "time_zone": "Europe/Zurich",
        },
    )  # fmt: skip
    assert done.status_code == 302
    assert seat_of("HILL") == ("CH", "Chur", 46.85, 9.53, ["de", "rm"], "CHF", "Europe/Zurich")
    page = text_of(bela.get("/units/HILL/"))
    assert "Saved." in page
    assert "Switzerland" in page
    assert "said where a unit sits" in text_of(browser_of("olga").get("/trail/"))
    # In each of its languages it may have a name.
    assert "name_rm" in shown(bela.get("/units/HILL/rename/"), "/units/HILL/rename/")


@pytest.mark.parametrize(
    ("wrong", "beside", "sentence"),
    [
        ({"latitude": "north"}, "latitude", "Write degrees in figures, as 48.21."),
        ({"latitude": "nan"}, "latitude", "Write degrees in figures, as 48.21."),
        ({"latitude": "91"}, "latitude", "A place has a latitude from -90 to 90"),
        ({"longitude": ""}, "latitude", "A place has a latitude from -90 to 90"),
        ({"currency": "€€€"}, "currency", "must be three capital letters"),
        ({"time_zone": "Wien"}, "time_zone", "There is no time zone “Wien”"),
        ({"time_zone": "CET"}, "time_zone", "There is no time zone “CET”"),  # the database has no CEST by it
        ({"languages": "German, Martian"}, "languages", "“Martian” is no language that is known here"),
        ({"country": "ZZ"}, "country", "Select a valid choice."),
    ],
)
def test_what_is_no_seat_is_said_beside_its_field_and_kept(browser_of, wrong, beside, sentence):
    before = seat_of("HILL")
    refused = send(browser_of("bela"), PAGE, {"town": "Weiz"} | wrong)
    assert refused.status_code == 422
    assert sentence in text_of(refused)
    assert f'href="#id_{beside}"' in refused.content.decode()
    assert 'value="Weiz"' in refused.content.decode()
    assert seat_of("HILL") == before


def test_nobody_changes_the_country_or_time_zone_of_her_own_unit_but_its_town(world, browser_of):
    own = shown(browser_of("bela").get("/units/TRAM/seat/"), "/units/TRAM/seat/")
    assert not own.keys() & {"country", "time_zone"}
    assert send(browser_of("bela"), "/units/TRAM/seat/", {"town": "Linz"}).status_code == 302
    assert seat_of("TRAM")[:2] == ("AT", "Linz")
    # Said by hand it is not taken, neither by the page nor by the action.
    browser_of("bela").post("/units/TRAM/seat/", {**own, "country": "CH"})
    assert seat_of("TRAM")[0] == "AT"
    for seat in ({"country": "CH"}, {"time_zone": "Pacific/Midway"}):
        with signed_in(world, "bela") as bela, pytest.raises(Refusal, match="do not include this right"):
            structure.seat_unit(world.unit["TRAM"], seat=seat, actor=bela)
    # Above the highest unit there is nobody.
    assert "time_zone" in shown(browser_of("ines").get("/units/FED/seat/"), "/units/FED/seat/")
    assert send(browser_of("ines"), "/units/TRAM/seat/", {"country": "CH"}).status_code == 302
    assert seat_of("TRAM")[0] == "CH"


def test_who_may_not_change_a_unit_does_not_say_where_it_sits(world, browser_of):
    for who, code in (("ada", "DEPOT"), ("jonas", "HILL"), ("bela", "PIER"), ("chidi", "DEPOT")):
        assert browser_of(who).get(f"/units/{code}/seat/").status_code == 404
        assert browser_of(who).post(f"/units/{code}/seat/", {"town": "Linz"}).status_code == 404
    structure.dissolve_unit(
        structure.found_unit(
            structure.NewUnit("EAST", {"en": "East"}, "region", "TRAM", world.unit["TRAM"].founded_on),
            actor=OPERATOR, at=NOW,
        ),
        day=TODAY, actor=OPERATOR, at=NOW,
    )  # fmt: skip
    with pytest.raises(Refusal, match="ended on"):
        structure.seat_unit(Unit.objects.get(code="EAST"), seat={"town": "Linz"}, actor=OPERATOR)


def test_a_unit_founded_in_another_country_has_its_currency_and_its_one_time_zone(browser_of):
    given = {"name_en": "Iceland", "code": "IS", "kind": "group", "day": "2024-07-01", "step": "do"}
    ines = browser_of("ines")
    assert send(ines, "/units/FED/found/", given | {"country": "IS"}).status_code == 302
    assert (seat_of("IS")[0], *seat_of("IS")[5:]) == ("IS", "ISK", "Atlantic/Reykjavik")
    # In one of several time zones it keeps the one it was founded from, until somebody says which.
    assert send(ines, "/units/FED/found/", given | {"country": "US", "code": "US"}).status_code == 302
    assert (seat_of("US")[0], *seat_of("US")[5:]) == ("US", "USD", "Europe/Vienna")
    assert send(ines, "/units/IS/found/", given | {"code": "IS-1", "kind": "branch"}).status_code == 302
    assert (seat_of("IS-1")[0], *seat_of("IS-1")[5:]) == ("IS", "ISK", "Atlantic/Reykjavik")


def test_every_country_has_a_name_and_none_of_what_is_no_country_is_among_them():
    named = dict(lands.countries("de"))
    assert (named["AT"], named["XK"]) == ("Österreich", "Kosovo")
    assert not {"EU", "EZ", "UN", "XA", "XB", "ZZ", "001"} & named.keys()
    assert all(name and name != code for code, name in named.items())
    assert (lands.usual_currency("XK"), lands.usual_currency("AQ"), lands.usual_currency("")) == (
        "EUR", None, None
    )  # fmt: skip
    # Büsingen and the Canaries have a zone of their own; of the United States' none is the country's.
    zones = [lands.usual_time_zone(one) for one in ("AT", "DE", "ES", "UA", "US", "")]
    assert zones == ["Europe/Vienna", "Europe/Berlin", "Europe/Madrid", "Europe/Kyiv", None, None]
    assert {*lands._PRIMARY.values()} <= zoneinfo.available_timezones()
