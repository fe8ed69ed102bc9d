"""Every candidate against every other: the pairwise count from which the Condorcet rules start.

The count packs a row of the table into one whole number with a lane of fixed width per candidate: what
a candidate has against each other one. A ballot adds, for each candidate it names, one in the lane of
everybody below, all lanes at once. A lane is as wide as the sum of all weights needs, so nothing ever
carries over into its neighbour, and the figures are exact.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from groundswell.calc.errors import Words
from groundswell.calc.tally.ballots import Ballot, Election, Number, Papers, Ranks
from groundswell.calc.tally.methods import Options, Unranked
from groundswell.calc.tally.result import Result, Stage, places_of
from groundswell.calc.tally.ties import Decider, Tie, settle

Cells = tuple[tuple[Number, ...], ...]


def count_pairs(election: Election, ballots: Sequence[Ballot], unranked: Unranked) -> Cells:
    """Give `cells[a][b]`: the weight of ballots that rank `a` above `b`.

    With “last”, a candidate whom a ballot names stands above everybody it does not name; with
    “ignored”, a ballot says nothing about whom it does not name. Withdrawn candidates have no part.
    """
    scale = lcm(*{ballot.weight.denominator for ballot in ballots})
    weights = [int(ballot.weight * scale) for ballot in ballots]
    width = sum(weights).bit_length()
    rows = _packed(election, ballots, weights, width, everybody=unranked == "last")
    mask = (1 << width) - 1
    count = len(election.candidates)
    whole = [[row >> width * other & mask for other in range(count)] for row in rows]
    if scale == 1:
        return tuple(tuple(row) for row in whole)
    return tuple(tuple(_plain(Fraction(cell, scale)) for cell in row) for row in whole)


def _plain(value: Fraction) -> Number:
    return value.numerator if value.denominator == 1 else value


def _packed(
    election: Election, ballots: Sequence[Ballot], weights: Sequence[int], width: int, *, everybody: bool
) -> list[int]:
    """Give the packed row of each candidate."""
    units = [1 << width * index for index in range(len(election.candidates))]
    standing = sum(units[index] for index in election.standing)
    rows = [0] * len(units)
    lanes, whole, last = units, standing, 1
    adders = (_add_named, _add_any) if election.has_equal_ranks else (_add_named_strict, _add_strict)
    add = adders[everybody]
    for ballot, weight in zip(ballots, weights, strict=True):
        if weight != last:
            lanes, whole, last = [unit * weight for unit in units], standing * weight, weight
        add(rows, lanes, ballot.ranks, whole)
    return rows


def _add_named(rows: list[int], lanes: list[int], ranks: Ranks, below: int) -> None:
    """Add a ballot that says nothing about those it does not name: from its last rank upwards."""
    below = 0
    for group in reversed(ranks):
        for index in group:
            rows[index] += below
        for index in group:
            below += lanes[index]


def _add_named_strict(rows: list[int], lanes: list[int], ranks: Ranks, below: int) -> None:
    """Do as `_add_named` for a ballot of one candidate a rank."""
    below = 0
    for (index,) in reversed(ranks):
        rows[index] += below
        below += lanes[index]


def _add_strict(rows: list[int], lanes: list[int], ranks: Ranks, below: int) -> None:
    """Add a ballot of one candidate a rank; `below` starts with the lanes of all who stand."""
    for (index,) in ranks:
        below -= lanes[index]
        rows[index] += below


def _add_any(rows: list[int], lanes: list[int], ranks: Ranks, below: int) -> None:
    """Add a ballot that may rank several equally; `below` starts as in `_add_strict`."""
    for group in ranks:
        if len(group) == 1:
            below -= lanes[group[0]]
            rows[group[0]] += below
        else:
            below -= sum([lanes[index] for index in group])
            for index in group:
                rows[index] += below


def majorities(cells: Cells, *, margins: bool) -> Cells:
    """Give the strength of each duel's winner over its loser, 0 for losers and drawn duels.

    The strength is what the winner has (winning votes), or by how much it has more (`margins`).
    """
    count = range(len(cells))
    return tuple(
        tuple(
            (cells[a][b] - cells[b][a] if margins else cells[a][b]) if cells[a][b] > cells[b][a] else 0
            for b in count
        )
        for a in count
    )


def layers(beats: Cells, standing: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Rank by a relation without cycles: each group those whom nobody left beats."""
    groups: list[tuple[int, ...]] = []
    left = list(standing)
    while left:
        group = tuple(index for index in left if not any(beats[other][index] for other in left))
        groups.append(group)
        left = [index for index in left if index not in group]
    return tuple(groups)


