"""What was known when, with real commits: settle marks, late committers, and reports frozen for ever.

All of it happens in one database, one after the other: each test lets somebody new join, counts from what
was there before, and leaves the ferry crews alone.
"""

import hashlib
import json

import pytest
from django.db import connection, connections, transaction

import testbase
import world as play
from groundswell.access import gate, scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts.queries import actor_of
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.kernel.models import SettleMark
from groundswell.people import actions as people
from groundswell.reports import actions as reports
from groundswell.reports.models import Frozen
from groundswell.reports.queries import report
from stage import figures, somebody
from world import TODAY, day

JOINS = (
    "insert into people_membership (person_id, unit_id, kind_id, home, entry_flow, exit_flow, reason, valid,"
    " recorded) values (%s, %s, 'member', true, 'entry', 'exit', '', daterange('2024-07-01', null),"
    " tstzrange(%s, null))"
)


@pytest.fixture(scope="module")
def committed(cluster, database_name, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        world = testbase.clone_kept(cluster, database_name, "cast", play.build)
        play.wake()
        yield world
        connections.close_all()
        testbase.clone(cluster, database_name)


@pytest.fixture
def nia(committed):
    """Return somebody new whom the depot knows."""
    with scope.operator("a test"):
        return somebody(committed, "DEPOT")


def members(unit="DEPOT", **more):
    with scope.operator("a test"):
        return report(
            OPERATOR, unit_code=unit, as_of=TODAY, since=day("1 January 2024"), **more
        ).total.members


def moment():
    with scope.operator("a test"):
        return clock.now()


def mark():
    with scope.operator("a test"):
        clock.take_settlemark()


def in_the_operators_scope(opened):
    opened.execute("select set_config('app.session', %s, true)", [gate.secret_of(gate.OPERATOR)])
    return opened


def test_what_runs_while_the_mark_is_taken_is_known_once_it_has_ended_and_stays_so(
    committed, nia, own_connection
):
    world, late = committed, in_the_operators_scope(own_connection())
    late.execute(JOINS, [nia.pk, world.unit["DEPOT"].pk, moment()])
    asked = moment()
    before = members(known_at=asked)
    mark()
    late.commit()
    assert members(known_at=asked) == before + 1
    mark()
    assert members(known_at=asked) == before + 1


def test_what_is_stamped_after_the_mark_is_known_later_only_whatever_moment_it_carries(
    committed, nia, own_connection
):
    world, late = committed, in_the_operators_scope(own_connection())
    asked = moment()
    before = members(known_at=asked)
    mark()
    late.execute(JOINS, [nia.pk, world.unit["DEPOT"].pk, asked])
    late.commit()
    assert members() == before + 1
    assert members(known_at=asked) == before
    mark()
    assert members(known_at=asked) == before
    assert members(known_at=moment()) == before + 1


def test_a_backdated_load_after_a_mark_changes_nothing_that_was_known(committed):
    world = committed
    asked = moment()
    mark()
    before = members(known_at=asked)
    with scope.operator("a test"):
        keys = people.load_people(
            [
                people.NewPerson(f"k{number}", world.unit["DEPOT"].pk, f"Late {number}", recorded_at=asked)
                for number in range(5)
            ],
            actor=OPERATOR,
        )
        people.load_memberships(
            [
                people.NewMembership(key, world.unit["DEPOT"].pk, day("1 June 2024"), recorded_at=asked)
                for key in keys.values()
            ],
            actor=OPERATOR,
        )
    assert members(known_at=asked) == before
    mark()
    assert members(known_at=asked) == before
    assert members() == members(known_at=moment()) == before + 5


def test_a_change_of_structure_that_was_stamped_after_a_mark_is_not_known_there(committed, own_connection):
    world, late = committed, in_the_operators_scope(own_connection())
    recorded = moment()
    mark()
    late.execute(
        'insert into structure_unitname (unit_id, names, valid, recorded) values (%s, \'{"en": "Later"}\','
        " daterange('2024-07-01', null), tstzrange(%s, null))",
        [world.unit["DEPOT"].pk, recorded],
    )
    late.execute(
        "update structure_unitname set recorded = tstzrange(lower(recorded), %s), superseded_stamp ="
        " org_stamp() where unit_id = %s and lower(valid) = '2000-01-01'",
        [recorded, world.unit["DEPOT"].pk],
    )
    late.commit()

    def name(**more):
        with scope.operator("a test"):
            return report(
                OPERATOR, unit_code="DEPOT", as_of=TODAY, since=day("1 July 2024"), **more
            ).unit.name

    assert (name(known_at=recorded), name()) == ("Depot", "Later")


def frozen_again(frozen):
    with scope.operator("a test"):
        made = report(
            OPERATOR,
            unit_code=frozen.body["unit"],
            as_of=frozen.as_of,
            since=frozen.since,
            known_at=frozen.known_at,
        )
    return figures(made.total), [(line.code, *figures(line)) for line in made.lines]


def as_frozen(frozen):
    def numbers(one):
        return tuple(one[name] for name in ("members", "previous", "joined", "left", "moved_in", "moved_out"))

    return numbers(frozen.body["total"]), [(one["code"], *numbers(one)) for one in frozen.body["units"]]


def publish(world, **more):
    with scope.operator("a test"):
        return reports.publish_report(
            world.unit["FED"],
            as_of=TODAY,
            since=day("1 January 2024"),
            actor=OPERATOR,
            at=clock.now(),
            **more,
        )


def test_a_published_report_asked_again_gives_the_same_figures_for_ever(committed, nia):
    world = committed
    frozen = publish(world)
    assert frozen_again(frozen) == as_frozen(frozen)
    with scope.operator("a test"):
        people.withdraw(world.membership["ada"], actor=OPERATOR, at=frozen.known_at)
        people.join(
            nia,
            unit=world.unit["HILL"],
            day=day("1 February 2024"),
            actor=OPERATOR,
            at=frozen.known_at,
        )
        people.leave(world.membership["chidi"], day=TODAY, actor=OPERATOR, at=frozen.known_at)
    mark()
    assert frozen_again(frozen) == as_frozen(frozen)
    said = json.dumps(frozen.body, sort_keys=True, ensure_ascii=False).encode()
    assert hashlib.sha256(said).digest() == bytes(frozen.digest)


def test_a_report_is_not_frozen_while_somebody_writes_and_is_when_she_has_ended(
    committed, nia, own_connection
):
    world, open_one = committed, in_the_operators_scope(own_connection())
    open_one.execute(JOINS, [nia.pk, world.unit["DEPOT"].pk, moment()])
    with pytest.raises(Refusal) as refused:
        publish(world)
    assert refused.value.code == "unsettled"
    open_one.commit()
    frozen = publish(world)
    mark()
    assert frozen_again(frozen) == as_frozen(frozen)


def test_who_began_before_the_freezing_and_writes_after_it_does_not_change_what_was_frozen(
    committed, nia, own_connection
):
    world, slow = committed, in_the_operators_scope(own_connection())
    before = members()
    (began,) = slow.execute("select org_now()").fetchone()
    frozen = publish(world)
    assert began < frozen.known_at
    slow.execute(JOINS, [nia.pk, world.unit["DEPOT"].pk, began])
    slow.commit()
    mark()
    assert members() == before + 1
    assert frozen_again(frozen) == as_frozen(frozen)


def test_the_secretary_of_the_federation_publishes_the_report_of_a_union(committed):
    world = committed
    with scope.session(world.signed_in("ines")):
        ines = actor_of(world.account["ines"])
        frozen = reports.publish_report(
            world.unit["FERRY"], as_of=TODAY, since=day("1 January 2024"), actor=ines, at=clock.now()
        )
    assert frozen_again(frozen)[0] == (5, 4, 0, 0, 1, 0)
    assert Frozen.objects.count() == 0
    with scope.operator("a test"):
        assert Frozen.objects.filter(pk=frozen.pk).count() == 1


def test_marks_stand_in_the_order_of_their_moments_also_from_two_at_once(committed, own_connection):
    """A slow transaction must not slip a mark of an earlier moment behind a newer one."""
    with scope.operator("a test"):
        before = SettleMark.objects.count()
    with transaction.atomic(), scope.operator("a test"):
        clock.now()
        other = in_the_operators_scope(own_connection())
        other.execute("select org_take_mark()")
        other.commit()
        clock.take_settlemark()
    with scope.operator("a test"):
        taken = list(SettleMark.objects.order_by("id").values_list("taken_at", "stamp"))
    assert taken == sorted(taken)
    assert len(taken) == before + 2


@pytest.mark.parametrize(
    "statement", ["update kernel_settlemark set stamp = 0", "delete from kernel_settlemark"]
)
def test_a_mark_is_not_changed_by_whoever_is_not_the_operator(committed, statement):
    mark()
    with scope.session(committed.signed_in("ines")), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 0
