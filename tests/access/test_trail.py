"""What stands in the trail, whatever path a change took."""

import json

import pytest
from django.db import DatabaseError, transaction
from small_world import ask, column

from groundswell.access import scope, trail

ENTRIES = """
select t.op, t.by_kind, t.account_id, t.unit_id, t.section_id, t.row_id, t.purpose, p.person_id, p.old, p.new
from access_trail t join access_trailpayload p on p.trail_id = t.id
where t.table_name = 'people_person' and t.id > %s order by t.id
"""


def newest() -> int:
    with scope.operator():
        return column("select coalesce(max(id), 0) from access_trail")[0]


def entries(after: int) -> list:
    with scope.operator():
        return ask(ENTRIES, after)


def test_an_update_stands_in_the_trail_with_who_where_and_both_images(world):
    before = newest()
    with scope.session(world.signed_in("olga"), "corrected by telephone"):
        ask("update people_person set town = 'Genova' where id = %s", world.person["anna"])
    ((op, kind, account, unit, section, row, purpose, person, old, new),) = entries(before)
    anna = world.person["anna"]
    assert (op, kind, account, row, person) == ("update", "person", world.account["olga"], str(anna), anna)
    assert (unit, section, purpose) == (world.unit["A"], world.unit["S"], "corrected by telephone")
    assert (old["town"], new["town"], new["name"]) == ("", "Genova", "anna")


def test_an_insert_has_no_old_and_a_delete_no_new_image(world):
    before = newest()
    with scope.operator():
        (number,) = column(
            "insert into people_tag (person_id, unit_id, word) values (%s, %s, 'singer') returning id",
            world.person["bert"],
            world.unit["B"],
        )
        ask("delete from people_tag where id = %s", number)
        found = ask(
            "select t.op, t.row_id, t.by_kind, p.old->>'word', p.new->>'word' from access_trail t"
            " join access_trailpayload p on p.trail_id = t.id where t.id > %s order by t.id",
            before,
        )
    assert found == [
        ("insert", str(number), "operator", None, "singer"),
        ("delete", str(number), "operator", "singer", None),
    ]


def test_an_update_that_changes_nothing_leaves_no_entry(world):
    before = newest()
    with scope.operator():
        assert len(column("update people_person set town = town returning id")) == 10
    assert entries(before) == []


def test_one_statement_over_many_rows_leaves_one_entry_for_each(world):
    before = newest()
    with scope.operator():
        ask("update people_person set town = 'x' || id")
    found = entries(before)
    assert {row[7] for row in found} == set(world.person.values())
    assert all(row[8]["id"] == row[9]["id"] == row[7] for row in found)


def test_a_changed_key_shows_as_gone_and_come(world):
    before = newest()
    with scope.operator():
        ask("update structure_unitevent set id = id")
        ask("update people_person set id = 900000 where id = %s", world.person["clara"])
    assert sorted((row[0], row[8] is None, row[9] is None) for row in entries(before)) == [
        ("update", False, True),
        ("update", True, False),
    ]


def test_what_was_rolled_back_is_not_in_the_trail(world):
    before = newest()
    with pytest.raises(DatabaseError, match="division by zero"):
        _write_and_fail()
    assert entries(before) == []


def _write_and_fail() -> None:
    with scope.operator():
        ask("update people_person set town = 'x'")
        ask("select 1/0")


def test_salts_differ_from_row_to_row_and_digests_are_of_the_payload(world):
    before = newest()
    with scope.operator():
        ask("update people_person set town = 'same'")
        rows = ask(
            "select p.salt, t.digest = trail_digest(p.salt, p.old, p.new), t.digest ="
            " trail_digest('', p.old, p.new)"
            " from access_trail t join access_trailpayload p on p.trail_id = t.id where t.id > %s",
            before,
        )
    assert len({bytes(row[0]) for row in rows}) == 10
    assert {row[1:] for row in rows} == {(True, False)}


def test_a_named_event_stands_in_the_trail_with_its_subject_and_detail(world):
    class Subject:
        class _meta:  # noqa: N801 - as Django names it
            db_table = "structure_unit"

        pk = world.unit["A"]

    with scope.session(world.signed_in("sofia")):
        number = trail.record("structure.unit.renamed", actor=None, subject=Subject(), names={"en": "Ä"})
    with scope.operator():
        (row,) = ask(
            "select t.op, t.table_name, t.row_id, t.unit_id, t.section_id, t.account_id, p.new from"
            " access_trail t"
            " join access_trailpayload p on p.trail_id = t.id where t.id = %s",
            number,
        )
    unit = world.unit["A"]
    assert row[:6] == (
        "structure.unit.renamed", "structure_unit", str(unit), unit, world.unit["S"], world.account["sofia"]
    )  # fmt: skip
    assert row[6] == {"names": {"en": "Ä"}}


def test_an_event_must_be_named_room_noun_happened(world):
    with pytest.raises(DatabaseError, match=r"room\.noun\.happened"), transaction.atomic():
        trail.record("update", actor=None, subject=None)


def readable(world, name: str) -> tuple[set, set]:
    with scope.session(world.signed_in(name)):
        tables = set(column("select distinct table_name from access_trail"))
        people = {world_name for world_name, number in world.person.items()
                  if number in column("select person_id from access_trailpayload")}  # fmt: skip
    return tables, people


def test_who_reads_which_part_of_the_trail(world):
    everything = {"structure_unit", "people_person", "people_membership", "accounts_mandate"}
    # The officer for data protection of section S: her section, all of it, and not the other.
    assert readable(world, "dana") == (
        everything, {"anna", "bert", "ines", "sofia", "olga", "theo", "dana", "gustav"}
    )  # fmt: skip
    assert readable(world, "august") == (
        everything - {"accounts_mandate"} | {"accounts_mandate"},
        {"clara", "gustav", "august"},
    )
    # A secretary: structure and mandates; the payloads without a person only.
    assert readable(world, "sofia") == ({"structure_unit", "accounts_mandate"}, set())
    # A treasurer: money, of which there is none yet; an organiser and a member: nothing.
    assert [readable(world, name) for name in ("theo", "olga", "anna")] == [(set(), set())] * 3


def test_an_erasure_empties_the_payloads_and_keeps_the_entries(world):
    anna = world.person["anna"]
    with scope.operator():
        count = column("select count(*) from access_trailpayload where person_id = %s", anna)[0]
        entry_count = column("select count(*) from access_trail")[0]
    with scope.session(world.signed_in("dana")):
        assert trail.erase(anna) == count > 0
    with scope.operator():
        assert column("select count(*) from access_trail")[0] == entry_count
        canary = json.dumps({"name": "anna"})[1:-1]
        assert column("select count(*) from access_trailpayload where new::text like %s", f"%{canary}%") == [
            0
        ]
        assert column("select count(*) from access_trailpayload where salt is null and new is null") == [
            count
        ]


def test_the_operators_changes_bear_the_operators_name_and_a_strangers_are_refused(world):
    with scope.nobody():
        assert column("update people_person set town = 'x' returning id") == []
    with scope.worker():
        before = newest()
        ask("update people_person set town = 'y' where id = %s", world.person["anna"])
    assert [row[1] for row in entries(before)] == ["worker"]
