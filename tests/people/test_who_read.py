"""Receipts of reading: who opened whose record; seen by herself and her data protection officer."""

import pytest
from django.db import ProgrammingError, transaction

from groundswell.access import reading, scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from stage import NOW, signed_in, sql
from world import day


@pytest.fixture
def guarded(world):
    """Let Dana be the data protection officer of the tramworkers."""
    world.mandate["dana"] = accounts.give_mandate(
        world.person["dana"],
        unit=world.unit["TRAM"],
        office="dpo",
        day=day("1 January 2020"),
        actor=OPERATOR,
        at=NOW,
    )
    world.account["dana"] = accounts.create_account(
        world.person["dana"], email="dana@example.org", actor=OPERATOR
    )
    return world


def note(world, who, *whom, what=reading.RECORD, purpose=""):
    with signed_in(world, who) as actor:
        return reading.note([world.person[one].pk for one in whom], actor=actor, what=what, purpose=purpose)


def read_by(world, who, whom):
    with signed_in(world, who):
        return [
            (one.name, one.office, one.office_unit_id, one.what, one.purpose)
            for one in reading.of(world.person[whom].pk)
        ]


def test_who_opened_her_record_stands_under_her_name_with_office_and_purpose(guarded):
    assert note(guarded, "ada", "chidi", what=reading.LIST, purpose="phone round") == 1
    assert note(guarded, "bela", "chidi") == 1
    assert read_by(guarded, "chidi", "chidi") == [
        ("Béla Birch", "secretary", guarded.unit["TRAM"].pk, "record", ""),
        ("Ada Amber", "organiser", guarded.unit["DEPOT"].pk, "list", "phone round"),
    ]


def test_her_own_look_at_her_own_record_is_no_receipt(guarded):
    assert note(guarded, "chidi", "chidi") == 0
    assert read_by(guarded, "chidi", "chidi") == []


def test_a_receipt_of_the_operator_says_operator_and_one_of_nobody_is_not_written(guarded):
    assert reading.note([guarded.person["chidi"].pk], actor=OPERATOR, what=reading.EXPORT) == 1
    with scope.nobody():
        assert reading.note([guarded.person["chidi"].pk], actor=OPERATOR, what=reading.EXPORT) == 0
    assert read_by(guarded, "chidi", "chidi") == [(None, "operator", None, "export", "")]


def test_only_she_and_her_data_protection_officer_see_who_read_her_record(guarded):
    note(guarded, "ada", "chidi", "femi")
    seen = "select count(*) from access_reading"
    for who, mine, all_there in (
        ("chidi", 1, 1),
        ("femi", 0, 1),  # sees the receipt about herself alone
        ("dana", 1, 2),
        ("ada", 0, 0),
        ("bela", 0, 0),
        ("olga", 0, 0),  # officer of the federation: no names there
        ("sven", 0, 0),
    ):
        assert len(read_by(guarded, who, "chidi")) == mine, who
        with signed_in(guarded, who):
            assert sql(seen) == [(all_there,)], who


@pytest.mark.parametrize(
    "forged",
    [
        "insert into access_reading (person_id, unit_id, office, what) values (1, 1, '', 'record')",
        "update access_reading set what = 'list'",
        "delete from access_reading",
    ],
)
def test_nobody_forges_changes_or_removes_a_receipt(guarded, forged):
    note(guarded, "ada", "chidi")
    for who in ("ada", "dana"):
        with (
            signed_in(guarded, who),
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
        ):
            sql(forged)


def test_a_receipt_stands_in_the_sealed_trail_as_well(guarded):
    before = sql("select max(id) from access_trail")[0][0]
    note(guarded, "ada", "chidi", "femi")
    entries = sql(
        "select table_name, op, account_id, unit_id from access_trail where id > %s order by id", before
    )
    depot = guarded.unit["DEPOT"].pk
    assert entries == [("access_reading", "insert", guarded.account["ada"].pk, depot)] * 2
