"""Gatherings: held by a unit, who came said in one tap, and seen by whoever may know."""

import datetime as dt
import re

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.people import actions as people
from groundswell.people import gatherpages, queries
from groundswell.people.models import Attendance, Gathering, Person
from groundswell.structure import proposals, rulepages
from groundswell.structure.models import Unit
from pageforms import send
from stage import NOW, actor, signed_in, sql
from world import TODAY, day


@pytest.fixture
def evening(world):
    return people.hold_gathering(
        world.unit["DEPOT"], day=day("5 July 2024"), title="July meeting", actor=OPERATOR, at=NOW
    )


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def came(evening, person, *, by=OPERATOR, really=True):
    return people.put_came(evening, person, came=really, actor=by, at=NOW)


def test_a_unit_that_has_held_none_has_an_empty_list(world, browser_of):
    page = text_of(browser_of("ada").get("/gatherings/?unit=DEPOT"))
    assert "July meeting" not in page
    assert "Depot" in page


def test_an_organiser_says_with_one_tap_who_came_and_takes_it_back(world, browser_of, evening):
    browser, bela = browser_of("ada"), world.person["bela"]
    page = browser.get(f"/gatherings/{evening.pk}/")
    assert page.status_code == 200
    assert "Nobody is marked as having come yet." in text_of(page)
    assert "Béla Birch" in text_of(page)
    tap = {"person": bela.pk, "came": "yes"}
    said = browser.post(f"/gatherings/{evening.pk}/came/", tap, headers={"hx-request": "true"})
    assert "1 came." in text_of(said)
    assert 'aria-pressed="true"' in said.content.decode()
    assert said.content.decode().count("<li>") == 1
    # Said twice it is said once; without a script the page comes back.
    assert browser.post(f"/gatherings/{evening.pk}/came/", tap).url == f"/gatherings/{evening.pk}/"
    assert queries.who_came(evening) == {bela.pk}
    browser.post(f"/gatherings/{evening.pk}/came/", {**tap, "came": "no"})
    assert queries.who_came(evening) == set()
    for wrong in ({"person": "x", "came": "yes"}, {"person": bela.pk, "came": "maybe"}, {}):
        assert browser.post(f"/gatherings/{evening.pk}/came/", wrong).status_code == 404


def test_whoever_is_no_organiser_there_neither_sees_nor_says_who_came(world, browser_of, evening):
    for who in ("jonas", "sven", "ines"):
        browser = browser_of(who)
        assert browser.get(f"/gatherings/{evening.pk}/").status_code == 404, who
        tap = {"person": world.person["bela"].pk, "came": "yes"}
        assert browser.post(f"/gatherings/{evening.pk}/came/", tap).status_code == 404, who
    with pytest.raises(NotFound), signed_in(world, "sven"):
        came(evening, world.person["bela"], by=actor(world, "sven"))
    assert queries.who_came(evening) == set()
    # Somebody out of the organiser's sight is not said to have come.
    tap = {"person": world.person["gita"].pk, "came": "yes"}
    assert browser_of("ada").post(f"/gatherings/{evening.pk}/came/", tap).status_code == 404


def test_today_leads_to_the_roll_on_the_day_and_the_day_after_while_nobody_is_ticked(world, browser_of):
    def waits(who):
        return text_of(browser_of(who).get("/")).partition("What waits for you")[2][:70]

    depot, more = world.unit["DEPOT"], {"actor": OPERATOR, "at": NOW}
    for days, title in ((-2, "Earlier"), (1, "Later")):
        people.hold_gathering(depot, day=TODAY + dt.timedelta(days=days), title=title, **more)
    assert "say here who came" not in waits("ada")
    evening = people.hold_gathering(depot, day=TODAY, title="July meeting", **more)
    assert "July meeting is today; say here who came." in waits("ada")
    # Whoever may say it from above is not told of every branch's evening.
    for who in ("bela", "jonas", "sven", "ines", "chidi"):
        assert "July meeting" not in text_of(browser_of(who).get("/")), who
    assert f'href="/gatherings/{evening.pk}/">July' in browser_of("ada").get("/").content.decode()
    people.hold_gathering(depot, day=TODAY - dt.timedelta(days=1), title="Picket", **more)
    assert "2 gatherings are of today or yesterday; say who came." in waits("ada")
    came(evening, world.person["bela"])
    assert "Picket was yesterday; say here who came." in waits("ada")
    # The calendar of the place counts: it is noon of the 15th in UTC, and the 16th has begun in Auckland.
    with scope.operator("another place"):
        later = Gathering.objects.select_related("unit").get(title="Later")
        with pytest.raises(Refusal, match="still to come"):
            came(later, world.person["bela"])
        Unit.objects.filter(pk=depot.pk).update(time_zone="Pacific/Auckland")
    assert "Later is today; say here who came." in waits("ada")
    assert 'value="2024-07-16"' in browser_of("ada").get("/gatherings/new/").content.decode()
    assert "still to come" not in text_of(browser_of("ada").get(f"/gatherings/{later.pk}/"))
    tap = {"person": world.person["bela"].pk, "came": "yes"}
    browser_of("ada").post(f"/gatherings/{later.pk}/came/", tap)
    assert queries.who_came(later) == {world.person["bela"].pk}


