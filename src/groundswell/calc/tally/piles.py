"""Sorting papers by the next available preference: the one loop that every transferable vote walks.

A weight is that many papers worth 1 each, and one paper of what is left over. Values are whole
numbers of the smallest unit a rule knows (1/100000 of a vote, …).
"""

from collections.abc import Iterable, Sequence
from operator import attrgetter

from groundswell.calc.errors import Names, RuleError
from groundswell.calc.tally.ballots import Ballot, Election, Number
from groundswell.calc.tally.result import Stage

# value of each paper -> the ballots of that value; weights are numbers of papers
Parcels = dict[int, list[Ballot]]

_weight = attrgetter("weight")


def sort_papers(
    ballots: Iterable[Ballot], continuing: Sequence[bool]
) -> tuple[list[list[Ballot]], list[Ballot]]:
    """Sort ballots into one pile for each candidate, by the best liked who continues.

    Gives the piles, in the order of the candidates, and the ballots that name nobody who continues.
    A ballot is never torn: its ranks hold one candidate each (`refuse_equal_ranks`).
    """
    piles: list[list[Ballot]] = [[] for _ in continuing]
    rest: list[Ballot] = []
    put = [pile.append for pile in piles]
    for ballot in ballots:
        for group in ballot.ranks:
            candidate = group[0]
            if continuing[candidate]:
                put[candidate](ballot)
                break
        else:
            rest.append(ballot)
    return piles, rest


def papers_in(ballots: Iterable[Ballot]) -> int:
    """Count the papers of ballots from `parcels_by_value`."""
    return sum(map(_weight, ballots))


def parcels_by_value(ballots: Sequence[Ballot], weights: Iterable[Number], unit: int) -> Parcels:
    """Give the ballots as papers by value in units of 1/`unit`; `weights` are those that occur.

    A fraction that the unit cannot express is cut off, never rounded up.
    """
    if all(type(weight) is int for weight in weights):
        return {unit: list(ballots)}
    parcels: Parcels = {}
    for ballot in ballots:
        papers = int(ballot.weight)
        value = int((ballot.weight - papers) * unit)
        if papers:
            parcels.setdefault(unit, []).append(Ballot(papers, ballot.ranks))
        if value:
            parcels.setdefault(value, []).append(Ballot(1, ballot.ranks))
    return parcels


def refuse_equal_ranks(election: Election, rule: str) -> None:
    """Raise `RuleError` when a ballot ranks candidates equally: the rule moves whole papers."""
    if election.has_equal_ranks:
        culprit = next(ballot for ballot in election.ballots if any(len(rank) > 1 for rank in ballot.ranks))
        group = next(rank for rank in culprit.ranks if len(rank) > 1)
        names = Names(election.candidates[index] for index in group)
        raise RuleError(
            "%(rule)s cannot count equal rankings, and a ballot ranks %(names)s equally: use "
            "schulze, ranked-pairs or approval, or have the papers ruled on before the count.",
            rule=rule,
            names=names,
        )


def cut_off(first: Stage, valid: Number, places: int) -> tuple[str, ...]:
    """Say what of the weights was cut off, comparing the first stage with the valid votes; or nothing."""
    lost = valid - sum(first.totals) - first.exhausted
    if not lost:
        return ()
    return (f"Weights were cut off after {places} decimal places: {lost} of a vote was lost by that.",)
