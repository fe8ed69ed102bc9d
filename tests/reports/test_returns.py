"""A unit that reports by number: what its signed returns do to the report."""

import pytest
from django.db import IntegrityError, transaction

from groundswell.access.actor import OPERATOR
from groundswell.kernel.errors import Refusal
from groundswell.people import actions as people
from groundswell.reports.drilldown import drill
from stage import NOW, known, newcomer, own, row, sql
from world import at, day

JUNE = ("30 June 2024", "31 December 2023")


def file(world, as_of, members, joined, left, **more):
    return people.file_return(
        world.unit["BUS"],
        as_of=day(as_of),
        members=members,
        joined=joined,
        left=left,
        signed_by="Uli Umbra, secretary",
        actor=OPERATOR,
        at=more.get("at", NOW),
    )


def test_the_first_return_opens_the_count_on_the_day_it_begins(world):
    assert own("BUS", "31 December 2023", "31 December 2022") == (40, 0, 4, 2, 38, 0)
    assert own("BUS", "31 December 2023", "1 January 2023") == (40, 38, 4, 2, 0, 0)


def test_the_next_return_adds_those_who_joined_and_left(world):
    assert own("BUS", *JUNE) == (47, 40, 9, 2, 0, 0)
    assert row("FED", "BUS", *JUNE) == (47, 40, 9, 2, 0, 0)


def test_a_restated_return_counts_instead_of_the_first_and_is_known_from_then_on(world):
    file(world, "30 June 2024", 49, 10, 1, at=at("12 July 2024"))
    assert own("BUS", *JUNE) == (49, 40, 10, 1, 0, 0)
    assert own("BUS", *JUNE, known_at=known("11 July 2024")) == (47, 40, 9, 2, 0, 0)
    assert own("BUS", *JUNE, known_at=known("12 July 2024")) == (49, 40, 10, 1, 0, 0)


def test_the_drill_down_ends_at_the_signed_return_as_it_was_known(world):
    file(world, "30 June 2024", 49, 10, 1, at=at("12 July 2024"))
    window = {"as_of": day("30 June 2024"), "since": day("31 December 2023")}
    now = drill(OPERATOR, unit_code="BUS", figure="members", **window)
    assert [(one.number, one.person, one.signed_by) for one in now.entries] == [
        (49, None, "Uli Umbra, secretary")
    ]
    then = drill(OPERATOR, unit_code="BUS", figure="members", known_at=known("11 July 2024"), **window)
    assert (then.number, [one.number for one in then.entries]) == (47, [47])


def test_a_unit_with_members_goes_over_to_numbers_only_after_they_have_left(world):
    with pytest.raises(Refusal) as refused:
        people.report_by_number(world.unit["LINE4"], day=day("1 July 2024"), actor=OPERATOR, at=NOW)
    assert refused.value.code == "by-person"
    with pytest.raises(IntegrityError, match="never both"), transaction.atomic():
        sql(
            "insert into people_counting (unit_id, valid, recorded_at)"
            " values (%s, daterange('2024-07-01', null), now())",
            world.unit["LINE4"].pk,
        )
    for who in ("emre", "hana", "jonas", "kaya", "mara"):
        people.leave(world.membership[who], day=day("30 June 2024"), actor=OPERATOR, at=NOW)
    people.report_by_number(world.unit["LINE4"], day=day("1 July 2024"), actor=OPERATOR, at=NOW)
    people.file_return(
        world.unit["LINE4"],
        as_of=day("10 July 2024"),
        members=5,
        joined=0,
        left=0,
        signed_by="Jo",
        actor=OPERATOR,
        at=NOW,
    )
    assert own("LINE4", "15 July 2024", "30 June 2024") == (5, 0, 0, 0, 5, 0)


def test_nobody_joins_moves_or_is_a_guest_where_numbers_count(world):
    bus = world.unit["BUS"]
    for happens in (
        lambda: newcomer(world, "BUS", "10 July 2024"),
        lambda: people.transfer(
            world.membership["chidi"], to=bus, day=day("10 July 2024"), actor=OPERATOR, at=NOW
        ),
        lambda: people.be_guest(
            world.person["chidi"], unit=bus, day=day("10 July 2024"), actor=OPERATOR, at=NOW
        ),
    ):
        with pytest.raises(Refusal) as refused:
            happens()
        assert refused.value.code == "by-number"


@pytest.mark.parametrize(
    ("members", "joined", "left", "code"),
    [(50, 3, 0, None), (50, 3, 1, "does-not-add-up"), (-1, 0, 48, "below-zero"), (46, -1, 0, "below-zero")],
)
def test_a_return_adds_up_from_the_one_before_or_is_refused(world, members, joined, left, code):
    if code is None:
        file(world, "10 July 2024", members, joined, left)
        assert own("BUS", "10 July 2024", "30 June 2024") == (50, 47, 3, 0, 0, 0)
    else:
        with pytest.raises(Refusal) as refused:
            file(world, "10 July 2024", members, joined, left)
        assert refused.value.code == code


def test_a_return_before_a_later_one_is_refused_and_changes_nothing(world):
    with pytest.raises(Refusal) as refused:
        file(world, "31 March 2024", 44, 4, 0)
    assert refused.value.code == "order"
    with pytest.raises(Refusal) as refused:
        file(world, "31 December 2023", 41, 5, 2)
    assert refused.value.code == "order"
    assert own("BUS", *JUNE) == (47, 40, 9, 2, 0, 0)


def test_a_return_of_a_day_without_counting_by_number_or_of_tomorrow_is_refused(world):
    with pytest.raises(Refusal) as refused:
        file(world, "31 December 2022", 40, 0, 0)
    assert refused.value.code == "by-person"
    with pytest.raises(Refusal) as refused:
        file(world, "16 July 2024", 47, 0, 0)
    assert refused.value.code == "in-the-future"


def test_a_return_written_past_the_action_still_has_to_add_up(world):
    insert = (
        'insert into people_return (unit_id, as_of, members, joined, "left", signed_by, recorded_at)'
        " values (%s, %s, %s, 0, 0, 'x', now())"
    )
    with pytest.raises(IntegrityError, match="add up"), transaction.atomic():
        sql(insert, world.unit["BUS"].pk, day("10 July 2024"), 48)
    with pytest.raises(IntegrityError), transaction.atomic():
        sql(insert, world.unit["BUS"].pk, day("31 March 2024"), 40)
    assert own("BUS", *JUNE) == (47, 40, 9, 2, 0, 0)
