"""The roll-ups equal the plain sum of the movements, whatever is written, moved and compacted at once.

Writers work on connections of their own, each for itself, without asking one another.
"""

import random
import threading

import psycopg
import pytest

from groundswell.access import gate, scope
from groundswell.access.actor import OPERATOR
from groundswell.kernel import clock
from groundswell.people.actions.returning import compact_rollups
from groundswell.reports.queries import report
from groundswell.structure import actions as structure
from stage import figures, sql
from world import TODAY, day

JOIN = (
    "insert into people_membership (person_id, unit_id, kind_id, home, entry_flow, exit_flow, reason, valid,"
    " recorded) values (%s, %s, 'member', true, 'entry', 'exit', '', daterange(%s, null),"
    " tstzrange(org_now(), null)) returning id"
)
LEAVE = (
    "update people_membership set valid = daterange(lower(valid), lower(valid) + 3), ended_at = org_now(),"
    " ended_stamp = org_stamp() where id = %s"
)
WITHDRAW = (
    "update people_membership set recorded = tstzrange(lower(recorded), org_now() + interval '1 second'),"
    " superseded_stamp = org_stamp() where id = %s"
)
PERSON = (
    "insert into people_person (unit_id, name, sort_key, call_name, locale, languages, town, recorded_at)"
    " values (%s, 'Nia New', 'new nia', '', '', '{}', '', org_now()) returning id"
)
FLOWS = ("opening", "entry", "exit", "move_in", "move_out")
SUMS = ", ".join(f"coalesce(sum(delta) filter (where flow = '{flow}'), 0)" for flow in FLOWS)
ROLLED = ", ".join(f"sum({flow})" for flow in FLOWS)
MOVEMENTS_BY_UNIT = f"""
select unit_id, other_id, date_trunc('month', day)::date, {SUMS}
from people_movement where counts group by 1, 2, 3
"""
ROLLED_BY_UNIT = f"select unit_id, other_id, month, {ROLLED} from people_rollup group by 1, 2, 3"
MOVEMENTS_BY_SECTION = f"""
select coalesce(u.section_id, u.id), date_trunc('month', day)::date, {SUMS}
from people_movement m join structure_unit u on u.id = m.unit_id
left join structure_unit o on o.id = m.other_id
where counts and (o.id is null or coalesce(u.section_id, u.id) <> coalesce(o.section_id, o.id))
group by 1, 2
"""
ROLLED_BY_SECTION = f"select section_id, month, {ROLLED} from people_sectionrollup group by 1, 2"
TWICE = ((MOVEMENTS_BY_UNIT, ROLLED_BY_UNIT), (MOVEMENTS_BY_SECTION, ROLLED_BY_SECTION))


def settled(statement):
    """Return the sums that are not all zero, by their keys."""
    flows = len(FLOWS)
    return {row[:-flows]: row[-flows:] for row in sql(statement) if any(row[-flows:])}


def write(connect, units, seed, steps, faults):
    """Let people join, leave and be withdrawn, some of it rolled back, in transactions of a few steps."""
    dice = random.Random(seed)
    try:
        with connect() as connection:
            for _ in range(steps):
                connection.execute("select set_config('app.session', %s, true)", [gate.secret_of("operator")])
                for _ in range(dice.randint(1, 4)):
                    unit = dice.choice(units)
                    (person,) = connection.execute(PERSON, [unit]).fetchone()
                    first = f"2024-0{dice.randint(1, 6)}-{dice.randint(10, 28)}"
                    (key,) = connection.execute(JOIN, [person, unit, first]).fetchone()
                    for chance, statement in ((0.4, LEAVE), (0.2, WITHDRAW)):
                        if dice.random() < chance:
                            connection.execute(statement, [key])
                if dice.random() < 0.2:
                    connection.rollback()
                else:
                    connection.commit()
    except psycopg.Error as fault:
        faults.append(fault)


def compact_now_and_then(connect, done, faults):
    try:
        with connect(autocommit=True) as connection:
            while not done.is_set():
                connection.execute("select people_rollup_compact()")
                done.wait(0.02)
    except psycopg.Error as fault:
        faults.append(fault)


def storm(world, own_connection, writers, steps):
    units = [world.unit[code].pk for code in ("DEPOT", "LINE4", "HILL", "PIER")]
    faults, done = [], threading.Event()
    threads = [
        threading.Thread(target=write, args=(own_connection, units, seed, steps, faults))
        for seed in range(writers)
    ]
    compacting = threading.Thread(target=compact_now_and_then, args=(own_connection, done, faults))
    for thread in (*threads, compacting):
        thread.start()
    # Meanwhile a branch changes its section there and back: its sums are carried over under the writers.
    for code in ("FERRY", "SOUTH", "FERRY"):
        with scope.operator("a test"):
            structure.move_unit(
                world.unit["HILL"],
                parent=world.unit[code],
                day=day("1 July 2024"),
                actor=OPERATOR,
                at=clock.now(),
            )
    for thread in threads:
        thread.join()
    done.set()
    compacting.join()
    assert faults == []


def is_the_plain_sum():
    with scope.operator("a test"):
        for movements, rollup in TWICE:
            assert settled(rollup) == settled(movements)
            assert settled(rollup) != {}


def storm_and_compare(world, own_connection, writers, steps):
    storm(world, own_connection, writers, steps)
    is_the_plain_sum()
    with scope.operator("a test"):
        question = {"unit_code": "FED", "as_of": TODAY, "since": day("15 February 2024")}
        before = report(OPERATOR, **question)
        while compact_rollups():
            pass
        after = report(OPERATOR, **question)
        assert sql("select count(*) - count(distinct (unit_id, other_id, month)) from people_rollup") == [
            (0,)
        ]
    assert figures(before.total) == figures(after.total)
    assert before.lines == after.lines
    is_the_plain_sum()


def test_two_writers_a_moving_branch_and_a_compactor_leave_the_plain_sum(committed_world, own_connection):
    storm_and_compare(committed_world, own_connection, writers=2, steps=25)


@pytest.mark.drill
def test_four_writers_at_length_leave_the_plain_sum(committed_world, own_connection):
    storm_and_compare(committed_world, own_connection, writers=4, steps=400)


def test_a_roll_up_that_lost_a_row_would_be_seen(committed_world, cluster, database_name):
    with psycopg.connect(**cluster.superuser(database_name)) as superuser:
        superuser.execute("delete from people_rollup where id = (select min(id) from people_rollup)")
    with pytest.raises(AssertionError):
        is_the_plain_sum()
