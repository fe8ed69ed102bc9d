"""Each promise of the room's tables, and an attempt to break it in SQL with the operator's reach."""

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, transaction

from stage import NOW, judge_now, own, sql
from world import day

MEMBER = (
    "insert into people_membership (person_id, unit_id, kind_id, home, entry_flow, exit_flow, reason, valid,"
    " recorded{more}) values (%s, %s, 'member', {home}, '{entry}', 'exit', '', {valid},"
    " tstzrange('2024-07-15', null){given})"
)


def member(world, who, unit, *, valid, home="true", entry="entry", **more):
    refuse, judge = more.pop("refuse", None), more.pop("judge", True)
    statement = MEMBER.format(
        valid=valid,
        home=home,
        entry=entry,
        more="".join(f", {name}" for name in more),
        given="".join(f", {value}" for value in more.values()),
    )
    keys = world.person[who].pk, world.unit[unit].pk
    if refuse:
        refused(world, statement, *keys, match=refuse)
    else:
        at_once(statement, *keys, judge=judge)


def at_once(statement, *parameters, judge=True):
    """Write and judge, as COMMIT does."""
    with transaction.atomic():
        sql(statement, *parameters)
        if judge:
            judge_now()


def refused(world, statement, *parameters, match=None, kind=IntegrityError):
    """Try it to the end, as COMMIT would."""
    with pytest.raises(kind, match=match):
        at_once(statement, *parameters)


def test_two_homes_on_one_day_are_refused_at_the_end_and_two_that_touch_are_not(world):
    member(world, "dana", "HILL", valid="daterange('2024-05-09', null)")
    judge_now()
    member(world, "ada", "HILL", valid="daterange('2024-07-01', null)", refuse="people_one_home_a_day")


def test_a_second_row_of_one_unit_on_one_day_is_refused_also_for_a_guest(world):
    member(
        world,
        "femi",
        "PIER",
        valid="daterange('2024-07-01', null)",
        home="false",
        refuse="people_one_membership_a_unit_a_day",
    )
    member(world, "femi", "DOCK", valid="daterange('2024-07-01', null)", home="false")
    judge_now()


def test_a_correction_is_one_transaction_because_overlaps_are_judged_at_its_end(world):
    member(world, "ada", "HILL", valid="daterange('2024-07-01', null)", judge=False)
    sql(
        "update people_membership set recorded = tstzrange(lower(recorded), %s), superseded_stamp ="
        " org_stamp() where id = %s",
        NOW,
        world.membership["ada"].pk,
    )
    judge_now()
    assert own("HILL", "15 July 2024", "30 June 2024") == (2, 1, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("valid", "constraint"),
    [
        ("daterange(null, null)", "begins_on_a_day"),
        ("'empty'::daterange", "begins_on_a_day"),
        ("daterange('2024-07-01', '2024-07-01')", "begins_on_a_day"),
        ("daterange('2024-06-01', '2024-07-01')", "end_says_when_it_was_recorded"),
    ],
)
def test_a_membership_has_a_first_day_and_an_end_says_when_it_was_recorded(world, valid, constraint):
    member(world, "pavel", "HILL", valid=valid, refuse=constraint)


def test_an_open_membership_says_nothing_of_an_end(world):
    member(
        world,
        "pavel",
        "HILL",
        valid="daterange('2024-06-01', null)",
        ended_at="now()",
        refuse="end_says_when",
    )


def test_a_flow_that_there_is_not_is_refused(world):
    member(world, "pavel", "HILL", valid="daterange('2024-06-01', null)", entry="exit", refuse="people_m")


@pytest.mark.parametrize(
    "rewritten",
    [
        "kind_id = 'supporter'",
        "home = false",
        "person_id = person_id + 1",
        "unit_id = (select id from structure_unit where code = 'DOCK')",
        "valid = daterange('2010-01-01', null)",
        "recorded = tstzrange('2010-01-01', null)",
        "recorded_stamp = 1",
        "entry_flow = 'opening'",
        "id = id + 100000",
        "id = id + 100000, valid = daterange('2010-01-01', null)",
    ],
)
def test_a_membership_is_never_rewritten(world, rewritten):
    key = world.membership["ada"].pk
    refused(world, f"update people_membership set {rewritten} where id = %s", key, match="never rewritten")
    assert own("DEPOT", "15 July 2024", "31 May 2024") == (4, 4, 0, 0, 0, 0)


