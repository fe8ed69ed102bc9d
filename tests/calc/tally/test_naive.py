"""A second, deliberately naive count of every rule: one paper at a time, decimals as on paper.

It shares nothing with the rules but the values that go in. A sample of 100 small random elections is
counted both ways in every run; the whole 10,000 for each rule in `make drills`.
"""

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_UP, Decimal, localcontext
from fractions import Fraction

import pytest

from groundswell.calc.tally.ballots import Ballot, Election
from groundswell.calc.tally.methods import Options, find
from groundswell.calc.tally.ties import Lots

SEED = "naive"
SAMPLE = 100
WHOLE = 10_000

Row = tuple[dict[str, Decimal], list[str], list[str]]


@dataclass
class Paper:
    names: list[str]
    value: Decimal = Decimal(1)
    holder: str = ""


@dataclass
class Naive:
    """A count by hand: piles of papers on a table."""

    candidates: list[str]
    seats: int
    papers: list[Paper]
    hopeful: list[str]
    votes: dict[str, Decimal] = field(default_factory=dict)
    winners: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def give(self, paper: Paper) -> None:
        paper.holder = next((name for name in paper.names if name in self.hopeful), "")
        if paper.holder:
            self.votes[paper.holder] += paper.value


def _make(number: int) -> Election:
    chance = random.Random(number)
    count = chance.randint(2, 6)
    names = ("Ada", "Ben", "Cleo", "Dora", "Emil", "Fay")[:count]
    ballots = [
        Ballot(
            chance.randint(1, 6), tuple((i,) for i in chance.sample(range(count), chance.randint(1, count)))
        )
        for _ in range(chance.randint(2, 12))
    ]
    gone = frozenset(chance.sample(range(count), chance.choice([0, 0, 0, 1])))
    if all(set(sum(ballot.ranks, ())) <= gone for ballot in ballots):
        gone = frozenset()
    return Election(chance.randint(1, count), names, gone, tuple(ballots))


def _lay_out(election: Election) -> Naive:
    names = list(election.candidates)
    hopeful = [names[index] for index in range(len(names)) if index not in election.withdrawn]
    papers = []
    for ballot in election.ballots:
        ranked = [names[group[0]] for group in ballot.ranks if names[group[0]] in hopeful]
        papers += [Paper(list(ranked)) for _ in range(int(ballot.weight)) if ranked]
    naive = Naive(names, election.seats, papers, hopeful, dict.fromkeys(names, Decimal(0)))
    for paper in papers:
        naive.give(paper)
    return naive


def _lot(names: list[str], *, last: bool = False) -> str:
    drawn = sorted(names, key=lambda name: hashlib.sha256(f"{SEED}\n{name}".encode()).hexdigest())
    return drawn[-1 if last else 0]


def _earlier(naive: Naive, tied: list[str], sign: int) -> list[str]:
    """Look back stage by stage; `sign` 1 keeps those with most, -1 those with fewest."""
    for totals, _, _ in reversed(naive.rows):
        best = max(sign * totals[name] for name in tied)
        tied = [name for name in tied if sign * totals[name] == best]
    return tied


def _gregory(
    election: Election, quota: Decimal, shrink: Callable[[Decimal, Decimal, Decimal], Decimal], *, zero: bool
) -> list[Row]:
    naive = _lay_out(election)
    waiting: list[str] = []
    while True:
        reached = sorted(
            (name for name in naive.hopeful if naive.votes[name] >= quota),
            key=lambda name: -naive.votes[name],
        )
        waiting += [name for name in reached if zero or naive.votes[name] > quota]
        naive.hopeful = [name for name in naive.hopeful if name not in reached]
        naive.winners += reached
        if len(naive.hopeful) <= naive.seats - len(naive.winners):
            rest = sorted(naive.hopeful, key=lambda name: -naive.votes[name])
            naive.winners += rest
            naive.hopeful = []
            naive.rows.append((dict(naive.votes), reached + rest, []))
            return naive.rows
        if len(naive.winners) == naive.seats:
            naive.rows.append((dict(naive.votes), reached, []))
            return naive.rows
        if waiting:
            most = max(naive.votes[name] for name in waiting)
            mover = _lot(_earlier(naive, [name for name in waiting if naive.votes[name] == most], 1))
            waiting.remove(mover)
            naive.rows.append((dict(naive.votes), reached, []))
            for paper in [paper for paper in naive.papers if paper.holder == mover]:
                paper.value = shrink(paper.value, most - quota, most)
                naive.give(paper)
            naive.votes[mover] = quota
        else:
            mover = _lowest(naive)
            naive.rows.append((dict(naive.votes), reached, [mover]))
            for paper in [paper for paper in naive.papers if paper.holder == mover]:
                naive.give(paper)
            naive.votes[mover] = Decimal(0)


def _lowest(naive: Naive) -> str:
    fewest = min(naive.votes[name] for name in naive.hopeful)
    lowest = _lot(_earlier(naive, [n for n in naive.hopeful if naive.votes[n] == fewest], -1), last=True)
    naive.hopeful.remove(lowest)
    return lowest


