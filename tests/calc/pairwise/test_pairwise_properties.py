"""What the pairwise and adding rules promise, and agreement with naive second implementations."""

import random
from fractions import Fraction

import pytest
from hypothesis import strategies as st
from naive_pairwise import locked_pairs, peel, schulze_ranking, table

from groundswell.calc.errors import TieError
from groundswell.calc.tally.ballots import Ballot, Election
from groundswell.calc.tally.methods import Options, find
from groundswell.calc.tally.ties import Decisions, Lots
from sampling import sampled

PAIRWISE = ("schulze", "schulze-margins", "ranked-pairs")
ADDING = ("approval", "score", "plurality", "block")
NAMES = ("Ada", "Ben", "Cy", "Dot", "Eve")
LOTS = Options(decider=Lots("any"))


@st.composite
def papers(draw, *, strict=False):
    order = draw(st.permutations(range(len(NAMES))))
    order = order[: draw(st.integers(1, len(NAMES)))]
    cuts = [True] * len(order) if strict else [draw(st.booleans()) for _ in order]
    groups = []
    for index, new in zip(order, cuts, strict=True):
        if new or not groups:
            groups.append(())
        groups[-1] = (*groups[-1], index)
    weight = draw(st.sampled_from([1, 1, 2, 3, Fraction(1, 2), Fraction(2, 3)]))
    return Ballot(weight, tuple(groups))


def election(ballots, seats=1, names=NAMES, withdrawn=()):
    return Election(seats, tuple(names), frozenset(withdrawn), tuple(ballots))


def duel_table(ballots, unranked="last"):
    return table([(ballot.weight, ballot.ranks) for ballot in ballots], len(NAMES), unranked)


@sampled(20, 400, st.lists(papers(), min_size=1, max_size=12), st.sampled_from(["last", "ignored"]))
def test_the_packed_table_is_the_plain_one(ballots, unranked):
    result = find("schulze").count(election(ballots), Options(Lots("any"), unranked))
    assert [list(row) for row in result.matrices[0].cells] == duel_table(ballots, unranked)


@sampled(20, 400, st.lists(papers(), min_size=1, max_size=9), st.sampled_from(PAIRWISE))
def test_whoever_wins_every_duel_is_elected(ballots, method):
    cells = duel_table(ballots)
    everyone = range(len(NAMES))
    champions = [a for a in everyone if all(a == b or cells[a][b] > cells[b][a] for b in everyone)]
    result = find(method).count(election(ballots), LOTS)
    if champions:
        assert result.winners == (champions[0],)
        assert f"{NAMES[champions[0]]} wins every duel (the Condorcet winner)." in result.notes
    else:
        assert "Nobody wins every duel." in result.notes


@sampled(
    20,
    400,
    st.lists(papers(strict=True), min_size=1, max_size=9),
    st.sampled_from((*PAIRWISE, *ADDING, "two-round")),
    st.randoms(use_true_random=False),
)
def test_neither_the_order_of_ballots_nor_that_of_candidates_decides(ballots, method, shuffler):
    place = list(range(len(NAMES)))
    shuffler.shuffle(place)
    names = [name for _, name in sorted(zip(place, NAMES, strict=True))]
    moved = [
        Ballot(ballot.weight, tuple(tuple(place[index] for index in group) for group in ballot.ranks))
        for ballot in ballots
    ]
    shuffler.shuffle(moved)
    one = find(method).count(election(ballots), LOTS)
    other = find(method).count(election(moved, names=names), LOTS)
    assert one.names(one.winners) == other.names(other.winners)


def same(method, cases, seed):
    draw = random.Random(seed)
    tied = 0
    for _ in range(cases):
        count = draw.randint(2, 4)
        ballots = [random_ballot(draw, count) for _ in range(draw.randint(1, 7))]
        unranked = draw.choice(("last", "ignored"))
        cells = table([(ballot.weight, ballot.ranks) for ballot in ballots], count, unranked)
        order = draw.sample(range(count), count)
        decider = Decisions(tuple(NAMES[index] for index in order))
        result = find(method).count(
            election(ballots, names=NAMES[:count]), Options(decider=decider, unranked=unranked)
        )
        if method == "ranked-pairs":
            locked = locked_pairs(cells, order)
            expected = peel(lambda a, b, locked=locked: (a, b) in locked, count)
        else:
            expected = schulze_ranking(cells, method == "schulze-margins")
        assert [set(group) for group in result.ranking] == expected
        assert result.winners == (min(expected[0], key=order.index),)
        tied += bool(result.ties)
    assert tied > 0


def random_ballot(draw, count):
    order = draw.sample(range(count), draw.randint(1, count))
    groups = []
    for index in order:
        if groups and draw.random() < 0.25:
            groups[-1] = (*groups[-1], index)
        else:
            groups.append((index,))
    return Ballot(draw.randint(1, 3), tuple(groups))


@pytest.mark.parametrize("method", PAIRWISE)
def test_a_naive_implementation_agrees_on_random_small_elections(method):
    same(method, 100, f"normal {method}")


@pytest.mark.drill
@pytest.mark.parametrize("method", PAIRWISE)
def test_a_naive_implementation_agrees_on_ten_thousand_elections(method):
    same(method, 10_000, f"drill {method}")


@sampled(20, 400, st.lists(papers(strict=True), min_size=1, max_size=9), st.integers(1, 4))
def test_adding_rules_elect_the_highest_totals(ballots, seats):
    for method in ADDING:
        result = find(method).count(election(ballots, seats), LOTS)
        totals = result.stages[0].totals
        assert len(result.winners) == seats
        left = [index for index in range(len(NAMES)) if index not in result.winners]
        assert min(totals[index] for index in result.winners) >= max(totals[index] for index in left)


def test_a_tie_for_the_seat_stops_the_count_and_says_who():
    ballots = [Ballot(1, ((0,), (1,))), Ballot(1, ((1,), (0,)))]
    for method in (*PAIRWISE, "plurality", "approval"):
        with pytest.raises(TieError, match="Ada and Ben are tied on stage 1") as caught:
            find(method).count(election(ballots, names=NAMES[:2]), Options())
        assert caught.value.tied == ("Ada", "Ben")


def test_equal_duels_in_a_circle_stop_ranked_pairs_unless_an_order_is_given():
    circle = [Ballot(1, ((0,), (1,), (2,))), Ballot(1, ((1,), (2,), (0,))), Ballot(1, ((2,), (0,), (1,)))]
    with pytest.raises(TieError, match="equally strong duels among Ada, Ben, Cy close a circle"):
        find("ranked-pairs").count(election(circle, names=NAMES[:3]), Options())
    decided = find("ranked-pairs").count(
        election(circle, names=NAMES[:3]), Options(decider=Decisions(("Ben", "Cy", "Ada")))
    )
    assert decided.names(decided.winners) == ["Ben"]
    assert decided.ties[0].question == "which of equally strong duels is locked first"


def test_withdrawn_candidates_are_struck_out_of_every_duel():
    ballots = [Ballot(2, ((0,), (1,))), Ballot(1, ((1,), (2,)))]
    result = find("schulze").count(election(ballots, withdrawn={0}), Options())
    assert result.names(result.winners) == ["Ben"]
    assert result.matrices[0].cells[0] == (0,) * len(NAMES)
    assert all(0 not in group for group in result.ranking)
