"""Offices given and ended: only below one's own rank, only in reach, and never to oneself."""

import random

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundswell.access.actor import OFFICES, OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.accounts import waits
from groundswell.accounts.models import Mandate
from groundswell.kernel.errors import Refusal
from stage import NOW, actor, judge_now, signed_in, sql
from world import ACCOUNTS, UNITS, World, day
from world import OFFICES as HELD

GIVEN = {"day": day("1 July 2024"), "at": NOW}
# Written by hand beside the code's own: within one unit an office is given from above.
RANK = {"secretary": 3, "treasurer": 2, "dpo": 2, "auditor": 2, "organiser": 1}
REACH = {
    "bela": ["NORTH", "DEPOT", "LINE4", "SOUTH", "HILL"],
    "sven": ["PIER", "DOCK"],
    "ines": [code for code in UNITS if code != "FED"],
}
OWN = {"bela": "TRAM", "sven": "FERRY", "ines": "FED"}


# Who is a member or guest where on 15 July; everybody else left, never was one, or only supports.
BELONGS = {
    **dict.fromkeys(("ada", "bela", "chidi"), ("DEPOT",)),
    **dict.fromkeys(("emre", "hana", "jonas", "kaya", "mara"), ("LINE4",)),
    **dict.fromkeys(("gita", "quinn", "sven"), ("DOCK",)),
    **dict.fromkeys(("ines", "olga"), ("PIER",)),
    "femi": ("DEPOT", "PIER"),
    "rosa": ("HILL",),
}


def at_or_below(unit: str) -> set[str]:
    return {unit}.union(*(at_or_below(code) for code, facts in UNITS.items() if facts[1] == unit))


def refusal_of(act):
    with pytest.raises(Refusal) as refused:
        act()
    assert refused.value.sentence.endswith(".")
    return refused.value.code


def give(world, giver, who, unit, office, **more):
    with signed_in(world, giver) as acting:
        return accounts.give_mandate(
            world.person[who], unit=world.unit[unit], office=office, actor=acting, **(GIVEN | more)
        )


def may(giver: str, who: str, unit: str, office: str) -> bool:
    """Decide by the table on paper."""
    if giver not in OWN or giver == who or not set(BELONGS.get(who, ())) & at_or_below(unit):
        return False
    return unit in REACH[giver] or (unit == OWN[giver] and RANK[office] < RANK["secretary"])


def draw_grant(world: World, dice: random.Random) -> None:
    giver, who = dice.choice(ACCOUNTS), dice.choice([*world.person])
    unit, office = dice.choice([*UNITS]), dice.choice(OFFICES)
    allowed = may(giver, who, unit, office) and HELD.get(who) != (office, unit)
    with transaction.atomic():
        try:
            given = give(world, giver, who, unit, office)
        except Refusal:
            given = None
        assert (given is not None) == allowed, (giver, who, unit, office)
        transaction.set_rollback(True)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(seed=st.integers(0, 2**32))
def test_no_grant_of_sixty_reaches_the_granters_own_rank(world, seed):
    draw_grant(world, random.Random(seed))


@pytest.mark.drill
def test_no_grant_of_ten_thousand_reaches_the_granters_own_rank(world, record_property):
    dice = random.Random(10_000)
    for _ in range(10_000):
        draw_grant(world, dice)
    record_property("grants", 10_000)


def test_a_secretary_gives_the_office_of_a_branch_and_it_carries_its_rights_at_once(world):
    give(world, "bela", "chidi", "DEPOT", "organiser")
    (office,) = actor(world, "chidi").mandates
    assert (office.office, office.unit_id) == ("organiser", world.unit["DEPOT"].pk)
    with signed_in(world, "chidi"):
        assert len(sql("select name from people_person where unit_id = %s", world.unit["DEPOT"].pk)) > 1


def test_she_gives_none_to_herself_none_of_her_own_rank_and_none_elsewhere(world):
    assert refusal_of(lambda: give(world, "bela", "bela", "HILL", "organiser")) == "above-rank"
    assert refusal_of(lambda: give(world, "bela", "chidi", "TRAM", "secretary")) == "above-rank"
    assert refusal_of(lambda: give(world, "bela", "chidi", "PIER", "organiser")) == "not-found"
    assert refusal_of(lambda: give(world, "ada", "chidi", "DEPOT", "organiser")) == "not-allowed"


