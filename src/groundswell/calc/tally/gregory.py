"""Transferable votes by the weighted inclusive Gregory method: one count, several laws.

Every paper has a value; a surplus moves all papers of the elected candidate at a reduced value, an
exclusion moves papers at the value they have. What distinguishes the rules is a `Law` (`law.py`):
`scottish.py` and `wigm.py` state theirs with its source.

All figures inside are whole numbers of 1/`unit` vote; the stages hold exact fractions.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from groundswell.calc.errors import RuleError, Words
from groundswell.calc.tally.ballots import Ballot, Election, Papers, admit
from groundswell.calc.tally.law import Law
from groundswell.calc.tally.methods import Options
from groundswell.calc.tally.piles import (
    Parcels,
    cut_off,
    papers_in,
    parcels_by_value,
    refuse_equal_ranks,
    sort_papers,
)
from groundswell.calc.tally.result import Result, Stage, Transfer, decimal_string
from groundswell.calc.tally.ties import Tie, break_tie

# what became of the papers of a candidate: (ballots, kept value of each paper)
Holdings = list[tuple[list[Ballot], int]]


@dataclass(slots=True)
class Count:
    """A count under way. `run` drives it; `countback` asks it what the elected kept."""

    law: Law
    election: Election
    options: Options
    papers: Papers
    unit: int
    quota: int
    count_papers: Callable[[list[Ballot]], int]
    parcels: list[Parcels]
    totals: list[int]
    continuing: list[bool]
    exhausted: int = 0
    lost: int = 0
    winners: list[int] = field(default_factory=list)
    pending: list[int] = field(default_factory=list)
    kept: dict[int, Holdings] = field(default_factory=dict)
    history: list[list[int]] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)

    @property
    def vacancies(self) -> int:
        """How many seats are still to be filled."""
        return self.election.seats - len(self.winners)


def count(law: Law, election: Election, options: Options) -> Result:
    """Count an election by a law of this family. Raises `InputError`, `RuleError`, `TieError`."""
    state = begin(law, election, options)
    run(state)
    return Result(
        method=law.method,
        title=election.title,
        seats=election.seats,
        candidates=election.candidates,
        withdrawn=election.withdrawn,
        papers=state.papers,
        winners=tuple(state.winners),
        stages=tuple(state.stages),
        places=law.places,
        quota=Fraction(state.quota, state.unit),
        ties=tuple(state.ties),
        notes=(*election.remarks, *law.notes, *cut_off(state.stages[0], state.papers.valid, law.places)),
        deciding=options.decider.describe(),
    )


def begin(law: Law, election: Election, options: Options) -> Count:
    """Sort the papers by first preference and reckon the quota."""
    refuse_equal_ranks(election, law.title)
    if options.unranked == "last":
        raise RuleError(
            "%(rule)s counts nothing for unranked candidates: --unranked last has no meaning.", rule=law.title
        )
    ballots, papers = admit(election)
    unit = 10**law.places
    count_papers = len if election.weights == {1} else papers_in
    by_value = parcels_by_value(ballots, election.weights, unit)
    standing = set(election.standing)
    continuing = [index in standing for index in range(len(election.candidates))]
    parcels: list[Parcels] = [{} for _ in continuing]
    totals = [0] * len(continuing)
    for value, group in by_value.items():
        piles, _ = sort_papers(group, continuing)
        for candidate, pile in enumerate(piles):
            if pile:
                parcels[candidate][value] = pile
                totals[candidate] += value * count_papers(pile)
    quota = law.quota(sum(totals), election.seats)
    return Count(law, election, options, papers, unit, quota, count_papers, parcels, totals, continuing)


def run(state: Count) -> None:
    """Carry the count through to its last stage."""
    action: str = "first preferences"
    transfers: tuple[Transfer, ...] = ()
    while True:
        elected, reasons = _elect(state)
        surplus = excluded = None
        if state.vacancies > 0 and any(state.continuing):
            surplus = _largest_surplus(state)
            if surplus is None:
                excluded = _exclude(state, reasons)
        _record(state, action, transfers, elected, excluded, reasons)
        if surplus is not None:
            action, transfers = _transfer_surplus(state, surplus)
        elif excluded is not None:
            action, transfers = _transfer_excluded(state, excluded)
        else:
            return


def _elect(state: Count) -> tuple[list[int], list[str]]:
    """Deem elected who has the quota, the highest first, then who must fill the last seats."""
    law, places = state.law, state.law.places
    reached = [index for index in _continuing(state) if state.totals[index] >= state.quota]
    reached.sort(key=lambda index: -state.totals[index])
    reasons = []
    for index in reached:
        _seat(state, index)
        if law.zero_surplus or state.totals[index] > state.quota:
            state.pending.append(index)
        total = decimal_string(Fraction(state.totals[index], state.unit), places)
        reasons.append(f"{state.election.candidates[index]} is elected: {total} votes reach the quota.")
    return reached + _fill(state, reasons), reasons


def _fill(state: Count, reasons: list[str]) -> list[int]:
    left = _continuing(state)
    if not left or len(left) > state.vacancies:
        return []
    left.sort(key=lambda index: -state.totals[index])
    for index in left:
        _seat(state, index)
        reasons.append(
            f"{state.election.candidates[index]} is elected: no more candidates continue than seats remain."
        )
    return left


def _seat(state: Count, index: int) -> None:
    state.continuing[index] = False
    state.winners.append(index)


def _continuing(state: Count) -> list[int]:
    return [index for index, still_in in enumerate(state.continuing) if still_in]


def _largest_surplus(state: Count) -> int | None:
    if not state.pending:
        return None
    most = max(state.totals[index] for index in state.pending)
    tied = [index for index in state.pending if state.totals[index] == most]
    return _choose(state, tied, highest=True, question=Words("whose surplus is transferred first"))


def _exclude(state: Count, reasons: list[str]) -> int:
    left = _continuing(state)
    fewest = min(state.totals[index] for index in left)
    tied = [index for index in left if state.totals[index] == fewest]
    chosen = _choose(state, tied, highest=False, question=Words("who is excluded"))
    state.continuing[chosen] = False
    total = decimal_string(Fraction(fewest, state.unit), state.law.places)
    reasons.append(f"{state.election.candidates[chosen]} is excluded with the fewest votes, {total}.")
    return chosen


def _choose(state: Count, tied: list[int], *, highest: bool, question: Words) -> int:
    """Choose among equals by the latest earlier stage that parts them, then as the options say."""
    if len(tied) == 1:
        return tied[0]
    tie = break_tie(
        tied,
        names=state.election.candidates,
        history=state.history,
        question=question,
        decider=state.options.decider,
        highest=highest,
    )
    state.ties.append(tie)
    return tie.chosen


def _transfer_surplus(state: Count, source: int) -> tuple[str, tuple[Transfer, ...]]:
    state.pending.remove(source)
    total = state.totals[source]
    surplus = total - state.quota
    moved = 0
    transfers: list[Transfer] = []
    kept: Holdings = []
    for value, ballots in state.parcels[source].items():
        new_value = state.law.transfer_value(value, surplus, total)
        kept.append((ballots, value - new_value))
        moved += _move(state, source, ballots, new_value, transfers)
    state.kept[source] = kept
    state.parcels[source] = {}
    state.totals[source] = state.quota
    state.exhausted += surplus - moved
    state.lost += surplus - moved
    return f"surplus of {state.election.candidates[source]}", tuple(transfers)


def _transfer_excluded(state: Count, source: int) -> tuple[str, tuple[Transfer, ...]]:
    transfers: list[Transfer] = []
    for value, ballots in state.parcels[source].items():
        _move(state, source, ballots, value, transfers)
    state.parcels[source] = {}
    state.totals[source] = 0
    return f"exclusion of {state.election.candidates[source]}", tuple(transfers)


def _move(state: Count, source: int, ballots: list[Ballot], value: int, transfers: list[Transfer]) -> int:
    """Move papers at `value` to their next preferences; give the votes that moved."""
    piles, rest = sort_papers(ballots, state.continuing)
    count_papers = state.count_papers
    moved = 0
    for target, pile in enumerate(piles):
        if not pile:
            continue
        papers = count_papers(pile)
        moved += value * papers
        state.totals[target] += value * papers
        parcel = state.parcels[target].setdefault(value, pile)
        if parcel is not pile:
            parcel.extend(pile)
        transfers.append(_transfer(state, source, target, papers, value))
    if rest:
        papers = count_papers(rest)
        moved += value * papers
        state.exhausted += value * papers
        transfers.append(_transfer(state, source, None, papers, value))
    return moved


def _transfer(state: Count, source: int, target: int | None, papers: int, value: int) -> Transfer:
    return Transfer(source, target, papers, Fraction(value, state.unit), Fraction(value * papers, state.unit))


def _record(
    state: Count,
    action: str,
    transfers: tuple[Transfer, ...],
    elected: list[int],
    excluded: int | None,
    reasons: list[str],
) -> None:
    unit = state.unit
    state.history.append(list(state.totals))
    state.stages.append(
        Stage(
            n=len(state.history),
            action=action,
            totals=tuple(Fraction(total, unit) for total in state.totals),
            elected=tuple(elected),
            excluded=() if excluded is None else (excluded,),
            exhausted=Fraction(state.exhausted, unit),
            lost=Fraction(state.lost, unit),
            transfers=transfers,
            reasons=tuple(reasons),
        )
    )
