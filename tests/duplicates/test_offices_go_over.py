"""Two who both held offices become one: no day is lost, and nobody gains what the merger may not give."""

import pytest
from django.db import DatabaseError, transaction

from groundswell.access import erasing
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.accounts.models import Account, Mandate
from groundswell.accounts.queries import actor_of
from groundswell.duplicates import actions, queries, settling
from groundswell.duplicates.actions import Choices
from groundswell.duplicates.models import Merge
from groundswell.kernel.errors import Refusal
from groundswell.people import actions as people
from groundswell.people import queries as persons
from groundswell.people.models import Person
from stage import NOW, signed_in, sql
from world import at, day

LATER = at("1 August 2024")


def give(world, who, office, unit, begins, until=None):
    person = who if isinstance(who, Person) else world.person[who]
    return accounts.give_mandate(
        person, unit=world.unit[unit], office=office, day=day(begins), until=until and day(until),
        actor=OPERATOR, at=NOW,
    )  # fmt: skip


def sign_in_of(world, who):
    world.account[who] = accounts.create_account(
        world.person[who], email=f"{who}@example.org", actor=OPERATOR
    )
    return world.account[who]


@pytest.fixture
def officers(world):
    """Dana guards the tramworkers' data and, in one test, is their secretary too; Ada is there twice."""
    give(world, "dana", "dpo", "TRAM", "1 January 2020")
    sign_in_of(world, "dana")
    twin = people.add_person(world.unit["DEPOT"], name="Ada Umber", actor=OPERATOR, at=NOW)
    people.join(twin, unit=world.unit["DEPOT"], day=day("1 July 2024"), actor=OPERATOR, at=NOW)
    world.person["twin"] = twin
    return world


def merge_by(world, who, *, one="ada", other="twin"):
    with signed_in(world, who) as officer:
        pair = [
            persons.person_for(officer, world.person[each].pk, "people.erase.ask") for each in (one, other)
        ]
        return actions.merge(*pair, Choices({}, world.person[one].pk), actor=officer, at=LATER)


def undo_by(world, who, merged):
    with signed_in(world, who) as officer:
        return actions.undo(queries.merge_for(officer, merged.pk), actor=officer, at=at("2 August 2024"))


def believed(*numbers):
    """Return whose offices are believed: person, office, unit and days."""
    rows = Mandate.objects.filter(person__in=numbers, recorded__upper_inf=True).select_related("unit")
    return sorted(
        (one.person_id, one.office, one.unit.code, one.valid.lower, str(one.valid.upper)) for one in rows
    )


def rights(account):
    return {(one.office, one.path) for one in actor_of(Account.objects.get(pk=account.pk)).mandates}


def test_both_histories_are_hers_and_one_office_at_overlapping_times_is_one(officers):
    ada, twin = officers.person["ada"].pk, officers.person["twin"].pk
    (mine,) = believed(ada)
    give(officers, "twin", "organiser", "DEPOT", "1 January 2010", "1 January 2024")  # Ada's own goes on
    give(officers, "twin", "treasurer", "LINE4", "1 January 2011", "1 January 2012")
    before = believed(ada, twin)
    known = Mandate.objects.count()
    merged = merge_by(officers, "dana")
    assert (merged.person_id, merged.goes) == (ada, twin)
    assert believed(ada, twin) == [
        (ada, "organiser", "DEPOT", day("1 January 2010"), "None"),
        (ada, "treasurer", "LINE4", day("1 January 2011"), "2012-01-01"),
    ]
    # What was believed before is superseded, never rewritten, and her copy holds it under both numbers.
    assert Mandate.objects.count() == known + 2
    with signed_in(officers, "dana"):
        rows = {one.table.table: one.rows for one in erasing.held_of(ada)}["accounts_mandate"]
    assert {row["person_id"] for row in rows} == {ada, twin}
    undo_by(officers, "dana", merged)
    assert believed(ada, twin) == before
    assert mine in believed(ada)


def test_of_two_sign_ins_the_one_with_the_offices_goes_on_and_the_other_is_back_when_undone(officers):
    ada, second = officers.account["ada"], sign_in_of(officers, "twin")
    give(officers, "twin", "organiser", "LINE4", "1 January 2020", "1 January 2022")
    before = rights(ada)
    merged = merge_by(officers, "dana")
    assert Account.objects.get(pk=ada.pk).person_id == merged.person_id
    assert not Account.objects.filter(pk=second.pk).exists()
    assert rights(ada) == before  # an office that is over gives nothing to anybody
    undo_by(officers, "dana", merged)
    assert Account.objects.get(pk=second.pk).person_id == officers.person["twin"].pk
    assert (rights(ada), rights(second)) == (before, set())