def test_a_term_ends_after_it_begins_and_lies_in_sensible_years(world):
    assert (
        refusal_of(lambda: give(world, "bela", "chidi", "DEPOT", "organiser", until=day("1 July 2024")))
        == "backwards"
    )
    far = day("1 July 2024").replace(year=9999)
    assert (
        refusal_of(lambda: give(world, "bela", "chidi", "DEPOT", "organiser", until=far))
        == "day-out-of-range"
    )
    term = give(world, "bela", "chidi", "DEPOT", "organiser", until=day("2 July 2024"))
    assert actor(world, "chidi").mandates == ()
    assert term.valid.upper == day("2 July 2024")


def test_nobody_holds_an_office_twice_on_one_day_and_it_is_given_anew_from_its_end_on(world):
    # Of two such mandates one would go on carrying its rights when the other is ended.
    give(world, "bela", "chidi", "DEPOT", "organiser", until=day("1 October 2024"))
    for first in ("15 July 2024", "30 September 2024"):
        with pytest.raises(Refusal) as refused:
            give(world, "bela", "chidi", "DEPOT", "organiser", day=day(first))
        assert refused.value.code == "holds-it"
        assert refused.value.sentence.startswith(
            "She is organiser of Depot already, from 1 July 2024 until 1 October 2024."
        )
    give(world, "bela", "chidi", "DEPOT", "organiser", day=day("1 October 2024"))
    with pytest.raises(Refusal, match="from 1 October 2024 on; nothing need be given"):
        give(world, "bela", "chidi", "DEPOT", "organiser", day=day("1 January 2025"))
    # Another office of hers, and the same of another unit, are no matter; nor does she take over her own.
    give(world, "bela", "chidi", "DEPOT", "treasurer")
    give(world, "bela", "chidi", "NORTH", "organiser")
    with signed_in(world, "bela") as bela:
        over = {"to": world.person["chidi"], "day": day("15 July 2024"), "actor": bela, "at": NOW}
        assert refusal_of(lambda: accounts.hand_over(world.mandate["ada"], **over)) == "holds-it"


def test_there_is_no_other_office(world):
    assert refusal_of(lambda: give(world, "bela", "chidi", "DEPOT", "king")) == "no-office"
    with pytest.raises(IntegrityError, match="accounts_mandate_office"), transaction.atomic():
        sql(
            "insert into accounts_mandate (valid, recorded, office, person_id, unit_id)"
            " select valid, recorded, 'king', person_id, unit_id from accounts_mandate where id = %s",
            world.mandate["ada"].pk,
        )


def end(world, giver, who, on):
    with signed_in(world, giver) as acting:
        return accounts.end_mandate(world.mandate[who], day=day(on), actor=acting, at=NOW)


def test_an_ended_mandate_carries_no_right_from_its_day_on_and_its_history_stays(world):
    before = actor(world, "ada").mandates
    end(world, "bela", "ada", "15 July 2024")
    assert (len(before), actor(world, "ada").mandates) == (1, ())
    believed = Mandate.objects.filter(person=world.person["ada"]).order_by("id")
    assert [(one.valid.upper, one.recorded.upper is None) for one in believed] == [
        (None, False),
        (day("15 July 2024"), True),
    ]


def test_a_mandate_that_ended_is_not_ended_again_nor_made_longer(world):
    ended = end(world, "bela", "ada", "15 July 2024")
    assert refusal_of(lambda: end(world, "bela", "ada", "15 July 2024")) == "superseded"
    world.mandate["ada"] = ended
    assert refusal_of(lambda: end(world, "bela", "ada", "1 January 2030")) == "already-ended"
    assert Mandate.objects.filter(person=world.person["ada"], recorded__upper_inf=True).count() == 1


def test_a_mandate_given_by_mistake_is_taken_back_on_its_first_day(world):
    world.mandate["chidi"] = give(world, "bela", "chidi", "DEPOT", "organiser", day=day("15 July 2024"))
    assert len(actor(world, "chidi").mandates) == 1
    end(world, "bela", "chidi", "15 July 2024")
    assert actor(world, "chidi").mandates == ()


