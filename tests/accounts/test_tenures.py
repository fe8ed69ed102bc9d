"""Offices of two records: what a sign-in would gain by the other's, and what both come to as one person's."""

import datetime as dt

import pytest
from hypothesis import strategies as st

from groundswell.accounts import rules
from groundswell.accounts.rules import Tenure
from sampling import sampled

DEPOT, LINE4 = 1, 2
ADA, TWIN = 10, 20


def day(number: int) -> dt.date:
    return dt.date(2024, 1, 1) + dt.timedelta(days=number)


def tenure(person, unit, start, end=None, office="organiser"):
    return Tenure(person, unit, office, day(start), day(end) if end is not None else None)


@pytest.mark.parametrize(
    ("mine", "others", "gains"),
    [
        ((0, None), (0, 50), 0),  # over today
        ((0, None), (0, 51), 0),
        ((0, 60), (0, 60), 0),
        ((0, 60), (0, 61), 1),  # a day longer is a day gained
        ((0, 60), (0, None), 1),
        ((55, None), (0, None), 1),  # hers begins later
        ((55, None), (55, None), 0),
        ((0, 40), (60, 70), 1),  # not yet begun
    ],
)
def test_what_she_holds_herself_as_long_is_nothing_gained(mine, others, gains):
    held, other = tenure(ADA, DEPOT, *mine), tenure(TWIN, DEPOT, *others)
    assert len(rules.gained([held, other], by=ADA, today=day(50))) == gains
    elsewhere = tenure(TWIN, LINE4, *others)
    assert len(rules.gained([held, elsewhere], by=ADA, today=day(50))) == (day(50) < elsewhere.last)


def test_one_office_of_both_at_once_is_one_and_one_after_the_other_stays_two():
    plan = rules.carry([tenure(ADA, DEPOT, 10, 40), tenure(TWIN, DEPOT, 0, 20)], stays=ADA)
    assert [(one.person, one.start, one.end) for one in plan.instead] == [(ADA, day(0), day(40))]
    assert len(plan.gone) == 2
    plan = rules.carry([tenure(ADA, DEPOT, 20, 40), tenure(TWIN, DEPOT, 0, 20)], stays=ADA)
    assert plan.instead == (tenure(ADA, DEPOT, 0, 20),)
    assert plan.gone == (tenure(TWIN, DEPOT, 0, 20),)


@sampled(
    25,
    500,
    st.lists(
        st.builds(
            lambda person, unit, office, start, length: tenure(
                person, unit, start, None if length is None else start + length, office
            ),
            st.sampled_from([ADA, TWIN]),
            st.sampled_from([DEPOT, LINE4]),
            st.sampled_from(["organiser", "secretary"]),
            st.integers(0, 60),
            st.one_of(st.none(), st.integers(1, 30)),
        ),
        max_size=8,
    ),
    st.sampled_from([ADA, TWIN]),
)
def test_no_day_of_an_office_is_lost_or_won_by_carrying_it_over(tenures, stays):
    plan = rules.carry(tenures, stays=stays)
    after = list(tenures)
    for one in plan.gone:
        after.remove(one)
    after += plan.instead
    assert {one.person for one in after} <= {stays}
    for number in range(95):
        assert _on(after, day(number)) == _on(tenures, day(number))


def _on(tenures, at):
    return {(one.unit, one.office) for one in tenures if one.start <= at < one.last}
