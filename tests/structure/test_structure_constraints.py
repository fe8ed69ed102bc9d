"""Each promise of the structure's tables, and an attempt to break it in SQL with the operator's reach."""

import pytest
from django.db import IntegrityError, transaction

from stage import judge_now, sql

PARENT = (
    "insert into structure_unitparent (unit_id, parent_id, absorbed, valid, recorded)"
    " values (%s, %s, false, {}, tstzrange('2024-07-15', null))"
)


def attempt(*statements):
    """Write all of it and judge, as COMMIT does."""
    with transaction.atomic():
        for statement, *parameters in statements:
            sql(statement, *parameters)
        judge_now()


def refused(match, *statements):
    with pytest.raises(IntegrityError, match=match):
        attempt(*statements)


def forget(table, unit):
    return (
        (
            f"update structure_{table} set recorded = tstzrange(lower(recorded), '2024-07-15', '[]'),"
            " superseded_stamp = org_stamp() where unit_id = %s and upper_inf(recorded)"
        ),
        unit.pk,
    )


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("unitname", "names", '{"en": "x"}'),
        ("unitkind", "kind_id", "branch"),
        ("unitparent", "parent_id", None),
    ],
)
def test_a_unit_has_one_name_kind_and_parent_a_day_and_another_after_it(world, table, column, value):
    hill = world.unit["HILL"]
    insert = (
        f"insert into structure_{table} (unit_id, {column}, valid, recorded{{}}) values (%s, %s,"
        " daterange('2024-07-01', null), tstzrange('2024-07-15', null){})"
    ).format(*((", absorbed", ", false") if table == "unitparent" else ("", "")))
    new = insert, hill.pk, value or world.unit["NORTH"].pk
    noun = table.removeprefix("unit")
    refused(f"structure_one_{noun}_a_day", new)
    before = insert.replace("'2024-07-01', null", "'2000-01-01', '2024-07-01'"), hill.pk, new[2]
    attempt(forget(table, hill), before, new)


def test_what_was_believed_before_binds_nobody_now(world):
    hill = world.unit["HILL"]
    attempt(
        forget("unitparent", hill),
        (PARENT.format("daterange('2000-01-01', null)"), hill.pk, world.unit["NORTH"].pk),
    )


def test_no_unit_is_its_own_parent(world):
    tram = world.unit["TRAM"]
    refused(
        "structure_no_unit_is_its_own_parent",
        forget("unitparent", tram),
        (PARENT.format("daterange('2000-01-01', null)"), tram.pk, tram.pk),
    )


@pytest.mark.parametrize("below", ["SOUTH", "HILL"])
def test_no_unit_lies_within_a_unit_below_it_at_commit(world, below):
    tram = world.unit["TRAM"]
    circle = (PARENT.format("daterange('2000-01-01', null)"), tram.pk, world.unit[below].pk)
    refused("within itself", forget("unitparent", tram), circle)
    # In one transaction with what opens the circle again it is allowed: judged at its end.
    attempt(
        forget("unitparent", tram),
        circle,
        forget("unitparent", world.unit["SOUTH"]),
        (
            PARENT.format("daterange('2000-01-01', null)"),
            world.unit["SOUTH"].pk,
            world.unit["FED"].pk,
        ),
    )


def test_two_units_do_not_lie_within_each_other_on_a_day_they_share_and_may_on_others(world):
    south, hill = world.unit["SOUTH"], world.unit["HILL"]
    until_july = PARENT.format("daterange('2000-01-01', '2024-07-01')")
    attempt(
        forget("unitparent", south),
        forget("unitparent", hill),
        (until_july, south.pk, world.unit["TRAM"].pk),
        (until_july, hill.pk, south.pk),
        (PARENT.format("daterange('2024-07-01', null)"), south.pk, hill.pk),
        (PARENT.format("daterange('2024-07-01', null)"), hill.pk, world.unit["TRAM"].pk),
    )
    refused(
        "within itself",
        forget("unitparent", hill),
        (PARENT.format("daterange('2024-07-10', null)"), hill.pk, south.pk),
    )