@pytest.mark.parametrize(
    "rewritten",
    [
        "valid = daterange(lower(valid), '2024-06-01')",
        "valid = daterange(lower(valid), null), ended_at = null",
        "ended_at = '2020-01-01'",
        "ended_stamp = 1",
        "exit_flow = 'move_out'",
        "reason = 'another'",
    ],
)
def test_the_end_of_a_membership_is_never_rewritten(world, rewritten):
    key = world.membership["dana"].pk
    refused(world, f"update people_membership set {rewritten} where id = %s", key, match="never rewritten")


def test_a_withdrawn_membership_is_not_brought_back(world):
    key = world.membership["lio"].pk
    for rewritten in ("recorded = tstzrange(lower(recorded), null)", "superseded_stamp = 1"):
        statement = f"update people_membership set {rewritten} where id = %s"
        refused(world, statement, key, match="never rewritten")


def test_nobody_writes_a_membership_into_the_past_of_what_was_known(world):
    """A stamp of one's own choice would make a fact known at a moment long settled."""
    member(
        world,
        "pavel",
        "HILL",
        valid="daterange('2024-06-01', null)",
        recorded_stamp="1",
        refuse="never rewritten",
    )
    member(world, "pavel", "HILL", valid="daterange('2024-06-01', null)", recorded_stamp="org_stamp()")


@pytest.mark.parametrize("table", ["people_movement", "people_rollup", "people_sectionrollup"])
@pytest.mark.parametrize("verb", ["insert into {} default values", "update {} set id = id", "delete from {}"])
def test_movements_and_roll_ups_are_written_by_triggers_alone(world, table, verb):
    refused(world, verb.format(table), match="permission denied", kind=ProgrammingError)


@pytest.mark.parametrize(
    "table",
    [
        "people_person",
        "people_membership",
        "people_transfer",
        "people_return",
        "people_movement",
        "people_rollup",
    ],
)
def test_nothing_about_people_is_deleted_or_truncated(world, table):
    refused(world, f"delete from {table}", match="permission denied", kind=ProgrammingError)
    refused(world, f"truncate {table} cascade", match="permission denied", kind=ProgrammingError)


def test_a_person_has_a_name(world):
    refused(
        world, "update people_person set name = '' where id = %s", world.person["ada"].pk, match="has_a_name"
    )


def test_a_kind_and_a_unit_that_there_are_not_are_refused(world):
    statement = MEMBER.format(
        valid="daterange('2024-06-01', null)", home="true", entry="entry", more="", given=""
    )
    refused(world, statement.replace("'member'", "'friend'"), world.person["pavel"].pk, world.unit["HILL"].pk)
    refused(world, statement, world.person["pavel"].pk, 987654321)


@pytest.mark.parametrize(
    "changed", ["members = 50", '"left" = 0', "signed_by = 'me'", "as_of = '2024-06-29'"]
)
def test_a_signed_return_is_never_rewritten(world, changed):
    refused(
        world,
        f"update people_return set {changed} where unit_id = %s and as_of = %s",
        world.unit["BUS"].pk,
        day("30 June 2024"),
        match="never rewritten",
    )


def test_only_the_newest_return_is_restated(world):
    statement = "update people_return set superseded_at = now() where unit_id = %s and as_of = %s"
    refused(world, statement, world.unit["BUS"].pk, day("31 December 2023"), match="newest")


def test_one_return_a_day_that_counts_nothing_below_zero(world):
    insert = (
        'insert into people_return (unit_id, as_of, members, joined, "left", signed_by, recorded_at)'
        " values (%s, %s, %s, %s, 0, 'x', now())"
    )
    bus = world.unit["BUS"].pk
    refused(world, insert, bus, day("30 June 2024"), 47, 7, match="people_one_return_a_day")
    refused(world, insert, bus, day("10 July 2024"), 46, -1, match="counts_nothing_below_zero")
    refused(world, insert, world.unit["HILL"].pk, day("10 July 2024"), 0, 0, match="never both")


def test_counting_by_number_has_one_period_a_day_and_none_over_persons(world):
    insert = (
        "insert into people_counting (unit_id, valid, recorded_at) values (%s, daterange(%s, null), now())"
    )
    refused(world, insert, world.unit["BUS"].pk, day("1 July 2024"), match="people_one_way_of_counting_a_day")
    refused(world, insert, world.unit["DEPOT"].pk, day("1 January 2024"), match="never both")


def test_a_period_of_counting_by_number_is_not_pulled_from_under_its_returns(world):
    bus = world.unit["BUS"].pk
    refused(world, "update people_counting set valid = daterange('2024-07-01', null) where unit_id = %s", bus)
    refused(world, "delete from people_counting where unit_id = %s", bus, kind=DatabaseError)
