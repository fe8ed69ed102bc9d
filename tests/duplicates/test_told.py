"""What either of a pair is told of it, and who is told that two records became one."""

import pytest
from django.db import DatabaseError, transaction
from test_merging import LATER, merge_by

from groundswell.access import erasing
from groundswell.access.actor import OPERATOR
from groundswell.duplicates import actions, queries
from groundswell.people import actions as people
from groundswell.people import queries as persons
from groundswell.people.models import Person
from stage import NOW, signed_in
from world import day


def test_each_of_a_pair_is_handed_that_somebody_looks_like_her_and_nothing_that_leads_to_the_other(twins):
    chidi, pavel = twins.person["chidi"], twins.person["pavel"]
    people.join(pavel, unit=twins.unit["DEPOT"], day=day("1 July 2024"), actor=OPERATOR, at=NOW)
    moved = persons.home_of(pavel)
    people.transfer(moved, to=twins.unit["LINE4"], day=day("5 July 2024"), actor=OPERATOR, at=NOW)
    with signed_in(twins, "bela") as bela:
        pair = actions.put_side_by_side(
            persons.person_for(bela, chidi.pk, "people.erase.ask"),
            persons.person_for(bela, pavel.pk, "people.erase.ask"),
            actor=bela,
            at=NOW,
        )
        actions.judge(pair, "different", actor=bela, at=NOW)
    assert pair.other_id == pavel.pk
    for one, unit in ((chidi, "DEPOT"), (pavel, "LINE4")):
        with signed_in(twins, "dana"):
            (row,) = {held.table.table: held.rows for held in erasing.held_of(one.pk)}["duplicates_likeness"]
        assert {"origin": "hand", "verdict": "different", "score": None}.items() <= row.items()
        assert (row["person_id"], row["unit_id"]) == (one.pk, twins.unit[unit].pk)
        assert not {"other_id", "other_unit_id", "decided_by"} & row.keys()
    # What was said of them before as well, the same to either.
    told = {one.pk: changes_of_pairs(twins, one) for one in (chidi, pavel)}
    assert [change["new"]["verdict"] for change in told[pavel.pk]] == ["", "different"]
    assert [change["at"] for change in told[chidi.pk]] == [change["at"] for change in told[pavel.pk]]
    for one, unit in ((chidi, "DEPOT"), (pavel, "LINE4")):
        for change in told[one.pk]:
            new = change["new"]
            assert (new["person_id"], new["unit_id"]) == (one.pk, twins.unit[unit].pk)
            assert not {"other_id", "other_unit_id", "decided_by"} & new.keys()
    with signed_in(twins, "chidi"):
        assert queries.held_of_other(chidi.pk) == []
    for who in ("bela", "ada", "chidi", "sven"):
        for ask in (queries.held_of_other, queries.changes_of_other):
            with signed_in(twins, who), pytest.raises(DatabaseError), transaction.atomic():
                ask(pavel.pk)


def changes_of_pairs(world, one):
    with signed_in(world, "dana"):
        changes = {held.table.table: held.rows for held in erasing.held_of(one.pk)}["access_trailpayload"]
    return [
        one for one in changes if one["table"] == "duplicates_likeness" and one["op"] in {"insert", "update"}
    ]


def test_that_records_became_one_is_told_to_whoever_reads_them_and_to_nobody_above_of_one_under_18(twins):
    chidi, twin, line4 = twins.person["chidi"], twins.person["twin"], twins.unit["LINE4"]
    people.transfer(persons.home_of(twin), to=line4, day=day("5 July 2024"), actor=OPERATOR, at=NOW)
    merged = merge_by(twins, "dana")

    def told(person):
        seen = {}
        for who in ("ada", "bela", "sven"):
            with signed_in(twins, who):
                seen[who] = [other for _at, _undone, other in queries.told_of(person.pk)]
        return seen

    # A number that leads here is nobody's own.
    assert told(chidi) == {"ada": [None], "bela": [None], "sven": []}
    with signed_in(twins, "dana") as dana:
        actions.undo(merged, actor=dana, at=LATER)
    # The organiser of the one branch is not told whose the other record is.
    assert told(chidi) == {"ada": [None], "bela": [twin.pk], "sven": []}
    assert told(twin) == {"ada": [], "bela": [chidi.pk], "sven": []}
    people.say_age(Person.objects.get(pk=chidi.pk), young=True, actor=OPERATOR, at=NOW)
    assert told(chidi) == {"ada": [None], "bela": [], "sven": []}
    assert told(twin) == {"ada": [], "bela": [None], "sven": []}
