"""Filling a vacancy from the ballots of the election itself.

The papers that elected the member who leaves choose the successor: each counts with the part of its
value that she kept (what it was worth when she received it, less what her surplus passed on), for the
next preference among the candidates who were not elected and still stand. They are counted by instant
runoff. This is the idea of the countback in the Australian Capital Territory (Electoral Act 1992) and
of the recount in Tasmania (Electoral Act 2004), with the arithmetic of the rule under which the
election was counted. The other members keep their seats whatever comes out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

from groundswell.calc.errors import InputError, RuleError
from groundswell.calc.tally import gregory, meek
from groundswell.calc.tally.ballots import Ballot, Election, admit, merge
from groundswell.calc.tally.irv import irv
from groundswell.calc.tally.law import Law
from groundswell.calc.tally.methods import Options
from groundswell.calc.tally.piles import parcels_by_value
from groundswell.calc.tally.result import Result
from groundswell.calc.tally.scottish import LAW as SCOTTISH
from groundswell.calc.tally.wigm import LAW as WIGM

_LAWS: Final[dict[str, Law]] = {SCOTTISH.method: SCOTTISH, WIGM.method: WIGM}


def countback(
    election: Election,
    result: Result,
    vacated: int,
    options: Options,
    *,
    standing: Iterable[int] | None = None,
) -> Result:
    """Elect a successor to `vacated`, one of the winners of `result`.

    `options` are those of the election (the count is repeated and must come out the same) and decide
    ties of the countback too; `standing` are the candidates who still want the seat, by default all
    who were not elected. Raises `InputError`, `RuleError` (a rule without transfers), `TieError`.
    """
    name = election.candidates[vacated] if 0 <= vacated < len(election.candidates) else str(vacated)
    if vacated not in result.winners:
        raise InputError("%(name)s was not elected, so there is no seat of theirs to fill.", name=name)
    free = {index for index in election.standing if index not in result.winners}
    willing = free if standing is None else free & set(standing)
    if not willing:
        raise InputError("no candidate who was not elected still stands: the seat stays vacant.")
    papers = merge(_held(election, result, vacated, options))
    others = frozenset(range(len(election.candidates))) - willing
    title = f"{election.title or 'Election'}: countback for the seat of {name}"
    found = irv(Election(1, election.candidates, others, papers, title), options)
    return replace(
        found,
        notes=(
            f"Counted are the papers that elected {name}, each with the value that she kept.",
            *found.notes,
        ),
    )


def _held(election: Election, result: Result, member: int, options: Options) -> Iterator[Ballot]:
    """Give the papers that stand with a member, weighted by what she keeps of them."""
    if result.method == "irv":
        yield from _held_by_irv(election, result, member)
    elif result.method == "meek":
        yield from _held_by_meek(election, result, member, options)
    elif result.method in _LAWS:
        yield from _held_by_gregory(election, result, member, options)
    else:
        raise RuleError(
            "%(method)s transfers no papers, so there are none to count back; hold an election.",
            method=result.method,
        )


def _held_by_gregory(election: Election, result: Result, member: int, options: Options) -> Iterator[Ballot]:
    state = gregory.begin(_LAWS[result.method], election, options)
    gregory.run(state)
    _same(tuple(state.winners), result)
    held = state.kept.get(member)
    if held is None:
        held = [(ballots, value) for value, ballots in state.parcels[member].items()]
    for ballots, value in held:
        for ballot in ballots:
            if value:
                yield Ballot(ballot.weight * Fraction(value, state.unit), ballot.ranks)


def _held_by_meek(election: Election, result: Result, member: int, options: Options) -> Iterator[Ballot]:
    state = meek.begin(election, options)
    meek.run(state)
    _same(tuple(state.winners), result)
    ballots, _ = admit(election)
    for value, group in parcels_by_value(ballots, election.weights, meek.UNIT).items():
        for ballot in group:
            kept = _kept_by_meek(ballot, value, state.keeps, member)
            if kept:
                yield Ballot(ballot.weight * Fraction(kept, meek.UNIT), ballot.ranks)


def _kept_by_meek(ballot: Ballot, value: int, keeps: list[int], member: int) -> int:
    for group in ballot.ranks:
        kept = -(-value * keeps[group[0]] // meek.UNIT)
        if group[0] == member:
            return kept
        value -= kept
        if not value:
            break
    return 0


def _held_by_irv(election: Election, result: Result, member: int) -> Iterator[Ballot]:
    out = {index for stage in result.stages for index in stage.excluded}
    ballots, _ = admit(election)
    for ballot in ballots:
        stands_with = next((group[0] for group in ballot.ranks if group[0] not in out), None)
        if stands_with == member:
            yield ballot


def _same(winners: tuple[int, ...], result: Result) -> None:
    if winners != result.winners:
        raise InputError(
            "the result is not that of this election with these decisions: count it again first."
        )
