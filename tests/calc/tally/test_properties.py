"""What must hold in every count: nothing is lost, nobody is preferred by place, quotas are honoured."""

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import strategies as st

from groundswell.calc.tally.ballots import Ballot, Election, merge
from groundswell.calc.tally.methods import Options, find
from groundswell.calc.tally.result import Result
from groundswell.calc.tally.ties import Decisions, Lots
from sampling import sampled

NAMES = ("Ada", "Ben", "Cleo", "Dora", "Emil", "Fay")
TRANSFERABLE = ["scottish-stv", "wigm", "meek"]
ALL = [*TRANSFERABLE, "irv"]


@st.composite
def elections(draw: st.DrawFn, *, seats: int | None = None, withdrawals: bool = True) -> Election:
    count = draw(st.integers(2, 6))
    papers = st.permutations(range(count)).flatmap(
        lambda order: st.integers(0, count).map(lambda length: tuple((index,) for index in order[:length]))
    )
    ballots = draw(st.lists(st.builds(Ballot, st.integers(1, 9), papers), min_size=1, max_size=14))
    ballots.append(Ballot(1, tuple((index,) for index in range(count))))
    gone = (
        frozenset(draw(st.sets(st.integers(0, count - 1), max_size=count - 1)))
        if withdrawals
        else frozenset()
    )
    filled = seats or draw(st.integers(1, count))
    return Election(filled, NAMES[:count], gone, tuple(ballots))


def _count(method: str, election: Election, seed: str = "seed") -> Result:
    return find(method).count(election, Options(Lots(seed)))


def _seats(method: str) -> int | None:
    return 1 if method == "irv" else None


@pytest.mark.parametrize("method", ALL)
@sampled(6, 150, data=st.data())
def test_votes_are_conserved_at_every_stage_to_the_last_decimal(method: str, data: st.DataObject) -> None:
    result = _count(method, data.draw(elections(seats=_seats(method))))
    for stage in result.stages:
        assert sum(stage.totals) + stage.exhausted == result.papers.valid
        assert all(total >= 0 for total in stage.totals)
        assert 0 <= stage.lost <= stage.exhausted


@pytest.mark.parametrize("method", ["scottish-stv", "wigm", "irv"])
@sampled(6, 150, data=st.data())
def test_every_transfer_explains_the_change_of_the_totals(method: str, data: st.DataObject) -> None:
    result = _count(method, data.draw(elections(seats=_seats(method))))
    for before, after in zip(result.stages, result.stages[1:], strict=False):
        sources = {move.source for move in after.transfers}
        for index in set(range(len(result.candidates))) - sources - set(before.excluded):
            received = sum(move.votes for move in after.transfers if move.target == index)
            assert after.totals[index] - before.totals[index] == received
        for index in sources | set(before.excluded):
            assert after.totals[index] == (0 if index in before.excluded else result.quota)
        spent = sum(move.votes for move in after.transfers if move.target is None)
        assert after.exhausted - before.exhausted == spent + (after.lost - before.lost)


@pytest.mark.parametrize("method", ALL)
@sampled(6, 150, data=st.data())
def test_the_seats_add_up_and_nobody_sits_twice_or_after_withdrawing(
    method: str, data: st.DataObject
) -> None:
    election = data.draw(elections(seats=_seats(method)))
    result = _count(method, election)
    assert len(result.winners) == min(election.seats, len(election.standing))
    assert len(set(result.winners)) == len(result.winners)
    assert set(result.winners) <= set(election.standing)
    assert result.unfilled == election.seats - len(result.winners)
    decided = [index for stage in result.stages for index in (*stage.elected, *stage.excluded)]
    assert len(decided) == len(set(decided))
    elected = [index for stage in result.stages for index in stage.elected]
    assert elected == list(result.winners)


@pytest.mark.parametrize("method", ALL)
@sampled(6, 150, data=st.data())
def test_the_order_of_the_ballots_does_not_matter(method: str, data: st.DataObject) -> None:
    election = data.draw(elections(seats=_seats(method)))
    shuffled = tuple(data.draw(st.permutations(election.ballots)))
    other = Election(election.seats, election.candidates, election.withdrawn, shuffled)
    one_by_one = tuple(
        Ballot(1, ballot.ranks) for ballot in election.ballots for _ in range(int(ballot.weight))
    )
    single = Election(election.seats, election.candidates, election.withdrawn, one_by_one)
    merged = Election(election.seats, election.candidates, election.withdrawn, merge(one_by_one))
    tables = [_outcome(_count(method, found)) for found in (election, other, single, merged)]
    assert tables[1:] == tables[:-1]


