"""What a chair meets in practice: too few candidates, withdrawals, blank papers, rules that do not fit."""

from fractions import Fraction
from pathlib import Path

import pytest

from groundswell.calc.errors import InputError, RuleError
from groundswell.calc.tally.ballots import Ballot, Election, Papers, admit
from groundswell.calc.tally.methods import RULES, Options, find
from groundswell.calc.tally.result import decimal_string, places_of, plain

NAMES = ("Ada", "Ben", "Cleo")
TRANSFERABLE = ["scottish-stv", "wigm", "meek"]


def _election(*ballots: Ballot, seats: int = 1, withdrawn: frozenset[int] = frozenset()) -> Election:
    return Election(seats, NAMES, withdrawn, ballots)


@pytest.mark.parametrize("method", TRANSFERABLE)
def test_as_many_seats_as_candidates_elect_everybody_on_the_first_stage(method: str) -> None:
    result = find(method).count(_election(Ballot(3, ((0,),)), Ballot(1, ((1,),)), seats=3), Options())
    assert sorted(result.winners) == [0, 1, 2]
    assert len(result.stages) == 1
    assert result.unfilled == 0


@pytest.mark.parametrize("method", TRANSFERABLE)
def test_after_withdrawals_a_seat_may_stay_vacant_and_it_is_said(method: str) -> None:
    election = _election(Ballot(3, ((0,), (1,))), seats=3, withdrawn=frozenset({0}))
    result = find(method).count(election, Options())
    assert sorted(result.winners) == [1, 2]
    assert result.unfilled == 1


@pytest.mark.parametrize("method", [*TRANSFERABLE, "irv"])
def test_the_papers_of_a_withdrawn_candidate_pass_to_the_next_before_the_count(method: str) -> None:
    ballots = (Ballot(5, ((0,), (1,))), Ballot(3, ((2,),)), Ballot(2, ((0,),)))
    result = find(method).count(_election(*ballots, withdrawn=frozenset({0})), Options())
    assert result.names(result.winners) == ["Ben"]
    assert result.stages[0].totals == (0, 5, 3)
    assert result.papers == Papers(total=10, valid=8, blank=0, only_withdrawn=2, spoiled=0)


def test_blank_and_spoiled_papers_are_accounted_for_and_do_not_raise_the_quota() -> None:
    ballots = (Ballot(6, ((0,),)), Ballot(3, ((1,),)), Ballot(40, ()))
    election = Election(1, NAMES, frozenset(), ballots, spoiled=5)
    result = find("scottish-stv").count(election, Options())
    assert result.papers == Papers(total=54, valid=9, blank=40, only_withdrawn=0, spoiled=5)
    assert result.quota == 5


def test_a_skipped_rank_closes_up() -> None:
    ballots = (Ballot(2, ((0,), (), (1,))), Ballot(3, ((1,),)), Ballot(4, ((2,),)))
    result = find("irv").count(_election(*ballots), Options())
    assert result.names(result.winners) == ["Ben"]


def test_no_ballots_and_only_blank_ones_are_refused() -> None:
    with pytest.raises(InputError, match="there are no ballots to count"):
        find("irv").count(_election(), Options())
    with pytest.raises(InputError, match="no ballot names a candidate who can be elected"):
        find("irv").count(_election(Ballot(3, ())), Options())
    with pytest.raises(InputError, match="no ballot names a candidate who can be elected"):
        admit(_election(Ballot(3, ((0,),)), withdrawn=frozenset({0})))


@pytest.mark.parametrize("method", [*TRANSFERABLE, "irv"])
def test_equal_rankings_are_refused_by_rules_that_move_whole_papers(method: str) -> None:
    with pytest.raises(RuleError, match="a ballot ranks Ada and Cleo equally"):
        find(method).count(_election(Ballot(3, ((0, 2),))), Options())


