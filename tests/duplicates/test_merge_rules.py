"""What becomes of the memberships of two records: the plan itself, and what holds of every plan."""

import datetime as dt

import pytest
from hypothesis import strategies as st

from groundswell.duplicates import rules
from groundswell.duplicates.rules import Term
from groundswell.kernel.errors import Refusal
from groundswell.kernel.periods import days
from sampling import sampled

DEPOT, LINE4 = 1, 2
ADA, TWIN = 10, 20
YEAR = dt.date(2024, 1, 1)


def day(number: int) -> dt.date:
    return YEAR + dt.timedelta(days=number)


def term(pk, person, unit, start, end=None, **more):
    return Term(
        pk, person, unit, more.pop("kind", "member"), more.pop("home", True), day(start),
        day(end) if end is not None else None, **more,
    )  # fmt: skip


def spans(terms):
    return [(one.unit, one.start, one.end) for one in terms]


def test_the_later_of_two_memberships_of_one_unit_is_taken_back():
    plan = rules.plan([term(1, ADA, DEPOT, 0), term(2, TWIN, DEPOT, 30)], stays=ADA, true=TWIN)
    assert [one.pk for one in plan.withdraw] == [2]
    assert plan.make == ()
    assert [one.pk for one in plan.lost] == [2]


def test_when_the_one_who_goes_was_there_first_her_first_day_counts():
    plan = rules.plan([term(1, ADA, DEPOT, 30), term(2, TWIN, DEPOT, 0)], stays=ADA, true=ADA)
    assert sorted(one.pk for one in plan.withdraw) == [1, 2]
    assert spans(plan.make) == [(DEPOT, day(0), None)]
    assert plan.make[0].person == ADA
    assert [one.pk for one in plan.lost] == [1]


def test_two_that_overlap_in_one_unit_become_one_from_end_to_end():
    plan = rules.plan([term(1, ADA, DEPOT, 0, 40), term(2, TWIN, DEPOT, 30)], stays=ADA, true=ADA)
    assert spans(plan.make) == [(DEPOT, day(0), None)]
    assert [one.pk for one in plan.lost] == [2]


def test_what_does_not_overlap_moves_as_it_is():
    plan = rules.plan([term(1, ADA, DEPOT, 50), term(2, TWIN, LINE4, 0, 20)], stays=ADA, true=ADA)
    assert [one.pk for one in plan.withdraw] == [2]
    assert spans(plan.make) == [(LINE4, day(0), day(20))]
    assert plan.lost == ()


@pytest.mark.parametrize(("true", "stands"), [(ADA, DEPOT), (TWIN, LINE4)])
def test_of_two_homes_at_once_the_one_that_somebody_says_is_true_stands(true, stands):
    terms = [term(1, ADA, DEPOT, 0), term(2, TWIN, LINE4, 30)]
    assert rules.at_odds(terms)
    plan = rules.plan(terms, stays=ADA, true=true)
    assert rules.home_after(terms, plan) == stands
    assert len(plan.lost) == 1


def test_half_a_transfer_is_never_left_alone():
    here = term(1, TWIN, DEPOT, 0, 30, exit=("move_out", LINE4, 7))
    there = term(2, TWIN, LINE4, 30, entry=("move_in", DEPOT, 7))
    with pytest.raises(Refusal, match="half of a transfer"):
        rules.plan([here, there, term(3, ADA, 3, 60)], stays=ADA, true=ADA)
    rules.plan([here, there, term(3, ADA, 3, 0)], stays=ADA, true=ADA)  # both sides are taken back


def outcomes(*, ever=(), accounts=(), gains=()):
    """Return who stays and whose sign-in goes on, the better first; `accounts` the latest last."""
    at = {who: dt.datetime.combine(day(number), dt.time(), dt.UTC) for number, who in enumerate(accounts)}
    gains = {ADA: 0, TWIN: 0} | dict(gains)
    found = rules.outcomes(ADA, TWIN, ever=dict.fromkeys(ever, 1), accounts=at, gains=gains)
    assert all({one.stays, one.goes} == {ADA, TWIN} for one in found)
    return [(one.stays, one.signs) for one in found]


def test_whoever_holds_an_office_stays_then_whoever_signs_in_then_the_older():
    assert outcomes(ever=[TWIN], accounts=[ADA, TWIN]) == [(TWIN, TWIN)]
    assert outcomes(ever=[TWIN], accounts=[ADA]) == [(TWIN, ADA)]  # her sign-in becomes the other's
    assert outcomes(accounts=[TWIN]) == [(TWIN, TWIN)]
    assert outcomes() == [(ADA, ADA)]


