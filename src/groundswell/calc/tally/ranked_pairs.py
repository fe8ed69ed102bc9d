"""Ranked pairs: lock the duels in the order of their strength, leaving out what would close a circle.

Source: T. N. Tideman, Independence of Clones as a Criterion for Voting Rules, Social Choice and Welfare
4, 1987; ties between pairs after Zavist and Tideman, Social Choice and Welfare 6, 1989: by an order of
the candidates. The stronger pair is the one whose winner has more votes; of two equal ones, the one
whose loser has fewer.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from groundswell.calc.errors import TieError
from groundswell.calc.tally.ballots import Election, admit
from groundswell.calc.tally.methods import Options, Rule
from groundswell.calc.tally.pairwise import (
    Cells,
    assemble,
    count_pairs,
    fill,
    layers,
    notes,
    single_stage,
)
from groundswell.calc.tally.result import Matrix, Result, decimal_string, places_of
from groundswell.calc.tally.ties import Decider, Tie

Pair = tuple[int, int]


class Locks:
    """Locked pairs, with everybody whom each candidate reaches through them."""

    def __init__(self, count: int) -> None:
        self.pairs: list[Pair] = []
        self._reaches = [1 << index for index in range(count)]

    def contradict(self, pair: Pair) -> bool:
        """Whether locking `pair` would close a circle."""
        winner, loser = pair
        return bool(self._reaches[loser] >> winner & 1)

    def add(self, pair: Pair) -> None:
        """Lock a pair that closes no circle."""
        winner, loser = pair
        self.pairs.append(pair)
        for index, reached in enumerate(self._reaches):
            if reached >> winner & 1:
                self._reaches[index] = reached | self._reaches[loser]

    def copy(self) -> "Locks":
        """Give an independent copy."""
        other = Locks(0)
        other.pairs = list(self.pairs)
        other._reaches = list(self._reaches)
        return other


def count(election: Election, options: Options) -> Result:
    """Count by ranked pairs. Raises `TieError` where equal pairs or places are not decided."""
    ballots, papers = admit(election)
    unranked = options.unranked or "last"
    cells = count_pairs(election, ballots, unranked)
    locks = Locks(len(cells))
    ties: list[Tie] = []
    told: list[str] = []
    for equal in _by_strength(cells, election.standing):
        ordered, tie = _ordered(equal, locks, election, options.decider)
        ties += [tie] if tie else []
        told += _lock(ordered, locks, cells, election.candidates)
    everyone = range(len(cells))
    locked = tuple(tuple(cells[a][b] if (a, b) in locks.pairs else 0 for b in everyone) for a in everyone)
    ranking = layers(locked, election.standing)
    winners, seat_ties = fill(election, ranking, options.decider)
    stage = single_stage(election, ballots, winners, tuple(told))
    return replace(
        assemble(election, papers, options, "ranked-pairs", stage, (*ties, *seat_ties)),
        ranking=ranking,
        matrices=(
            Matrix("ballots that rank the row above the column", cells),
            Matrix("locked pairs, with the votes of the winner", locked),
        ),
        notes=notes(election, cells, unranked),
    )


def _by_strength(cells: Cells, standing: Sequence[int]) -> list[list[Pair]]:
    """Give the duels won, the strongest first, equal ones together."""
    won = [(a, b) for a in standing for b in standing if cells[a][b] > cells[b][a]]
    won.sort(key=lambda pair: (-cells[pair[0]][pair[1]], cells[pair[1]][pair[0]]))
    groups = groupby(won, key=lambda pair: (cells[pair[0]][pair[1]], cells[pair[1]][pair[0]]))
    return [list(group) for _, group in groups]


def _ordered(
    equal: list[Pair], locks: Locks, election: Election, decider: Decider
) -> tuple[list[Pair], Tie | None]:
    """Order equal pairs where the order matters: where they close a circle among themselves."""
    open_pairs = [pair for pair in equal if not locks.contradict(pair)]
    trial = locks.copy()
    for pair in open_pairs:
        if trial.contradict(pair):
            break
        trial.add(pair)
    else:
        return equal, None
    involved = sorted({index for pair in open_pairs for index in pair})
    names = [election.candidates[index] for index in involved]
    order = decider.order(names)
    if order is None:
        raise TieError(
            "equally strong duels among %(names)s close a circle, so which of them counts first"
            " must be decided: draw lots in public and give the names, the winner first, as a "
            "JSON list with --ties FILE, or give a seed agreed beforehand with --seed TEXT.",
            names,
            names=", ".join(names),
        )
    place = {involved[names.index(name)]: rank for rank, name in enumerate(order)}
    ordered = sorted(equal, key=lambda pair: (place.get(pair[0], 0), -place.get(pair[1], 0)))
    because = (
        f"the order is {', '.join(order)}: of equally strong duels the one with the earlier winner is locked "
        "first, of two with the same winner the one with the later loser"
    )
    tie = Tie(
        1,
        "which of equally strong duels is locked first",
        tuple(involved),
        ordered[0][0],
        decider.how,
        because,
    )
    return ordered, tie


def _lock(pairs: list[Pair], locks: Locks, cells: Cells, names: Sequence[str]) -> list[str]:
    places = places_of([cells[a][b] for pair in pairs for a, b in (pair, pair[::-1])])
    told = []
    for winner, loser in pairs:
        left_out = locks.contradict((winner, loser))
        if not left_out:
            locks.add((winner, loser))
        ours = decimal_string(cells[winner][loser], places)
        theirs = decimal_string(cells[loser][winner], places)
        what = "left out, it would close a circle" if left_out else "locked"
        told.append(f"{names[winner]} over {names[loser]}, {ours} to {theirs}: {what}.")
    return told


RANKED_PAIRS = Rule(
    name="ranked-pairs",
    title="ranked pairs (Tideman), winning votes",
    source="Tideman, Social Choice and Welfare 4, 1987; Zavist and Tideman, same journal 6, 1989",
    arithmetic="Whole weights stay whole and fractions stay fractions; nothing is rounded.",
    ties=(
        "Equally strong duels that close a circle are locked by an order of the candidates (a list or lots): "
        "the earlier winner first, then the later loser."
    ),
    unranked="An unranked candidate stands below all ranked ones, unless --unranked ignored is given.",
    count=count,
)
