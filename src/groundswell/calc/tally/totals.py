"""Rules that add up: give each candidate a total, and elect the highest totals."""

from collections.abc import Sequence
from fractions import Fraction

from groundswell.calc.tally.ballots import Election, Number, Papers
from groundswell.calc.tally.methods import Options
from groundswell.calc.tally.pairwise import fill
from groundswell.calc.tally.result import Result, Stage, places_of


def by_total(totals: Sequence[Number], standing: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Rank by total, the highest first; equal totals share a place."""
    values = sorted({Fraction(totals[index]) for index in standing}, reverse=True)
    return tuple(tuple(index for index in standing if totals[index] == value) for value in values)


def elect_highest(
    election: Election,
    papers: Papers,
    options: Options,
    *,
    method: str,
    action: str,
    totals: Sequence[Number],
    notes: tuple[str, ...],
) -> Result:
    """Elect the highest totals in one stage. Raises `TieError` where nothing decides a tie."""
    ranking = by_total(totals, election.standing)
    winners, ties = fill(election, ranking, options.decider)
    places = places_of(list(totals))
    stage = Stage(n=1, action=action, totals=tuple(totals), elected=winners)
    return Result(
        method=method,
        title=election.title,
        seats=election.seats,
        candidates=election.candidates,
        withdrawn=election.withdrawn,
        papers=papers,
        winners=winners,
        stages=(stage,),
        places=places,
        ties=ties,
        ranking=ranking,
        notes=(*notes, *election.remarks),
        deciding=options.decider.describe() if ties else "",
    )
