"""Which day it is where a unit lies: what its forms offer, what has come, until when an office holds."""

import datetime as dt

import pytest

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people import actions as people
from groundswell.people import queries
from groundswell.people.models import Asking, Membership, SectionRule
from groundswell.structure import actions as structure
from groundswell.structure import queries as units
from groundswell.structure.models import Change
from pageforms import send, shown, text_of
from stage import NOW, actor, newcomer, own, row, signed_in, sql
from world import day

NEW_YORK, AUCKLAND = "America/New_York", "Pacific/Auckland"
EVENING = "2024-08-01 00:30+00"  # half past eight of 31 July in New York
MORNING = "2024-07-31 20:00+00"  # eight of 1 August in Auckland


def lies_in(world, zone, *codes):
    for code in codes:
        structure.seat_unit(world.unit[code], seat={"time_zone": zone}, actor=OPERATOR)
        world.unit[code].refresh_from_db()


def let_it_be(moment) -> dt.datetime:
    sql("update kernel_clock set ahead = %s::timestamptz - now()", moment)
    return clock.now()


@pytest.mark.parametrize(
    ("zone", "moment", "today", "tomorrow"),
    [
        (NEW_YORK, EVENING, "31 July 2024", "1 August 2024"),
        (NEW_YORK, "2024-08-01 04:00+00", "1 August 2024", "2 August 2024"),
        (AUCKLAND, "2024-07-31 11:59:30+00", "31 July 2024", "1 August 2024"),
        (AUCKLAND, MORNING, "1 August 2024", "2 August 2024"),
        ("Pacific/Kiritimati", "2024-07-31 10:00+00", "1 August 2024", "2 August 2024"),
        ("Pacific/Midway", "2024-08-01 10:59:30+00", "31 July 2024", "1 August 2024"),
    ],
)
def test_whoever_joins_today_joins_on_the_day_it_is_there_and_belongs_at_once(
    world, browser_of, zone, moment, today, tomorrow
):
    lies_in(world, zone, "DEPOT")
    let_it_be(moment)
    bela, pavel = browser_of("bela"), world.person["pavel"]
    joining = f"/people/{pavel.pk}/join/"
    assert shown(bela.get(joining), joining)["day"] == [day(today).isoformat()]
    refused = send(bela, joining, {"day": day(tomorrow).isoformat()})
    assert f"has not come yet; today is {today}." in text_of(refused)
    assert send(bela, joining, {}).status_code == 302
    for page in (f"/people/{pavel.pk}/", "/people/?q=pavel", "/people/?status=member&q=pavel"):
        assert f"member since {today}" in text_of(bela.get(page))
    # He lives by another calendar and reads the same.
    lies_in(world, "UTC", "LINE4")
    assert f"member since {today}" in text_of(browser_of("jonas").get("/people/?q=pavel"))
    before = (day(today) - dt.timedelta(days=1)).strftime("%d %B %Y").lstrip("0")
    assert own("DEPOT", today)[0] == own("DEPOT", before)[0] + 1


def test_a_day_of_the_reader_is_that_of_her_own_unit(world, browser_of):
    lies_in(world, NEW_YORK, "DEPOT")
    let_it_be(EVENING)
    of_each = ("Today is 31 July 2024 (America/New_York).", "Today is 1 August 2024 (Europe/Vienna).")
    for who, said in zip(("ada", "jonas"), of_each, strict=True):
        assert said in text_of(browser_of(who).get("/"))
    # Where nobody reads it is UTC's.
    assert clock.today() == day("1 August 2024")


@pytest.mark.parametrize(
    ("zone", "last", "over"),
    [
        (NEW_YORK, "2024-08-01 03:59:30+00", "2024-08-01 04:00+00"),
        (AUCKLAND, "2024-07-31 11:59:30+00", "2024-07-31 12:00+00"),
    ],
)
def test_an_office_is_held_from_midnight_to_midnight_of_its_unit(world, zone, last, over):
    lies_in(world, zone, "DEPOT")
    accounts.end_mandate(world.mandate["ada"], day=day("1 August 2024"), actor=OPERATOR, at=NOW)
    follows = {"unit": world.unit["DEPOT"], "office": "organiser", "actor": OPERATOR, "at": NOW}
    accounts.give_mandate(world.person["femi"], day=day("1 August 2024"), **follows)
    for moment, holds, waits in ((last, "ada", "femi"), (over, "femi", "ada")):
        let_it_be(moment)
        assert [one.office for one in actor(world, holds).mandates] == ["organiser"]
        assert actor(world, waits).mandates == ()
        for who, sees in ((holds, True), (waits, False)):
            with scope.session(world.signed_in(who)):
                assert sql("select cardinality(scope_reach('{organiser}', true))") == [(int(sees),)]
                assert sql("select isempty(scope_named())") == [(not sees,)]


