"""Whether a motion is carried: simple, absolute and qualified majorities, and quorum."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.calc.errors import InputError
from groundswell.calc.tally.majorities import (
    SIMPLE,
    Majority,
    Quorum,
    Show,
    absolute,
    decide,
    qualified,
)

TWO_THIRDS = Fraction(2, 3)
HALL = Show(yes=50, no=40, abstain=10, present=110, entitled=180)


@pytest.mark.parametrize(
    ("majority", "needed", "carried"),
    [
        (SIMPLE, 46, True),
        (absolute("cast"), 51, False),
        (absolute("present"), 56, False),
        (absolute("entitled"), 91, False),
        (qualified(TWO_THIRDS, "votes"), 60, False),
        (qualified(TWO_THIRDS, "cast"), 67, False),
        (qualified(Fraction(1, 4), "entitled"), 45, True),
    ],
)
def test_each_majority_says_how_many_it_needs(majority, needed, carried):
    decision = decide(HALL, majority)
    assert (decision.needed, decision.carried) == (needed, carried)


def test_an_equal_vote_carries_nothing():
    assert decide(Show(7, 7), SIMPLE).carried is False
    assert decide(Show(8, 7), SIMPLE).carried is True


def test_exactly_two_thirds_is_enough_where_at_least_is_asked_and_not_where_more_is():
    assert decide(Show(8, 4), qualified(TWO_THIRDS, "votes")).carried is True
    assert decide(Show(8, 4), Majority(TWO_THIRDS, "votes", over=True)).carried is False


def test_nobody_voting_carries_nothing():
    assert decide(Show(0, 0, 12), qualified(Fraction(1, 2), "votes")).carried is False


def test_without_quorum_nothing_is_carried():
    quorum = Quorum(Fraction(1, 2))
    met = decide(Show(80, 1, 0, present=90, entitled=180), SIMPLE, quorum)
    missed = decide(Show(80, 1, 0, present=89, entitled=180), SIMPLE, quorum)
    assert (met.quorate, met.carried, met.quorum_needed) == (True, True, 90)
    assert (missed.quorate, missed.carried) == (False, False)
    assert missed.sentence == (
        "Not carried: 80 yes, 1 no, 0 abstaining; quorum missed: 89 of 90 needed; 41 yes votes needed "
        "(more than 1/2 of the yes and no votes, here 81)."
    )


def test_a_quorum_of_more_than_half_needs_one_more_when_even():
    assert Quorum(Fraction(1, 2), over=True).needed(180) == 91
    assert Quorum(Fraction(1, 3)).needed(100) == 34


@pytest.mark.parametrize(
    ("show", "sentence"),
    [
        ({"yes": -1, "no": 0}, "there are -1 yes votes; there must be 0 or more."),
        ({"yes": 5, "no": 5, "present": 9}, "10 votes are cast and only 9 are present."),
        ({"yes": 5, "no": 5, "entitled": 9}, "more vote or are present than the 9 who are entitled."),
    ],
)
def test_numbers_that_contradict_each_other_are_refused(show, sentence):
    with pytest.raises(InputError) as caught:
        Show(**show)
    assert caught.value.message == sentence


def test_a_number_that_the_rule_needs_must_have_been_counted():
    with pytest.raises(InputError, match="the rule needs the number of those present, which is missing"):
        decide(Show(3, 1), absolute("present"))


@pytest.mark.parametrize("share", [Fraction(0), Fraction(-1, 2), Fraction(3, 2)])
def test_a_majority_that_nobody_can_have_is_refused(share):
    with pytest.raises(InputError, match="cannot be had"):
        qualified(share, "votes")


@given(st.integers(0, 60), st.integers(0, 60), st.fractions(Fraction(1, 9), Fraction(8, 9)), st.booleans())
def test_needed_is_the_smallest_number_that_suffices(yes, no, share, over):
    majority = Majority(share, "votes", over=over)
    base = yes + no
    enough = [
        votes for votes in range(1, base + 2) if (votes > share * base if over else votes >= share * base)
    ]
    assert majority.needed(base) == enough[0]
    assert decide(Show(yes, no), majority).carried == (yes >= enough[0])
