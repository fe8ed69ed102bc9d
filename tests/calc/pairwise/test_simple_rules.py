"""Approval, score, plurality, block and two rounds on elections small enough to count by eye."""

from fractions import Fraction

import pytest

from groundswell.calc.errors import RuleError
from groundswell.calc.tally.ballots import Ballot, Election
from groundswell.calc.tally.methods import RULES, Options, find
from groundswell.calc.tally.ties import Decisions

NAMES = ("Ada", "Ben", "Cy", "Dot")
BALLOTS = (
    Ballot(4, ((0,), (1,))),
    Ballot(3, ((2,), (1,), (0,))),
    Ballot(2, ((1,),)),
)


def count(method, ballots=BALLOTS, seats=1, order=()):
    return find(method).count(
        Election(seats, NAMES, frozenset(), tuple(ballots)), Options(decider=Decisions(order))
    )


def test_every_rule_of_the_registry_is_there_and_explains_itself():
    for name in RULES:
        rule = find(name)
        assert rule.name == name
        assert all((rule.title, rule.source, rule.arithmetic, rule.ties, rule.unranked))


def test_approval_counts_everybody_whom_a_ballot_names():
    result = count("approval")
    assert result.stages[0].totals == (7, 9, 3, 0)
    assert result.names(result.winners) == ["Ben"]
    assert result.ranking == ((1,), (0,), (2,), (3,))


def test_score_gives_as_many_points_as_the_longest_ballot_has_ranks():
    result = count("score")
    assert result.stages[0].totals == (4 * 3 + 3 * 1, 4 * 2 + 3 * 2 + 2 * 3, 3 * 3, 0)
    assert "has 3 ranks" in result.notes[0]


def test_score_counts_skipped_ranks():
    result = count("score", (Ballot(2, ((0,), (), (1,))), Ballot(1, ((2,), (1,)))))
    assert result.stages[0].totals == (2 * 3, 2 * 1 + 1 * 2, 1 * 3, 0)


def test_plurality_counts_first_preferences_only():
    result = count("plurality")
    assert result.stages[0].totals == (4, 2, 3, 0)
    assert result.names(result.winners) == ["Ada"]


def test_plurality_for_several_seats_says_that_each_ballot_has_one_vote():
    result = count("plurality", seats=2)
    assert result.names(result.winners) == ["Ada", "Cy"]
    assert "single non-transferable vote" in result.notes[1]


def test_plurality_refuses_two_equal_first_preferences():
    with pytest.raises(RuleError, match="places Ada, Ben equally first"):
        count("plurality", (Ballot(1, ((0, 1),)),))


def test_block_gives_each_ballot_as_many_votes_as_seats():
    result = count("block", seats=2)
    assert result.stages[0].totals == (4, 9, 3, 0)
    assert result.names(result.winners) == ["Ben", "Ada"]


def test_block_refuses_an_equal_rank_that_has_more_names_than_votes_left():
    with pytest.raises(RuleError, match="has 1 votes left for Ben, Cy"):
        count("block", (Ballot(1, ((0,), (1, 2))),), seats=2)


def test_fractions_of_a_vote_stay_exact():
    result = count(
        "plurality", (Ballot(Fraction(1, 3), ((0,),)), Ballot(Fraction(1, 3), ((1,),))), order=NAMES
    )
    assert result.stages[0].totals == (Fraction(1, 3), Fraction(1, 3), 0, 0)
    assert result.ties[0].tied == (0, 1)


def test_the_first_round_elects_only_more_than_half():
    half = (Ballot(2, ((0,),)), Ballot(1, ((1,),)), Ballot(1, ((2,), (1,))))
    result = count("two-round", half, order=("Ada", "Ben", "Cy"))
    assert len(result.stages) == 2
    assert result.stages[0].elected == ()
    more = (Ballot(3, ((0,),)), Ballot(1, ((1,),)), Ballot(1, ((2,), (1,))))
    assert [stage.elected for stage in count("two-round", more).stages] == [(0,)]


def test_the_second_round_is_between_the_two_first_and_counts_the_higher_ranked():
    result = count("two-round")
    assert result.stages[0].excluded == (1, 3)
    assert result.stages[1].totals == (4, 0, 3, 0)
    assert result.stages[1].exhausted == 2
    assert result.names(result.winners) == ["Ada"]


def test_two_rounds_refuse_several_seats_and_equal_ranks():
    with pytest.raises(RuleError, match="two rounds fill 1 seat, and there are 2"):
        count("two-round", seats=2)
    with pytest.raises(RuleError, match="no equal ranks"):
        count("two-round", (Ballot(1, ((0, 1),)),))