def test_attendance_is_seen_where_she_lives_where_it_was_held_and_by_herself(world, evening):
    came(evening, world.person["dana"])
    for who, seen in (("ada", 1), ("bela", 1), ("jonas", 0), ("sven", 0), ("ines", 0)):
        with signed_in(world, who):
            assert Attendance.objects.count() == seen, who
    for who, seen in (("ada", 1), ("jonas", 1), ("sven", 0)):
        with signed_in(world, who):
            assert Gathering.objects.count() == seen, who


def test_no_actor_says_in_sql_that_somebody_came_to_another_units_gathering(world, evening):
    insert = (
        "insert into people_attendance (gathering_id, held_by_id, person_id, unit_id, recorded_at)"
        " values (%s, %s, %s, %s, now())"
    )
    bela, depot, pier = world.person["bela"], world.unit["DEPOT"], world.unit["PIER"]
    with signed_in(world, "sven"):
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            sql(insert, evening.pk, depot.pk, bela.pk, bela.unit_id)
        # Nor by calling it a gathering of one's own unit.
        with pytest.raises(IntegrityError, match="of_its_gathering"), transaction.atomic():
            sql(insert, evening.pk, pier.pk, bela.pk, bela.unit_id)
        assert sql("update people_gathering set title = 'x' where id = %s returning id", evening.pk) == []


def test_coming_is_being_heard_of_and_goes_with_her_when_she_moves(world, evening):
    bela = world.person["bela"]
    Person.objects.filter(pk=bela.pk).update(heard_on=day("1 January 2020"))
    attendance = came(evening, bela)
    assert Person.objects.get(pk=bela.pk).heard_on == day("5 July 2024")
    Person.objects.filter(pk=bela.pk).update(unit=world.unit["HILL"])
    attendance.refresh_from_db()
    assert (attendance.unit_id, attendance.held_by_id) == (world.unit["HILL"].pk, world.unit["DEPOT"].pk)


def test_a_gathering_to_come_has_nobody_yet_and_one_that_was_does_not_go_back_to_the_future(world, evening):
    depot = world.unit["DEPOT"]
    later = people.hold_gathering(depot, day=day("1 October 2024"), title="Autumn", actor=OPERATOR, at=NOW)
    with pytest.raises(Refusal, match="still to come, on 1 October 2024"):
        came(later, world.person["bela"])
    came(evening, world.person["bela"])
    words = {"title": "July", "kind": "public", "begins": None, "actor": OPERATOR, "at": NOW}
    with pytest.raises(Refusal, match="People came to it already"):
        people.change_gathering(evening, day=day("1 October 2024"), **words)
    assert people.change_gathering(evening, day=day("4 July 2024"), **words).title == "July"
    for wrong, sentence in (
        ({"day": day("1 January 1990")}, "was not there"),
        ({"day": day("1 January 2030")}, "two years ahead"),
        ({"title": "  "}, "Say what it is called"),
        ({"kind": "party"}, "Choose what kind"),
    ):
        given = {"day": day("1 July 2024"), "title": "x", **wrong}
        with pytest.raises(Refusal, match=sentence):
            people.hold_gathering(depot, actor=OPERATOR, at=NOW, **given)


