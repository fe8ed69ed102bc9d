"""Ending many memberships in one statement takes as many times as long as they are more."""

import time

import pytest
from django.db import IntegrityError, connection, transaction

from stage import own, sql

PEOPLE = """
insert into people_person (unit_id, name, sort_key, call_name, folded, locale, languages, town, recorded_at)
select %s, 'Nia New', 'new nia', '', 'nia new', '', '{}', '', org_now() from generate_series(1, %s)
returning id
"""
JOIN = """
insert into people_membership
  (person_id, unit_id, kind_id, home, entry_flow, exit_flow, reason, valid, recorded)
select id, %s, 'member', true, 'entry', 'exit', '', daterange('2024-03-01', null), tstzrange(org_now(), null)
from unnest(%s::bigint[]) id
"""
LEAVE = """
update people_membership set valid = daterange(lower(valid), '2024-05-01'), ended_at = org_now(),
  ended_stamp = org_stamp() where person_id = any(%s)
"""
WITHDRAW = """
update people_membership set recorded = tstzrange(lower(recorded), org_now() + interval '1 second'),
  superseded_stamp = org_stamp() where person_id = any(%s)
"""


# Of several in one statement the first is withdrawn, the second ends, the rest stays as it was.
SEVERAL = """
update people_membership set
  recorded = case id when %(first)s then tstzrange(lower(recorded), org_now() + interval '1 second')
             else recorded end,
  superseded_stamp = case id when %(first)s then org_stamp() else superseded_stamp end,
  valid = case id when %(second)s then daterange(lower(valid), '2024-07-01') else valid end,
  ended_at = case id when %(second)s then org_now() else ended_at end,
  ended_stamp = case id when %(second)s then org_stamp() else ended_stamp end,
  reason = case id when %(rewritten)s then 'another' else reason end
where id = any(%(all)s)
"""


def several(world, *, rewritten=0):
    first, second, *rest = (world.membership[who].pk for who in ("femi", "ada", "bela", "dana"))
    words = {"first": first, "second": second, "rewritten": rewritten, "all": [first, second, *rest]}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SEVERAL, words)


def test_of_several_in_one_statement_each_writes_its_own_figures(world):
    assert own("DEPOT", "15 July 2024", "31 May 2024") == (4, 4, 0, 0, 0, 0)
    several(world)
    assert own("DEPOT", "15 July 2024", "31 May 2024") == (2, 3, 0, 1, 0, 0)


def test_of_several_in_one_statement_one_that_is_rewritten_refuses_all(world):
    with pytest.raises(IntegrityError, match="never rewritten"):
        several(world, rewritten=world.membership["dana"].pk)
    assert own("DEPOT", "15 July 2024", "31 May 2024") == (4, 4, 0, 0, 0, 0)


def took(statement, people):
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(statement, [people])
        assert cursor.rowcount == len(people)
    return time.perf_counter() - began


@pytest.mark.drill
@pytest.mark.parametrize("statement", [LEAVE, WITHDRAW], ids=["ended", "withdrawn"])
def test_of_twenty_thousand_at_once_each_takes_as_long_as_of_two_thousand(world, record_property, statement):
    depot = world.unit["DEPOT"].pk
    before, seconds = own("DEPOT", "15 July 2024"), {}
    # First one alone: the plans that the trigger makes are kept, and thousands go by them.
    for number in (1, 250, 2_000, 20_000):
        people = [person for (person,) in sql(PEOPLE, depot, number)]
        sql(JOIN, depot, people)
        seconds[number] = took(statement, people)
    record_property(f"20,000 {'ended' if statement == LEAVE else 'withdrawn'} at once, s", seconds[20_000])
    went = sum(seconds) if statement == LEAVE else 0
    members, previous, joined, left, *moved = before
    assert own("DEPOT", "15 July 2024") == (members, previous, joined + went, left + went, *moved)
    # Ten times as long, where pair by pair it was ninety times.
    assert seconds[20_000] < 30 * seconds[2_000]