def _down(figure: Decimal, places: str) -> Decimal:
    return figure.quantize(Decimal(places), rounding=ROUND_DOWN)


def _naive_scottish(election: Election) -> list[Row]:
    valid = len(_lay_out(election).papers)
    quota = Decimal(valid // (election.seats + 1) + 1)
    return _gregory(
        election, quota, lambda value, surplus, total: _down(value * surplus / total, "0.00001"), zero=False
    )


def _naive_wigm(election: Election) -> list[Row]:
    valid = Decimal(len(_lay_out(election).papers))
    quota = _down(valid / (election.seats + 1), "0.00001") + Decimal("0.00001")

    def shrink(value: Decimal, surplus: Decimal, total: Decimal) -> Decimal:
        return _down(_down(value * surplus, "0.00001") / total, "0.00001")

    return _gregory(election, quota, shrink, zero=True)


def _naive_irv(election: Election) -> list[Row]:
    naive = _lay_out(election)
    while True:
        totals = dict(naive.votes)
        in_play = sum(totals.values())
        winner = [name for name in naive.hopeful if totals[name] * 2 > in_play or len(naive.hopeful) == 1]
        if winner:
            naive.rows.append((totals, winner, []))
            return naive.rows
        mover = _lowest(naive)
        naive.rows.append((totals, [], [mover]))
        for paper in [paper for paper in naive.papers if paper.holder == mover]:
            naive.give(paper)
        naive.votes[mover] = Decimal(0)


def _up(figure: Decimal) -> Decimal:
    return figure.quantize(Decimal("0.000000001"), rounding=ROUND_UP)


def _naive_meek(election: Election) -> list[Row]:
    naive = _lay_out(election)
    keep = {name: Decimal(name in naive.hopeful) for name in naive.candidates}
    while True:
        reached, surplus = _converge(naive, keep)
        if reached:
            naive.winners += reached
            naive.hopeful = [name for name in naive.hopeful if name not in reached]
            gone = []
        else:
            fewest = min(naive.votes[name] for name in naive.hopeful)
            tied = [name for name in naive.hopeful if naive.votes[name] <= fewest + surplus]
            gone = [_lot(tied, last=True)]
            naive.hopeful.remove(gone[0])
        totals = dict(naive.votes)
        rest = []
        if len(naive.hopeful) <= naive.seats - len(naive.winners):
            rest = sorted(naive.hopeful, key=lambda name: -naive.votes[name])
            naive.winners += rest
            naive.hopeful = []
        naive.rows.append((totals, reached + rest, gone))
        if not naive.hopeful or len(naive.winners) == naive.seats:
            return naive.rows
        for name in gone:
            keep[name] = Decimal(0)


def _converge(naive: Naive, keep: dict[str, Decimal]) -> tuple[list[str], Decimal]:
    last = Decimal(len(naive.papers))
    while True:
        naive.votes = dict.fromkeys(naive.candidates, Decimal(0))
        for paper in naive.papers:
            left = Decimal(1)
            for name in paper.names:
                part = _up(left * keep[name])
                naive.votes[name] += part
                left -= part
        quota = _down(sum(naive.votes.values()) / Decimal(naive.seats + 1), "0.000000001")
        quota += Decimal("0.000000001")
        reached = [name for name in naive.hopeful if naive.votes[name] >= quota]
        if reached:
            return sorted(reached, key=lambda name: -naive.votes[name]), Decimal(0)
        surplus = max(Decimal(0), sum((naive.votes[name] - quota for name in naive.winners), Decimal(0)))
        if surplus < Decimal("0.000001") or surplus >= last:
            return [], surplus
        last = surplus
        for name in naive.winners:
            keep[name] = _up(_up(keep[name] * quota) / naive.votes[name])


NAIVE: dict[str, Callable[[Election], list[Row]]] = {
    "scottish-stv": _naive_scottish,
    "wigm": _naive_wigm,
    "irv": _naive_irv,
    "meek": _naive_meek,
}


def _agree(method: str, numbers: range) -> None:
    rule = find(method)
    for number in numbers:
        election = _make(number)
        if method == "irv":
            election = Election(1, election.candidates, election.withdrawn, election.ballots)
        result = rule.count(election, Options(Lots(SEED)))
        with localcontext() as context:
            context.prec = 60
            rows = NAIVE[method](election)
        found = [
            (
                {name: Fraction(total) for name, total in zip(result.candidates, stage.totals, strict=True)},
                result.names(stage.elected),
                result.names(stage.excluded),
            )
            for stage in result.stages
        ]
        expected = [
            ({name: Fraction(total) for name, total in totals.items()}, elected, excluded)
            for totals, elected, excluded in rows
        ]
        assert found == expected, f"election {number}"


@pytest.mark.parametrize("method", sorted(NAIVE))
def test_a_naive_count_agrees_at_every_stage(method: str) -> None:
    _agree(method, range(SAMPLE))


@pytest.mark.drill
@pytest.mark.parametrize("method", sorted(NAIVE))
def test_a_naive_count_agrees_on_ten_thousand_elections(method: str) -> None:
    _agree(method, range(SAMPLE, WHOLE))