def test_nobody_ends_an_office_of_her_own_rank_or_her_own(world):
    assert refusal_of(lambda: end(world, "bela", "bela", "15 July 2024")) == "above-rank"
    assert refusal_of(lambda: end(world, "bela", "sven", "15 July 2024")) == "not-found"
    assert refusal_of(lambda: end(world, "jonas", "ada", "15 July 2024")) == "not-allowed"
    assert end(world, "ines", "jonas", "15 July 2024").valid.upper == day("15 July 2024")


def test_bulk_mandates_are_for_whoever_runs_the_server_and_equal_single_ones(world):
    single = give(world, "bela", "chidi", "DEPOT", "organiser")
    twin = Mandate(
        person=world.person["femi"],
        unit=single.unit,
        office=single.office,
        valid=single.valid,
        recorded=single.recorded,
    )
    with signed_in(world, "bela") as bela:
        assert refusal_of(lambda: accounts.load_mandates([twin], actor=bela)) == "not-allowed"
    accounts.load_mandates([twin], actor=OPERATOR)
    judge_now()
    assert actor(world, "femi").mandates == actor(world, "chidi").mandates


def test_a_mandate_is_believed_no_longer_and_never_rewritten(world):
    mine = f"where id = {world.mandate['ada'].pk}"
    closed = "recorded = tstzrange(lower(recorded), '2024-07-15'), superseded_stamp = org_stamp()"
    for change in (
        f"update accounts_mandate set valid = daterange('2024-01-01', null) {mine}",
        f"update accounts_mandate set office = 'secretary' {mine}",
        f"update accounts_mandate set {closed}, unit_id = {world.unit['TRAM'].pk} {mine}",
        f"delete from accounts_mandate {mine}",
    ):
        with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
            sql(change)
    sql(f"update accounts_mandate set {closed} {mine}")
    with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
        sql(f"update accounts_mandate set recorded = tstzrange(lower(recorded), null) {mine}")


def test_that_a_term_ends_is_told_beforehand_and_of_a_section_without_secretary_afterwards(world):
    def told(on):
        found = {}
        for who in ("ada", "bela", "chidi", "femi", "sven", "ines"):
            with signed_in(world, who) as acting:
                found[who] = [(one.sentence, one.href) for one in waits.what_waits(acting, day(on))]
        return {who: lines for who, lines in found.items() if lines}

    for unit, office in (("DEPOT", "secretary"), ("TRAM", "auditor")):
        give(world, "ines", "chidi", unit, office, until=day("25 July 2024"))
    accounts.end_mandate(world.mandate["bela"], day=day("20 August 2024"), actor=OPERATOR, at=NOW)
    ends = "The term of an office ends on"
    depot = (f"{ends} 25 July 2024: secretary, Depot.", "/units/DEPOT/")
    auditor = (f"{ends} 25 July 2024: auditor, Tramworkers' Union.", "/units/TRAM/")
    new = [
        ("Since 1 July 2024 you hold an office: auditor, Tramworkers' Union.", "/units/TRAM/"),
        ("Since 1 July 2024 you hold an office: secretary, Depot.", "/units/DEPOT/"),
    ]
    assert told("14 July 2024") == {"chidi": [*new, auditor, depot], "bela": [depot]}
    assert told("15 July 2024") == {"chidi": [auditor, depot], "bela": [depot]}
    # Whoever gives the office is told with her who holds it; of branches only within their section.
    union = [(f"{ends} 20 August 2024: secretary, Tramworkers' Union.", "/units/TRAM/")]
    assert told("1 August 2024") == {"bela": union, "ines": union}
    gone = "Tramworkers' Union has had no secretary since 20 August 2024."
    later = told("20 August 2024")
    assert later["ines"] == [(gone, "/offices/give/TRAM/")]
    assert "sven" not in later
    give(world, "ines", "femi", "TRAM", "secretary", day=day("1 September 2024"))
    # It is told of no more; but she is, whose office is to come, and what it asks for.
    to_come = "From 1 September 2024 on you hold an office: secretary, Tramworkers' Union."
    assert told("20 August 2024") == {"femi": [(to_come, "/units/TRAM/")]}
    accounts.demand_factors(("secretary",), actor=OPERATOR)
    to_come += " It asks for a second factor: set one up before."
    assert told("20 August 2024") == {"femi": [(to_come, "/accounts/factors/")]}
