"""Schulze's method: who has the stronger chain of duels.

Source: Markus Schulze, A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent
single-winner election method, Social Choice and Welfare 36, 2011. A path from A to B is a chain of
duels won; it is as strong as its weakest link; A is better than B if A's strongest path to B is stronger
than B's to A. The widest paths are found by the algorithm of Floyd and Warshall.
"""

from dataclasses import replace
from functools import partial

from groundswell.calc.tally.ballots import Election, Number, admit
from groundswell.calc.tally.methods import Options, Rule
from groundswell.calc.tally.pairwise import (
    Cells,
    assemble,
    count_pairs,
    fill,
    layers,
    majorities,
    notes,
    single_stage,
)
from groundswell.calc.tally.ranked_pairs import RANKED_PAIRS
from groundswell.calc.tally.result import Matrix, Result, decimal_string, places_of

__all__ = ["RANKED_PAIRS", "SCHULZE", "SCHULZE_MARGINS"]


def strongest_paths(links: Cells) -> tuple[list[list[Number]], list[list[int]]]:
    """Give the strength of the strongest path between any two, and the last stop but one on it.

    `links[a][b]` is the strength of the duel if `a` won it, else 0. Where there is no path the
    strength is 0.
    """
    count = len(links)
    strength = [list(row) for row in links]
    before = [[a] * count for a in range(count)]
    for middle in range(count):
        from_middle = strength[middle]
        for a in range(count):
            row = strength[a]
            reach = row[middle]
            if a == middle or not reach:
                continue
            for b in range(count):
                through = min(reach, from_middle[b])
                if through > row[b] and b != a:
                    row[b] = through
                    before[a][b] = before[middle][b]
    return strength, before


def route(before: list[list[int]], start: int, end: int) -> tuple[int, ...]:
    """Give the stops of the strongest path from `start` to `end`, both included."""
    stops = [end]
    while stops[-1] != start:
        stops.append(before[start][stops[-1]])
    return tuple(reversed(stops))


def count(election: Election, options: Options, *, method: str, margins: bool) -> Result:
    """Count by Schulze's method. Raises `TieError` where nothing decides a tie for a seat."""
    ballots, papers = admit(election)
    unranked = options.unranked or "last"
    cells = count_pairs(election, ballots, unranked)
    strength, before = strongest_paths(majorities(cells, margins=margins))
    everyone = range(len(cells))
    better = tuple(tuple(1 if strength[a][b] > strength[b][a] else 0 for b in everyone) for a in everyone)
    ranking = layers(better, election.standing)
    winners, ties = fill(election, ranking, options.decider)
    reasons = _reasons(election, ranking, strength, before)
    stage = single_stage(election, ballots, winners, reasons)
    return replace(
        assemble(election, papers, options, method, stage, ties),
        ranking=ranking,
        matrices=(
            Matrix("ballots that rank the row above the column", cells),
            Matrix(
                f"strength of the strongest path ({'margins' if margins else 'winning votes'})",
                tuple(tuple(row) for row in strength),
            ),
        ),
        notes=notes(election, cells, unranked),
    )


def _reasons(
    election: Election,
    ranking: tuple[tuple[int, ...], ...],
    strength: list[list[Number]],
    before: list[list[int]],
) -> tuple[str, ...]:
    """Compare everybody with everybody ranked after them, one sentence each, the best first."""
    order = [index for group in ranking for index in group]
    names = election.candidates
    places = places_of([cell for row in strength for cell in row])
    sentences = []
    for place, one in enumerate(order):
        for other in order[place + 1 :]:
            there, back = strength[one][other], strength[other][one]
            if there == back:
                sentence = f"{names[one]} and {names[other]} reach each other equally strongly"
            else:
                stops = " > ".join(names[stop] for stop in route(before, one, other))
                sentence = f"{names[one]} is better than {names[other]}: {stops}"
            sentences.append(
                f"{sentence}, {decimal_string(there, places)} against {decimal_string(back, places)}."
            )
    return tuple(sentences)


def _rule(name: str, measure: str, *, margins: bool) -> Rule:
    return Rule(
        name=name,
        title=f"Schulze's method ({measure})",
        source="Schulze, Social Choice and Welfare 36, 2011, pages 267-303",
        arithmetic="Whole weights stay whole and fractions stay fractions; nothing is rounded.",
        ties="Candidates with equally strong paths share a place; for a seat, a list or a lot decides.",
        unranked="An unranked candidate stands below all ranked ones, unless --unranked ignored is given.",
        count=partial(count, method=name, margins=margins),
    )


SCHULZE = _rule("schulze", "winning votes", margins=False)
SCHULZE_MARGINS = _rule("schulze-margins", "margins", margins=True)
