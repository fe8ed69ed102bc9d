"""Meek's method: the elected keep just the part of each vote that they need, found by iteration.

Source: Hill, Wichmann and Woodall, “Algorithm 123: Single Transferable Vote by Meek's Method”, The
Computer Journal 30 (1987) 277-281, in the form of the Reference Meek Rule of the PR Foundation (2010):
fixed-point arithmetic of nine places, kept parts and keep factors rounded up, iteration until the
total surplus is below 0.000001 or stops falling. The letters in the comments are those of that rule.

A stage is a round of that rule: it ends when the iteration elects somebody or has converged.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from groundswell.calc.errors import RuleError, Words
from groundswell.calc.tally.ballots import Election, Papers, admit
from groundswell.calc.tally.meek_tree import ELECTED, EXCLUDED, HOPEFUL, Node
from groundswell.calc.tally.methods import Options, Rule
from groundswell.calc.tally.piles import cut_off, parcels_by_value, refuse_equal_ranks
from groundswell.calc.tally.result import Result, Stage, decimal_string
from groundswell.calc.tally.ties import Tie, settle

PLACES: Final = 9
UNIT: Final = 10**PLACES
OMEGA: Final = UNIT // 10**6


@dataclass(slots=True)
class Count:
    """A count under way."""

    election: Election
    options: Options
    papers: Papers
    roots: list[tuple[int, Node]]
    status: list[int]
    keeps: list[int]
    votes: list[int]
    quota: int = 0
    surplus: int = 0
    spent: int = 0
    passes: int = 0
    winners: list[int] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)


def meek(election: Election, options: Options) -> Result:
    """Count by Meek's method. Raises `InputError`, `RuleError` (equal ranks), `TieError`."""
    state = begin(election, options)
    run(state)
    return Result(
        method="meek",
        title=election.title,
        seats=election.seats,
        candidates=election.candidates,
        withdrawn=election.withdrawn,
        papers=state.papers,
        winners=tuple(state.winners),
        stages=tuple(state.stages),
        places=PLACES,
        quota=Fraction(state.quota, UNIT),
        ties=tuple(state.ties),
        notes=(
            *election.remarks,
            "What a paper passes on to nobody is exhausted and lowers the quota; named is the last quota.",
            *cut_off(state.stages[0], state.papers.valid, PLACES),
        ),
        deciding=options.decider.describe(),
    )


def begin(election: Election, options: Options) -> Count:
    """Sort the papers (step A)."""
    refuse_equal_ranks(election, "meek")
    if options.unranked == "last":
        raise RuleError("meek counts nothing for unranked candidates: --unranked last has no meaning.")
    ballots, papers = admit(election)
    standing = set(election.standing)
    status = [HOPEFUL if index in standing else EXCLUDED for index in range(len(election.candidates))]
    roots = []
    for value, group in parcels_by_value(ballots, election.weights, UNIT).items():
        root = Node()
        root.add(group, None, status)
        roots.append((value, root))
    keeps = [UNIT if index in standing else 0 for index in range(len(status))]
    return Count(election, options, papers, roots, status, keeps, [0] * len(status))


def run(state: Count) -> None:
    """Carry the count through to its last stage (step B)."""
    action = "first preferences"
    while True:
        elected, reasons = _iterate(state)
        excluded = None
        if not elected and _hopeful(state):
            excluded = _exclude(state, reasons)
        elected += _fill(state, reasons)
        _record(state, action, elected, excluded, reasons)
        if len(state.winners) >= state.election.seats or not _hopeful(state):
            return
        action = _action(state, elected, excluded)
        _rearrange(state, elected, excluded)


def _action(state: Count, elected: list[int], excluded: int | None) -> str:
    names = state.election.candidates
    if excluded is not None:
        return f"exclusion of {names[excluded]}"
    return f"surplus of {', '.join(names[index] for index in elected)}"


def _rearrange(state: Count, elected: list[int], excluded: int | None) -> None:
    for _, root in state.roots:
        for index in elected:
            root.elect(index, state.status)
        if excluded is not None:
            root.exclude(excluded, state.status)


def _hopeful(state: Count) -> list[int]:
    return [index for index, status in enumerate(state.status) if status == HOPEFUL]


