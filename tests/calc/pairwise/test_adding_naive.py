"""The adding rules and two rounds agree with a second implementation, naive on purpose."""

import random
from collections import Counter

import pytest

from groundswell.calc.tally.ballots import Ballot, Election
from groundswell.calc.tally.methods import Options, find
from groundswell.calc.tally.ties import Decisions

NAMES = ("Ada", "Ben", "Cy", "Dot", "Eve")
ADDING = ("approval", "score", "plurality", "block")


def papers_of(draw, count):
    """Draw (weight, names in order of preference): strict, of any length."""
    return [
        (draw.randint(1, 3), draw.sample(NAMES[:count], draw.randint(1, count)))
        for _ in range(draw.randint(1, 9))
    ]


def points(method, papers, seats):
    """Give every candidate points, one paper and one name at a time."""
    longest = max(len(names) for _, names in papers)
    total = Counter()
    for weight, names in papers:
        for place, name in enumerate(names):
            worth = {
                "approval": 1,
                "score": longest - place,
                "plurality": 1 if place == 0 else 0,
                "block": 1 if place < seats else 0,
            }
            total[name] += weight * worth[method]
    return total


def highest(total, names, order, seats):
    """Take the highest one by one; among equals the earlier of the order."""
    return set(sorted(names, key=lambda name: (-total[name], order.index(name)))[:seats])


def votes(papers, still):
    total = Counter()
    for weight, names in papers:
        for name in names:
            if name in still:
                total[name] += weight
                break
    return total


def of_two_rounds(papers, names, order):
    first = votes(papers, names)
    if max(first.values()) * 2 > sum(first.values()):
        return {max(names, key=lambda name: first[name])}
    pair = highest(first, names, order, 2)
    return highest(votes(papers, pair), [name for name in names if name in pair], order, 1)


def agree(method, cases, seed):
    draw = random.Random(seed)
    tied = 0
    for _ in range(cases):
        count = draw.randint(2, 5)
        names, order = NAMES[:count], draw.sample(NAMES[:count], count)
        seats = 1 if method == "two-round" else draw.randint(1, count - 1)
        papers = papers_of(draw, count)
        ballots = tuple(
            Ballot(weight, tuple((names.index(name),) for name in ranked)) for weight, ranked in papers
        )
        result = find(method).count(
            Election(seats, names, frozenset(), ballots), Options(decider=Decisions(tuple(order)))
        )
        if method == "two-round":
            expected = of_two_rounds(papers, names, order)
        else:
            total = points(method, papers, seats)
            expected = highest(total, names, order, seats)
            assert list(result.stages[0].totals) == [total[name] for name in names]
        assert set(result.names(result.winners)) == expected
        tied += bool(result.ties)
    assert tied > 0


@pytest.mark.parametrize("method", [*ADDING, "two-round"])
def test_adding_one_paper_at_a_time_agrees_on_random_small_elections(method):
    agree(method, 300, f"normal {method}")


@pytest.mark.drill
@pytest.mark.parametrize("method", [*ADDING, "two-round"])
def test_adding_one_paper_at_a_time_agrees_on_ten_thousand_elections(method):
    agree(method, 10_000, f"drill {method}")
