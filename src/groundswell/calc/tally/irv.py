"""Instant-runoff voting, one seat: the alternative vote.

Source: Robert's Rules of Order Newly Revised (12th edition, 2020) 45:62, “preferential voting”. The
lowest is excluded until somebody has more than half of the votes that still stand with a candidate.
"""

from dataclasses import dataclass, field
from typing import Final

from groundswell.calc.errors import RuleError, Words
from groundswell.calc.tally.ballots import Ballot, Election, Number, admit
from groundswell.calc.tally.methods import Options, Rule
from groundswell.calc.tally.piles import refuse_equal_ranks, sort_papers
from groundswell.calc.tally.result import Result, Stage, Transfer, decimal_string, places_of
from groundswell.calc.tally.ties import Tie, break_tie


@dataclass(slots=True)
class _Count:
    """A count under way."""

    election: Election
    options: Options
    piles: list[list[Ballot]]
    continuing: list[bool]
    places: int
    exhausted: Number = 0
    history: list[tuple[Number, ...]] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)


def irv(election: Election, options: Options) -> Result:
    """Elect one candidate. Raises `InputError`, `RuleError` (several seats, equal ranks), `TieError`."""
    if election.seats > 1:
        raise RuleError(
            "irv fills one seat, not %(seats)s: use scottish-stv, wigm or meek, or --seats 1.",
            seats=election.seats,
        )
    if options.unranked == "last":
        raise RuleError("irv counts nothing for unranked candidates: --unranked last has no meaning.")
    refuse_equal_ranks(election, "irv")
    ballots, papers = admit(election)
    standing = set(election.standing)
    continuing = [index in standing for index in range(len(election.candidates))]
    piles, _ = sort_papers(ballots, continuing)
    places = places_of([ballot.weight for ballot in ballots])
    state = _Count(election, options, piles, continuing, places)
    winner = _run(state)
    return Result(
        method="irv",
        title=election.title,
        seats=1,
        candidates=election.candidates,
        withdrawn=election.withdrawn,
        papers=papers,
        winners=(winner,),
        stages=tuple(state.stages),
        places=places,
        ties=tuple(state.ties),
        notes=(*election.remarks, "A paper that names nobody further who is still in is exhausted."),
        deciding=options.decider.describe(),
    )


def _run(state: _Count) -> int:
    action = "first preferences"
    transfers: tuple[Transfer, ...] = ()
    names = state.election.candidates
    while True:
        totals = tuple(_votes(pile) for pile in state.piles)
        left = [index for index, still_in in enumerate(state.continuing) if still_in]
        in_play = sum(totals)
        first = max(left, key=lambda index: totals[index])
        if 2 * totals[first] > in_play or len(left) == 1:
            written = decimal_string(totals[first], state.places)
            reason = (
                f"{names[first]} is elected with {written} of the {decimal_string(in_play, state.places)} "
            )
            reason += "votes that stand with a candidate."
            _record(state, action, totals, transfers, reason, elected=first)
            return first
        lowest = _lowest(state, left, totals)
        reason = f"{names[lowest]} is excluded with the fewest votes, "
        reason += f"{decimal_string(totals[lowest], state.places)}."
        _record(state, action, totals, transfers, reason, excluded=lowest)
        action, transfers = f"exclusion of {names[lowest]}", _exclude(state, lowest)


def _votes(pile: list[Ballot]) -> Number:
    return sum(ballot.weight for ballot in pile)


def _lowest(state: _Count, left: list[int], totals: tuple[Number, ...]) -> int:
    fewest = min(totals[index] for index in left)
    tied = [index for index in left if totals[index] == fewest]
    if len(tied) == 1:
        return tied[0]
    tie = break_tie(
        tied,
        names=state.election.candidates,
        history=state.history,
        question=Words("who is excluded"),
        decider=state.options.decider,
        highest=False,
    )
    state.ties.append(tie)
    return tie.chosen


def _exclude(state: _Count, lowest: int) -> tuple[Transfer, ...]:
    state.continuing[lowest] = False
    piles, rest = sort_papers(state.piles[lowest], state.continuing)
    state.piles[lowest] = []
    transfers = []
    for target, pile in enumerate(piles):
        if pile:
            state.piles[target].extend(pile)
            transfers.append(Transfer(lowest, target, _votes(pile), 1, _votes(pile)))
    if rest:
        state.exhausted += _votes(rest)
        transfers.append(Transfer(lowest, None, _votes(rest), 1, _votes(rest)))
    return tuple(transfers)


def _record(
    state: _Count,
    action: str,
    totals: tuple[Number, ...],
    transfers: tuple[Transfer, ...],
    reason: str,
    *,
    elected: int | None = None,
    excluded: int | None = None,
) -> None:
    state.history.append(totals)
    state.stages.append(
        Stage(
            n=len(state.history),
            action=action,
            totals=totals,
            elected=() if elected is None else (elected,),
            excluded=() if excluded is None else (excluded,),
            exhausted=state.exhausted,
            transfers=transfers,
            reasons=(reason,),
        )
    )


IRV: Final = Rule(
    name="irv",
    title="Instant-runoff voting",
    source="Robert's Rules of Order Newly Revised (12th edition, 2020) 45:62, preferential voting.",
    arithmetic="Whole votes; weights that are fractions stay exact fractions.",
    ties="The most recent earlier stage on which the tied had unequal votes, then lots.",
    unranked="An unranked candidate receives nothing from the paper.",
    count=irv,
)