def test_an_office_ended_today_ends_at_once_on_the_other_side_of_the_day(world, browser_of):
    lies_in(world, AUCKLAND, "DEPOT", "TRAM")
    let_it_be(MORNING)
    ada = browser_of("ada")
    assert ada.get("/people/").status_code == 200
    assert send(browser_of("bela"), f"/offices/{world.mandate['ada'].pk}/end/", {}).status_code == 302
    assert ada.get("/people/").status_code == 404


def test_a_guest_until_today_is_seen_by_her_hosts_no_more_and_one_from_today_at_once(world):
    lies_in(world, AUCKLAND, "PIER")
    at = let_it_be(MORNING)
    femi, today = world.person["femi"], day("1 August 2024")

    def seen() -> list:
        with signed_in(world, "sven"):
            return sql("select 1 from people_person where id = %s", femi.pk)

    assert seen() == [(1,)]
    stay = Membership.objects.get(person=femi, home=False, recorded__upper_inf=True)
    people.leave(stay, day=today, actor=OPERATOR, at=at)
    assert seen() == []
    people.be_guest(femi, unit=world.unit["DOCK"], day=day("31 July 2024"), actor=OPERATOR, at=at)
    assert seen() == [(1,)]
    assert {one.code for one in queries.comes_to(femi)} == {"DOCK"}


def test_a_transfer_is_accepted_on_the_day_of_the_unit_she_comes_to_and_not_before_its_time(world):
    lies_in(world, NEW_YORK, "DOCK", "FERRY")
    with signed_in(world, "bela") as bela:
        chidi = world.person["chidi"]
        people.ask_to_transfer(chidi, to=world.unit["DOCK"], actor=bela, at=NOW)
    asked = Asking.objects.get(person=chidi, kind="transfer")
    due = asked.due_on
    # The night begins at 27 past midnight in UTC: in New York the last day of the answer is not over.
    for nights, accepted in ((1, 0), (2, 1)):
        moment = dt.datetime.combine(due + dt.timedelta(days=nights), dt.time(0, 27), dt.UTC)
        assert people.accept_due(at=let_it_be(moment.isoformat())) == accepted
    assert queries.home_of(chidi).valid.lower == due + dt.timedelta(days=1)


def test_who_has_not_paid_lapses_on_the_day_of_her_section_and_no_night_before(world):
    lies_in(world, NEW_YORK, "TRAM", "DEPOT")
    SectionRule.objects.create(unit=world.unit["TRAM"], lapse_months=3)
    ada = world.person["ada"]
    people.put_paid_until(ada, day=day("30 April 2024"), source="hand", actor=OPERATOR, at=NOW)
    assert people.lapse_due(at=let_it_be("2024-08-01 00:37+00")) == 0
    assert people.lapse_due(at=let_it_be("2024-08-02 00:37+00")) == 1
    with scope.operator("look"):
        assert Membership.objects.get(person=ada, recorded__upper_inf=True).valid.upper == day(
            "1 August 2024"
        )


def test_what_is_done_to_a_unit_today_shows_at_once_and_what_is_prepared_waits_for_its_own_midnight(world):
    lies_in(world, AUCKLAND, "DEPOT", "TRAM")
    at = let_it_be(MORNING)
    with signed_in(world, "bela") as bela:
        depot = world.unit["DEPOT"]
        named = {"unit": depot, "names": {"en": "Remise"}, "actor": bela, "at": at}
        structure.rename_unit(**named, day=day("1 August 2024"))
        assert units.called([depot.pk], clock.latest_day())[depot.pk].name == "Remise"
        with pytest.raises(Refusal, match="has not come yet; today is 1 August 2024"):
            structure.rename_unit(**named, day=day("2 August 2024"))
        change = Change.objects.get(unit=depot, what="renamed")
    # Recorded on 1 August there, on 31 July in UTC: it can be undone until the end of 2 August there.
    let_it_be("2024-08-02 11:59+00")
    assert structure.why_not_undone(change) == ""
    let_it_be("2024-08-02 12:00+00")
    assert "it could be undone until the end of the day after" in structure.why_not_undone(change)