@pytest.mark.parametrize("code", ["hill", "HÜGEL", "", "-A", "A B", "A\nB", "A/B"])
def test_a_code_is_written_plainly(world, code):
    refused(
        "code_is_written_plainly",
        ("update structure_unit set code = %s where id = %s", code, world.unit["HILL"].pk),
    )


def test_a_code_is_given_once_and_a_place_in_the_tree_ends_in_the_units_own_number(world):
    hill = world.unit["HILL"].pk
    for column, match in (("code", "unique constraint"), ("path", "path_ends_in_its_own_number")):
        statement = (
            f"update structure_unit set {column} = (select {column} from structure_unit where code = 'PIER')"
        )
        refused(match, (f"{statement} where id = %s", hill))
    refused("path_ends_in_its_own_number", ("update structure_unit set path = '/' where id = %s", hill))


def test_a_unit_ends_on_the_day_it_began_at_the_earliest(world):
    ends = "update structure_unit set dissolved_on = %s where id = %s"
    refused("ends_after_it_began", (ends, "1999-12-31", world.unit["HILL"].pk))
    attempt((ends, "2000-01-01", world.unit["HILL"].pk))


@pytest.mark.parametrize(
    ("latitude", "longitude", "stands"),
    [
        (90.1, 0, False),
        (0, 180.1, False),
        ("NaN", 0, False),
        (47, None, False),
        (None, 15, False),
        (-90, 180, True),
    ],
)
def test_a_unit_lies_on_the_globe_or_nowhere(world, latitude, longitude, stands):
    there = (
        "update structure_unit set latitude = %s, longitude = %s where id = %s",
        latitude,
        longitude,
        world.unit["HILL"].pk,
    )
    if stands:
        attempt(there)
    else:
        refused("lies_on_the_globe", there)


def test_a_kind_and_a_parent_that_there_are_not_are_refused(world):
    hill = world.unit["HILL"].pk
    refused("foreign key", ("update structure_unit set kind_id = 'cell' where id = %s", hill))
    refused(
        "foreign key",
        forget("unitparent", world.unit["HILL"]),
        (PARENT.format("daterange('2000-01-01', null)"), hill, 987654321),
    )


def test_a_unit_that_something_hangs_on_is_not_deleted(world):
    refused("foreign key", ("delete from structure_unit where id = %s", world.unit["HILL"].pk))


@pytest.mark.parametrize("table", ["unitname", "unitkind", "unitparent"])
def test_a_period_is_believed_no_longer_and_never_rewritten(world, table):
    hill = world.unit["HILL"]
    mine = f"where unit_id = {hill.pk}"
    closed = "recorded = tstzrange(lower(recorded), '2024-07-15')"
    for change in (
        "valid = daterange('2001-01-01', null)",
        f"unit_id = {world.unit['PIER'].pk}",
        "recorded = tstzrange('1999-01-01', null)",
        "recorded_stamp = recorded_stamp - 1",
        closed,  # and no stamp: it would count as closed from the first
        f"{closed}, superseded_stamp = org_stamp() - 1",
        f"{closed}, superseded_stamp = org_stamp(), valid = daterange('2000-01-01', '2024-07-15')",
        "superseded_stamp = org_stamp()",
        "recorded = 'empty', superseded_stamp = org_stamp()",
    ):
        refused("is_written_once|never rewritten", (f"update structure_{table} set {change} {mine}",))
    refused("never rewritten", (f"delete from structure_{table} {mine}",))
    attempt(forget(table, hill), (f"update structure_{table} set valid = valid {mine}",))
    believed = "recorded = tstzrange(lower(recorded), null), superseded_stamp = null"
    refused("never rewritten", (f"update structure_{table} set {believed} {mine}",))


def test_nobody_stamps_a_period_herself(world):
    stamped = PARENT.format("daterange('2030-01-01', null)").replace("recorded)", "recorded, recorded_stamp)")
    stamped = stamped.replace("null))", "null), org_stamp() - 1)")
    refused("never rewritten", (stamped, world.unit["FED"].pk, world.unit["TRAM"].pk))