def condorcet_winner(cells: Cells, standing: Sequence[int]) -> int | None:
    """Give the candidate who wins every duel, if there is one."""
    for one in standing:
        if all(cells[one][other] > cells[other][one] for other in standing if other != one):
            return one
    return None


def first_preferences(election: Election, ballots: Sequence[Ballot]) -> tuple[tuple[Number, ...], Number]:
    """Give the weight of ballots by their first preference, and of those that have several."""
    totals: list[Number] = [0] * len(election.candidates)
    several: Number = 0
    for ballot in ballots:
        group = ballot.ranks[0]
        if len(group) == 1:
            totals[group[0]] += ballot.weight
        else:
            several += ballot.weight
    return tuple(totals), several


def fill(
    election: Election, ranking: tuple[tuple[int, ...], ...], decider: Decider
) -> tuple[tuple[int, ...], tuple[Tie, ...]]:
    """Elect from the top of a ranking; where a group does not fit, `decider` chooses.

    Raises `TieError` when it cannot.
    """
    winners: list[int] = []
    ties: list[Tie] = []
    for group in ranking:
        left = list(group)
        while left and len(winners) < election.seats:
            if len(left) <= election.seats - len(winners):
                winners += left
                break
            tie = settle(
                left,
                names=election.candidates,
                stage=1,
                question=Words("who is elected"),
                decider=decider,
                first=True,
            )
            ties.append(tie)
            winners.append(tie.chosen)
            left.remove(tie.chosen)
    return tuple(winners), tuple(ties)


def meaning(unranked: Unranked) -> str:
    """Say in a sentence what an unranked candidate means."""
    if unranked == "last":
        return "A candidate whom a ballot does not name stands below all whom it names."
    return "A ballot says nothing about a candidate whom it does not name (unranked ignored)."


def single_stage(
    election: Election, ballots: Sequence[Ballot], winners: tuple[int, ...], reasons: tuple[str, ...]
) -> Stage:
    """Give the one stage of a pairwise rule: first preferences for information, and the reasons."""
    totals, several = first_preferences(election, ballots)
    aside = ", ballots with several of them as exhausted" if several else ""
    return Stage(
        n=1,
        action=f"first preferences, for information{aside}: the rule compares candidates two by two",
        totals=totals,
        elected=winners,
        exhausted=several,
        reasons=reasons,
    )


def notes(election: Election, cells: Cells, unranked: Unranked) -> tuple[str, ...]:
    """Give the sentences every pairwise result carries."""
    best = condorcet_winner(cells, election.standing)
    found = (
        "Nobody wins every duel."
        if best is None
        else f"{election.candidates[best]} wins every duel (the Condorcet winner)."
    )
    several = (
        ("The seats are filled from the top of the ranking, which is not proportional.",)
        if election.seats > 1
        else ()
    )
    return (meaning(unranked), found, *several, *election.remarks)


def assemble(
    election: Election, papers: Papers, options: Options, method: str, stage: Stage, ties: tuple[Tie, ...]
) -> Result:
    """Give the result without its tables, ranking and notes, which the rule adds."""
    return Result(
        method=method,
        title=election.title,
        seats=election.seats,
        candidates=election.candidates,
        withdrawn=election.withdrawn,
        papers=papers,
        winners=stage.elected,
        stages=(stage,),
        places=places_of([*stage.totals, stage.exhausted]),
        ties=ties,
        deciding=options.decider.describe() if ties else "",
    )