def test_a_change_that_is_prepared_is_done_at_midnight_of_its_unit(world):
    lies_in(world, NEW_YORK, "HILL")
    hill = world.unit["HILL"]
    deed = structure.Deed("renamed", hill, day("1 August 2024"), {"names": {"en": "Old Hill"}})
    structure.prepare_change(deed, actor=OPERATOR, at=NOW)
    for moment, done in ((EVENING, 0), ("2024-08-01 04:00+00", 1)):
        let_it_be(moment)
        assert structure.carry_out_due() == done


def test_a_time_zone_that_the_database_does_not_know_is_refused_where_it_is_said(world, monkeypatch):
    monkeypatch.setattr(clock, "zones", lambda: frozenset({"UTC"}))
    with pytest.raises(Refusal, match="no time zone “Europe/Paris”"):
        structure.seat_unit(world.unit["HILL"], seat={"time_zone": "Europe/Paris"}, actor=OPERATOR)


def test_whoever_is_erased_in_the_evening_was_a_member_to_the_end_of_that_day_there(world):
    from groundswell.protection import actions as protection

    lies_in(world, NEW_YORK, "DEPOT")
    new = newcomer(world, "DEPOT", "1 July 2024")
    protection.erase_person(new.person, actor=OPERATOR, at=let_it_be(EVENING))
    with scope.operator("look"):
        assert Membership.objects.get(pk=new.pk).valid.upper == day("1 August 2024")


def test_whoever_goes_over_to_where_it_is_tomorrow_sees_no_more_where_it_is_today(world, browser_of):
    lies_in(world, NEW_YORK, "DEPOT", "NORTH")
    lies_in(world, AUCKLAND, "HILL", "SOUTH", "TRAM")
    at = let_it_be(MORNING)  # four in the afternoon of 31 July at the depot
    ada = browser_of("ada")
    assert ada.get("/people/").status_code == 200
    with scope.operator("both accept it"):
        held = queries.home_of(world.person["ada"])
        people.transfer(held, to=world.unit["HILL"], day=day("1 August 2024"), actor=OPERATOR, at=at)
    assert ada.get("/people/").status_code == 404
    assert actor(world, "ada").mandates == ()


def test_what_was_asked_of_a_unit_that_was_merged_this_morning_is_accepted_in_the_other(world):
    lies_in(world, AUCKLAND, "DEPOT", "HILL")
    at, pavel = let_it_be(MORNING), world.person["pavel"]
    with signed_in(world, "bela") as bela:
        people.ask_to_join(pavel, actor=bela, at=NOW)
        merge = {"into": world.unit["HILL"], "day": day("1 August 2024"), "actor": bela, "at": at}
        structure.merge_units(world.unit["DEPOT"], **merge)
        # She reads her pages where it is 31 July still.
        people.accept(Asking.objects.get(person=pavel, kind="apply"), actor=bela, at=at)
        assert queries.home_of(pavel).unit == world.unit["HILL"]


def test_a_region_that_moved_this_morning_lies_there_in_the_structure_of_now_to_whoever_has_yesterday(world):
    lies_in(world, AUCKLAND, "NORTH", "FERRY")
    move = {"parent": world.unit["FERRY"], "day": day("1 August 2024"), "actor": OPERATOR}
    structure.move_unit(world.unit["NORTH"], **move, at=let_it_be(MORNING))
    since = "30 June 2024"
    assert row("FERRY", "NORTH", "1 August 2024", since) == (9, 0, 0, 0, 9, 0)
    for as_of in ("31 July 2024", "1 August 2024"):
        assert row("FERRY", "NORTH", as_of, since, structure_of="now") == (9, 9, 0, 0, 0, 0)