@pytest.mark.parametrize("method", [*TRANSFERABLE, "irv"])
def test_to_place_the_unranked_last_has_no_meaning_where_papers_are_transferred(method: str) -> None:
    election = _election(Ballot(3, ((0,),)), Ballot(1, ((1,),)))
    with pytest.raises(RuleError, match="--unranked last has no meaning"):
        find(method).count(election, Options(unranked="last"))
    assert find(method).count(election, Options(unranked="ignored")).winners == (0,)


def test_instant_runoff_fills_one_seat() -> None:
    with pytest.raises(RuleError, match="irv fills one seat, not 2"):
        find("irv").count(_election(Ballot(3, ((0,),)), seats=2), Options())


def test_instant_runoff_ends_with_more_than_half_of_the_votes_that_are_left() -> None:
    # Ben has 4 of the 7 votes in play once Cleo's two papers are exhausted, and 4 of 9 papers.
    ballots = (Ballot(3, ((0,),)), Ballot(4, ((1,),)), Ballot(2, ((2,),)))
    result = find("irv").count(_election(*ballots), Options())
    assert result.names(result.winners) == ["Ben"]
    assert [stage.exhausted for stage in result.stages] == [0, 2]


def test_half_of_the_votes_is_not_enough() -> None:
    ballots = (Ballot(4, ((0,),)), Ballot(3, ((1,),)), Ballot(1, ((2,), (1,))))
    result = find("irv").count(_election(*ballots), Options())
    assert result.stages[0].elected == ()
    assert len(result.ties) == 0 or result.ties[0].how == "backwards"


@pytest.mark.parametrize(
    ("election", "sentence"),
    [
        (lambda: Election(0, NAMES, frozenset(), ()), "there must be at least 1 seat to fill."),
        (lambda: Election(4, NAMES, frozenset(), ()), "there are more seats (4) than candidates (3)."),
        (lambda: Election(1, ("Ada", " "), frozenset(), ()), "every candidate needs a name."),
        (
            lambda: Election(1, ("Ada", "Ada"), frozenset(), ()),
            "two candidates have the same name, “Ada”: tell them apart.",
        ),
        (lambda: Election(1, NAMES, frozenset({3}), ()), "a candidate is withdrawn who does not stand."),
        (lambda: _election(Ballot(0, ((0,),))), "a ballot has the weight 0; a weight is above 0."),
        (lambda: _election(Ballot(1, ((0,), (0,)))), "a ballot names a candidate twice: ((0,), (0,))."),
        (lambda: _election(Ballot(1, ((3,),))), "a ballot names a candidate who does not stand: ((3,),)."),
    ],
)
def test_an_election_that_does_not_hang_together_cannot_be_made(election: object, sentence: str) -> None:
    assert callable(election)
    with pytest.raises(InputError) as refusal:
        election()
    assert refusal.value.message == sentence


def test_an_unknown_rule_is_refused_and_the_known_are_named() -> None:
    with pytest.raises(
        RuleError, match=r"^there is no rule “borda”; there are scottish-stv, wigm, meek, irv, "
    ):
        find("borda")


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_rule_says_where_it_comes_from_and_how_it_decides(name: str) -> None:
    rule = find(name)
    assert rule.name == name
    for sentence in (rule.title, rule.source, rule.arithmetic, rule.ties, rule.unranked):
        assert sentence.strip()


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_rule_is_explained_in_the_documentation(name: str) -> None:
    page = (Path(__file__).parents[3] / "docs" / "counting.md").read_text(encoding="utf-8")
    assert f"`{name}`" in page


def test_figures_are_written_exactly_and_cut_off() -> None:
    assert decimal_string(Fraction(1, 3), 5) == "0.33333"
    assert decimal_string(Fraction(2, 3), 5) == "0.66666"
    assert decimal_string(12, 5) == "12.00000"
    assert decimal_string(12, 0) == "12"
    assert decimal_string(Fraction(-1, 2), 2) == "-0.50"
    assert places_of([1, Fraction(1, 2), Fraction(3, 8)]) == 3
    assert places_of([Fraction(1, 3)]) == 9
    assert (plain(3), plain(Fraction(1, 2)), plain(Fraction(1, 3))) == ("3", "0.5", "1/3")