def _outcome(result: Result) -> list[tuple[object, ...]]:
    return [(stage.totals, stage.elected, stage.excluded, stage.exhausted) for stage in result.stages]


@pytest.mark.parametrize("method", ALL)
@sampled(6, 150, data=st.data())
def test_the_order_of_the_candidates_does_not_matter(method: str, data: st.DataObject) -> None:
    """Neutrality: the paper printed in another order elects the same people, ties decided by name."""
    election = data.draw(elections(seats=_seats(method)))
    count = len(election.candidates)
    order = data.draw(st.permutations(range(count)))
    place = {old: new for new, old in enumerate(order)}
    moved = Election(
        election.seats,
        tuple(election.candidates[index] for index in order),
        frozenset(place[index] for index in election.withdrawn),
        tuple(
            Ballot(ballot.weight, tuple((place[group[0]],) for group in ballot.ranks))
            for ballot in election.ballots
        ),
    )
    first, second = _count(method, election), _count(method, moved)
    assert set(first.names(first.winners)) == set(second.names(second.winners))
    assert [set(first.names(stage.excluded)) for stage in first.stages] == [
        set(second.names(stage.excluded)) for stage in second.stages
    ]


@pytest.mark.parametrize("method", TRANSFERABLE)
@sampled(6, 150, data=st.data())
def test_a_solid_coalition_gets_the_seats_its_quotas_earn(method: str, data: st.DataObject) -> None:
    """Droop proportionality: k quotas of voters who rank the same m candidates first elect min(k, m)."""
    election = data.draw(elections(withdrawals=False))
    result = _count(method, election)
    count = len(election.candidates)
    for size in range(1, count + 1):
        for group in {frozenset(some) for some in permutations(range(count), size)}:
            solid = sum(
                ballot.weight
                for ballot in election.ballots
                if {rank[0] for rank in ballot.ranks[:size]} == group
            )
            earned = min(_quotas(solid, result, election.seats), size)
            assert len(group & set(result.winners)) >= earned


def _quotas(votes: int | Fraction, result: Result, seats: int) -> int:
    """How many Droop quotas (more than valid votes over seats plus one) there are in `votes`."""
    quotas = 0
    while votes * (seats + 1) > (quotas + 1) * result.papers.valid:
        quotas += 1
    if result.method == "scottish-stv":
        return int(Fraction(votes) // Fraction(result.quota or 1))
    return quotas


@sampled(6, 150, elections())
def test_fractions_of_votes_count_like_whole_ones(election: Election) -> None:
    """Halving every weight and doubling it again is the same election."""
    halved = tuple(
        Ballot(Fraction(ballot.weight, 2), ballot.ranks) for ballot in election.ballots for _ in range(2)
    )
    again = Election(election.seats, election.candidates, election.withdrawn, merge(halved))
    assert _outcome(_count("scottish-stv", again)) == _outcome(_count("scottish-stv", election))


@sampled(6, 150, elections(seats=1))
def test_one_seat_by_the_scottish_rule_is_an_instant_runoff(election: Election) -> None:
    stv, irv = _count("scottish-stv", election), _count("irv", election)
    exhausted_early = any(stage.exhausted for stage in irv.stages)
    if not exhausted_early:
        assert stv.winners == irv.winners


@pytest.mark.parametrize("method", TRANSFERABLE)
def test_a_fraction_that_no_decimals_end_is_cut_off_and_said(method: str) -> None:
    ballots = (Ballot(Fraction(1, 3), ((0,),)), Ballot(2, ((1,),)), Ballot(1, ((0,),)))
    result = _count(method, Election(1, ("Ada", "Ben"), frozenset(), ballots))
    assert result.stages[0].totals[0] < Fraction(4, 3)
    assert any("cut off" in note for note in result.notes)


def test_decisions_that_nobody_needs_change_nothing() -> None:
    ballots = (Ballot(5, ((0,), (1,))), Ballot(3, ((1,),)), Ballot(1, ((2,), (1,))))
    election = Election(1, ("Ada", "Ben", "Cleo"), frozenset(), ballots)
    with_list = find("irv").count(election, Options(Decisions(("Cleo", "Ben", "Ada"))))
    assert with_list.ties == ()
    assert with_list.winners == (0,)