@pytest.mark.parametrize(
    ("office", "unit", "allowed"),
    [
        ("organiser", "LINE4", True),
        ("secretary", "DEPOT", True),
        ("treasurer", "TRAM", True),
        ("secretary", "TRAM", False),  # her own rank
        ("treasurer", "FED", False),  # above her
    ],
)
def test_an_office_goes_to_another_sign_in_where_the_merger_may_give_it(officers, office, unit, allowed):
    """Bela, the tramworkers' secretary, is their data protection officer as well."""
    give(officers, "bela", "dpo", "TRAM", "1 January 2020")
    ada, second = officers.account["ada"], sign_in_of(officers, "twin")
    give(officers, "twin", office, unit, "1 July 2024")
    give(officers, "ada", "auditor", "FED", "1 January 2020")  # so that neither may end
    held = believed(officers.person["ada"].pk, officers.person["twin"].pk)
    if not allowed:
        with pytest.raises(Refusal, match="would gain what you may not give"):
            merge_by(officers, "bela")
        assert believed(officers.person["ada"].pk, officers.person["twin"].pk) == held
        assert rights(second) == {(office, officers.unit[unit].path)}
        return
    gained = rights(second)
    merged = merge_by(officers, "bela")
    assert merged.person_id == officers.person["ada"].pk
    assert gained < rights(ada)
    undo_by(officers, "bela", merged)
    assert rights(second) == gained
    assert not gained & rights(ada)


def test_whoever_gives_no_offices_lets_none_go_over_that_holds(officers):
    """Dana guards the data and gives no office: two who both hold one she leaves to a secretary."""
    give(officers, "twin", "organiser", "LINE4", "1 July 2024")
    with pytest.raises(Refusal, match="organiser of"):
        merge_by(officers, "dana")
    assert not Merge.objects.exists()
    accounts.give_mandate(
        officers.person["ada"], unit=officers.unit["LINE4"], office="organiser", day=day("1 July 2024"),
        actor=OPERATOR, at=NOW,
    )  # fmt: skip
    assert merge_by(officers, "dana").person_id == officers.person["ada"].pk  # she holds it herself now


def test_a_sign_in_gains_no_office_by_becoming_that_of_a_record_that_holds_one(officers):
    """Chidi signs in and holds nothing; the twin organises the depot and signs in nowhere."""
    give(officers, "twin", "organiser", "DEPOT", "1 July 2024")
    with pytest.raises(Refusal, match="Chidi Cove would gain"):
        merge_by(officers, "dana", one="chidi")
    assert rights(officers.account["chidi"]) == set()
    give(officers, "bela", "dpo", "TRAM", "1 January 2020")
    merged = merge_by(officers, "bela", one="chidi")  # who may give it herself
    assert merged.person_id == officers.person["twin"].pk
    assert rights(officers.account["chidi"]) == {("organiser", officers.unit["DEPOT"].path)}


def test_nobody_gives_herself_an_office_by_merging_her_own_two_records(officers):
    give(officers, "bela", "dpo", "TRAM", "1 January 2020")
    give(officers, "twin", "organiser", "LINE4", "1 July 2024")
    with pytest.raises(Refusal, match="would gain what you may not give"):
        merge_by(officers, "bela", one="bela")
    assert ("organiser", officers.unit["LINE4"].path) not in rights(officers.account["bela"])


def test_an_office_that_was_ended_since_does_not_come_back_by_undoing(officers):
    """Ended for the one who stayed, it was ended for both: else undoing would give it again."""
    give(officers, "twin", "organiser", "DEPOT", "1 July 2024")
    merged = merge_by(officers, "dana")
    held = Mandate.objects.get(person=merged.person_id, recorded__upper_inf=True)
    accounts.end_mandate(held, day=day("1 August 2024"), actor=OPERATOR, at=LATER)
    with pytest.raises(Refusal, match="An office of theirs was given, ended or corrected meanwhile"):
        undo_by(officers, "dana", merged)
    assert believed(merged.goes) == []
    assert not Person.objects.filter(pk=merged.goes).exists()


def test_past_the_application_no_office_is_carried_and_none_is_left_behind(officers):
    """The database takes no mandate from an officer's session, and no record goes that still holds one."""
    ada, twin = officers.person["ada"].pk, officers.person["twin"].pk
    held = give(officers, "twin", "organiser", "LINE4", "1 July 2024")
    with signed_in(officers, "dana"):
        seen = [one.pk for one in queries.two(officers.person["ada"], officers.person["twin"]).terms]
        assert sql("update accounts_mandate set person_id = %s where id = %s returning 1", ada, held.pk) == []
        with pytest.raises(DatabaseError, match="offices of a record go over"), transaction.atomic():
            sql(
                "select duplicates_merge_two(%s, %s, %s, %s, %s, now())", ada, twin, sorted(seen),
                '{"withdrawn": [], "made": []}', "{}",
            )  # fmt: skip
    assert believed(twin) != []


@pytest.mark.parametrize("who", ["ada", "bela", "jonas", "chidi", "femi", "sven"])
def test_the_offices_of_two_are_read_by_their_officer_alone(officers, who):
    numbers = [officers.person["ada"].pk, officers.person["twin"].pk]
    with signed_in(officers, "dana"):
        assert len(settling.offices(numbers).tenures) == 1
    with signed_in(officers, who):
        assert sql("select 1 from duplicates_offices(%s)", numbers) == []