def test_a_gathering_is_written_down_from_the_page_and_what_was_typed_is_kept(world, browser_of):
    browser = browser_of("ada")
    typed = {"title": "Open evening", "kind": "public", "day": "2040-01-01", "begins": "19:30"}
    refused = browser.post("/gatherings/new/", typed)
    assert refused.status_code == 422
    assert "two years ahead" in text_of(refused)
    assert 'value="Open evening"' in refused.content.decode()
    made = browser.post("/gatherings/new/?unit=DEPOT", {**typed, "day": "2024-07-01"})
    assert made.status_code == 302
    page = text_of(browser.get(made.url))
    assert "public meeting, 1 July 2024, 19:30" in page
    changed = {**typed, "day": "2024-07-02", "begins": ""}
    assert send(browser, f"{made.url}edit/", changed).status_code == 302
    assert "public meeting, 2 July 2024 Nobody is marked as having come yet." in text_of(
        browser.get(made.url)
    )
    assert browser.get("/gatherings/new/?unit=PIER").status_code == 404


def test_the_pages_of_the_unit_and_of_the_person_say_it(world, browser_of, evening):
    came(evening, world.person["bela"])
    browser = browser_of("ada")
    assert "July meeting , 5 July 2024 came: 1" in text_of(browser.get("/units/DEPOT/"))
    assert "July meeting" not in text_of(browser_of("jonas").get("/units/DEPOT/"))
    page = text_of(browser.get(f"/people/{world.person['bela'].pk}/"))
    assert "Came to the only gathering of her unit." in page
    assert "5 July 2024 came to a gathering: July meeting" in page
    assert "July meeting" not in text_of(browser_of("jonas").get(f"/people/{world.person['bela'].pk}/"))


def test_the_list_of_gatherings_asks_as_often_for_three_as_for_one(world, browser_of, evening):
    browser = browser_of("ada")

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert "July meeting" in text_of(browser.get("/gatherings/"))
        return len(captured)

    asked()
    one = asked()
    for number in (1, 2):
        people.hold_gathering(
            world.unit["DEPOT"], day=day(f"{number} July 2024"), title="More", actor=OPERATOR, at=NOW
        )
    assert asked() == one == 10
    assert "More" not in text_of(browser.get("/gatherings/?unit=HILL"))
    assert browser.get("/gatherings/?unit=PIER").status_code == 404


def test_a_unit_that_has_not_met_for_long_is_proposed_to_meet(world, evening):
    def proposed(code, on):
        return {one.what: one.number for one in proposals.of_unit(world.unit[code], on)}

    later = TODAY + dt.timedelta(days=60)
    assert "meeting" not in proposed("DEPOT", TODAY)
    assert proposed("DEPOT", later)["meeting"] == (later - day("5 July 2024")).days
    assert proposed("HILL", TODAY)["meeting"] == (TODAY - world.unit["HILL"].founded_on).days
    # The ferry crews write no gatherings down here, so nobody tells them that they never meet.
    assert "meeting" not in proposed("PIER", later)


@pytest.mark.usefixtures("evening")
def test_the_proposal_to_meet_leads_whoever_writes_gatherings_down_to_it(world, browser_of):
    hill, word = world.unit["HILL"], "Write down a meeting"
    for who, unit, leads in (
        ("bela", hill, True), ("ada", world.unit["DEPOT"], True), ("ada", hill, False),
        ("jonas", hill, False),
    ):  # fmt: skip
        with signed_in(world, who) as one:
            way = gatherpages.way_to_a_meeting(one, unit, "meeting")
            assert way == ((word, f"/gatherings/new/?unit={unit.code}") if leads else None), (who, unit)
            assert gatherpages.way_to_a_meeting(one, unit, "split") is None
    bela = browser_of("bela")
    listed = bela.get("/units/proposals/?what=meeting").content.decode()
    assert f'href="/gatherings/new/?unit=HILL">{word}<' in listed
    # Since when it has not met is known of whoever wrote a meeting down.
    assert "No meeting of it is written down yet." in listed
    assert "It has not met for" not in listed
    later = TODAY + dt.timedelta(days=60)
    (one,) = (one for one in proposals.of_unit(world.unit["DEPOT"], later) if one.what == "meeting")
    assert rulepages.proposal_text(one, later) == "It has not met for 70 days; it should within 30."