def _iterate(state: Count) -> tuple[list[int], list[str]]:
    """Distribute and adjust (step B.2) until somebody is elected or the surplus is spent."""
    seats = state.election.seats
    before = None
    state.passes = 0
    while True:
        state.passes += 1
        _distribute(state)  # B.2.a
        state.quota = sum(state.votes) // (seats + 1) + 1  # B.2.b
        reached = [index for index in _hopeful(state) if state.votes[index] >= state.quota]  # B.2.c
        if reached:
            reached.sort(key=lambda index: -state.votes[index])
            return _elect(state, reached)
        state.surplus = _surplus(state)  # B.2.d
        if state.surplus < OMEGA or (before is not None and state.surplus >= before):  # B.2.e
            return [], []
        before = state.surplus
        for index in state.winners:  # B.2.f
            state.keeps[index] = _up(_up(state.keeps[index] * state.quota, UNIT) * UNIT, state.votes[index])


def _up(above: int, below: int) -> int:
    return -(-above // below)


def _surplus(state: Count) -> int:
    return max(0, sum(state.votes[index] - state.quota for index in state.winners))


def _distribute(state: Count) -> None:
    state.votes = [0] * len(state.status)
    state.spent = sum(root.distribute(value, state.keeps, UNIT, state.votes) for value, root in state.roots)


def _elect(state: Count, reached: list[int]) -> tuple[list[int], list[str]]:
    reasons = []
    for index in reached:
        state.status[index] = ELECTED
        state.winners.append(index)
        votes = decimal_string(Fraction(state.votes[index], UNIT), PLACES)
        reasons.append(f"{state.election.candidates[index]} is elected: {votes} votes reach the quota.")
    return reached, reasons


def _fill(state: Count, reasons: list[str]) -> list[int]:
    """Elect whoever is left when no more remain than seats (steps B.1 and C.1)."""
    left = _hopeful(state)
    if len(left) > state.election.seats - len(state.winners):
        return []
    left.sort(key=lambda index: -state.votes[index])
    for index in left:
        state.status[index] = ELECTED
        state.winners.append(index)
        reasons.append(
            f"{state.election.candidates[index]} is elected: no more candidates continue than seats remain."
        )
    return left


def _exclude(state: Count, reasons: list[str]) -> int:
    """Exclude the lowest (step B.3): tied is whoever the surplus left over could still lift past her."""
    left = _hopeful(state)
    fewest = min(state.votes[index] for index in left)
    tied = [index for index in left if state.votes[index] <= fewest + state.surplus]
    chosen = tied[0]
    if len(tied) > 1:
        tie = settle(
            tied,
            names=state.election.candidates,
            stage=len(state.stages) + 1,
            question=Words("who is excluded"),
            decider=state.options.decider,
            first=False,
            before=Words("Meek's method looks at no earlier stage"),
        )
        state.ties.append(tie)
        chosen = tie.chosen
    state.status[chosen] = EXCLUDED
    state.keeps[chosen] = 0
    votes = decimal_string(Fraction(state.votes[chosen], UNIT), PLACES)
    reasons.append(f"{state.election.candidates[chosen]} is excluded with the fewest votes, {votes}.")
    return chosen


def _record(state: Count, action: str, elected: list[int], excluded: int | None, reasons: list[str]) -> None:
    shown = list(state.keeps)
    if excluded is not None:
        shown[excluded] = UNIT  # the factor with which these totals were reached
    passes = f"{state.passes} passes" if state.passes > 1 else "1 pass"
    state.stages.append(
        Stage(
            n=len(state.stages) + 1,
            action=f"{action} ({passes})",
            totals=tuple(Fraction(votes, UNIT) for votes in state.votes),
            elected=tuple(elected),
            excluded=() if excluded is None else (excluded,),
            exhausted=Fraction(state.spent, UNIT),
            reasons=tuple(reasons),
            quota=Fraction(state.quota, UNIT),
            keeps=tuple(Fraction(keep, UNIT) for keep in shown),
        )
    )


MEEK: Final = Rule(
    name="meek",
    title="Meek's method",
    source=(
        "Hill, Wichmann and Woodall, Algorithm 123, The Computer Journal 30 (1987) 277; Proportional "
        "Representation Foundation, Reference Meek Rule (2010)."
    ),
    arithmetic="Whole numbers of 1/1000000000 vote; kept parts and keep factors are rounded up.",
    ties="Lots; tied with the lowest is whoever the surplus left over could still reach.",
    unranked="An unranked candidate receives nothing from the paper.",
    count=meek,
)