def test_of_two_who_both_held_offices_either_may_stay_and_rather_whose_sign_in_gains_less():
    both = [ADA, TWIN]
    assert outcomes(ever=both, accounts=[TWIN, ADA]) == [(ADA, ADA), (TWIN, TWIN)]
    assert outcomes(ever=both, accounts=[ADA, TWIN]) == [(TWIN, TWIN), (ADA, ADA)]
    assert outcomes(ever=both, accounts=both, gains={TWIN: 1}.items()) == [(ADA, ADA), (TWIN, TWIN)]
    assert outcomes(ever=both, accounts=[TWIN]) == [(TWIN, TWIN), (ADA, TWIN)]


def test_that_a_sign_in_would_gain_an_office_is_refused_with_the_office():
    rules.check_gained("Ada", [])
    with pytest.raises(Refusal, match="Ada would gain what you may not give: secretary of Depot"):
        rules.check_gained("Ada", ["secretary of Depot"])


def test_a_record_is_not_held_against_itself():
    with pytest.raises(Refusal, match="the same record"):
        rules.check_two(ADA, ADA)


def test_what_only_the_other_has_is_taken_without_asking():
    mine = dict.fromkeys((*rules.CHOSEN, "of_age_on"), None) | {
        "name": "Ada", "sort_key": "ada", "town": "Graz",
    }  # fmt: skip
    other = mine | {"name": "Ada A", "sort_key": "a ada", "town": "Linz", "pronoun": "she"}
    assert rules.choose(mine, other, frozenset()) == {"pronoun": "she"}
    assert rules.choose(mine, other, frozenset({"name"})) == {
        "pronoun": "she", "name": "Ada A", "sort_key": "a ada",
    }  # fmt: skip


SOON, LATER = dt.date(2024, 9, 1), dt.date(2026, 2, 1)


# What is said of whoever stays and whoever goes, as (under 18, until when), and what changes.
@pytest.mark.parametrize(
    ("stays", "goes", "taken", "changes"),
    [
        ((False, None), (True, SOON), (), {"minor": True, "of_age_on": SOON}),
        ((False, None), (True, None), (), {"minor": True}),
        ((True, None), (True, SOON), (), {"of_age_on": SOON}),
        ((True, SOON), (True, LATER), (), {"of_age_on": LATER}),
        ((True, LATER), (True, SOON), ("minor",), {}),
        ((True, SOON), (True, None), (), {}),
        ((True, SOON), (False, None), (), {}),
        ((True, SOON), (False, None), ("minor",), {"minor": False, "of_age_on": None}),
        ((False, None), (False, None), (), {}),
    ],
)
def test_a_record_under_18_brings_the_month_until_when_and_the_later_of_two_counts(
    stays, goes, taken, changes
):
    same = dict.fromkeys(rules.CHOSEN, "same") | {"sort_key": "same"}
    mine, other = (same | dict(zip(("minor", "of_age_on"), one, strict=True)) for one in (stays, goes))
    assert rules.choose(mine, other, frozenset(taken)) == changes


@st.composite
def lives(draw):
    """Draw the memberships of two records, each without a day in two homes or twice in one unit."""
    found = []
    for person in (ADA, TWIN):
        taken = []
        for _ in range(draw(st.integers(0, 4))):
            start = draw(st.integers(0, 60))
            end = draw(st.one_of(st.none(), st.integers(start + 1, 80)))
            unit, home = draw(st.integers(1, 3)), draw(st.booleans())
            kind = draw(st.sampled_from(["member", "candidate"]))
            one = term(len(found) + 1, person, unit, start, end, home=home, kind=kind)
            clash = any(
                one.start < other.last and other.start < one.last
                and (one.unit == other.unit or (one.home and other.home))
                for other in taken
            )  # fmt: skip
            if not clash:
                taken.append(one)
                found.append(one)
    return found


@sampled(25, 500, lives(), st.sampled_from([ADA, TWIN]), st.sampled_from([ADA, TWIN]))
def test_after_every_merge_one_person_has_one_home_a_day_and_no_day_of_the_true_record_is_lost(
    terms, stays, true
):
    plan = rules.plan(terms, stays=stays, true=true)
    gone = {one.pk for one in plan.withdraw}
    after = [one for one in terms if one.pk not in gone] + list(plan.make)
    assert {one.person for one in after} <= {stays}
    assert all(one in terms for one in plan.withdraw)
    assert set(plan.lost) <= set(plan.withdraw)
    for number in range(90):
        at = day(number)
        holds = [one for one in after if one.start <= at < one.last]
        assert sum(one.home for one in holds) <= 1
        assert len({one.unit for one in holds}) == len(holds)
        said = {one.unit for one in terms if one.start <= at < one.last and one.person == true}
        before = {one.unit for one in terms if one.start <= at < one.last}
        assert said <= {one.unit for one in holds} <= before
    assert all(days(one.start, one.end) for one in after)
