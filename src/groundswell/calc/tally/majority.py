"""Two rounds: more than half of the votes, or a second round between the two first.

Source: Constitution of France, article 7, and Code électoral, articles L. 123 and following, for one
seat. One set of ranked ballots serves both rounds: in the second each counts for the one it ranks
higher of the two.
"""

from collections.abc import Sequence

from groundswell.calc.errors import RuleError, Words
from groundswell.calc.tally.ballots import Ballot, Election, Number, admit
from groundswell.calc.tally.methods import Options, Rule
from groundswell.calc.tally.result import Result, Stage, decimal_string, places_of
from groundswell.calc.tally.scored import BY_LIST, EXACT
from groundswell.calc.tally.ties import Tie, settle
from groundswell.calc.tally.totals import by_total


def two_round(election: Election, options: Options) -> Result:
    """Elect whoever has more than half of the votes, at the latest of those in the second round.

    Raises `RuleError` for several seats or equal ranks, `TieError` where nothing decides a tie.
    """
    if election.seats != 1:
        raise RuleError(
            "two rounds fill 1 seat, and there are %(seats)s: choose another rule.", seats=election.seats
        )
    if election.has_equal_ranks:
        raise RuleError("two rounds know no equal ranks: mark such ballots as spoiled.")
    ballots, papers = admit(election)
    first = _votes(ballots, election, election.standing)
    valid = sum(first)
    ahead = [index for index in election.standing if 2 * first[index] > valid]
    stages: list[Stage] = []
    ties: list[Tie] = []
    if ahead or len(election.standing) == 1:
        winner = (ahead or list(election.standing))[0]
        stages.append(_stage(1, "first round", first, valid, (winner,), election))
    else:
        pair = _into_second(first, election, options, ties)
        out = tuple(index for index in election.standing if index not in pair)
        stages.append(_stage(1, "first round", first, valid, (), election, out))
        second = _votes(ballots, election, pair)
        winner = _winner(second, pair, election, options, ties)
        stages.append(_stage(2, "second round", second, valid, (winner,), election))
    return Result(
        method="two-round",
        title=election.title,
        seats=1,
        candidates=election.candidates,
        withdrawn=election.withdrawn,
        papers=papers,
        winners=(winner,),
        stages=tuple(stages),
        places=places_of(list(first)),
        ties=tuple(ties),
        notes=(
            "In the second round a ballot counts for the one of the two whom it ranks higher.",
            *election.remarks,
        ),
        deciding=options.decider.describe() if ties else "",
    )


def _votes(ballots: Sequence[Ballot], election: Election, still: Sequence[int]) -> tuple[Number, ...]:
    totals: list[Number] = [0] * len(election.candidates)
    left = frozenset(still)
    for ballot in ballots:
        for (index,) in ballot.ranks:
            if index in left:
                totals[index] += ballot.weight
                break
    return tuple(totals)


def _into_second(
    first: tuple[Number, ...], election: Election, options: Options, ties: list[Tie]
) -> tuple[int, int]:
    """Give the two with the most votes, parting ties for second (or first) place."""
    chosen: list[int] = []
    for group in by_total(first, election.standing):
        left = list(group)
        while left and len(chosen) < 2:  # noqa: PLR2004 - the second round is between two
            if len(left) + len(chosen) <= 2:  # noqa: PLR2004 - the same two
                chosen += left
                break
            tie = settle(
                left,
                names=election.candidates,
                stage=1,
                question=Words("who goes into the second round"),
                decider=options.decider,
                first=True,
            )
            ties.append(tie)
            chosen.append(tie.chosen)
            left.remove(tie.chosen)
    one, other = sorted(chosen)
    return one, other


def _winner(
    second: tuple[Number, ...], pair: tuple[int, int], election: Election, options: Options, ties: list[Tie]
) -> int:
    one, other = pair
    if second[one] != second[other]:
        return one if second[one] > second[other] else other
    tie = settle(
        pair,
        names=election.candidates,
        stage=2,
        question=Words("who is elected"),
        decider=options.decider,
        first=True,
    )
    ties.append(tie)
    return tie.chosen


def _stage(
    n: int,
    action: str,
    totals: tuple[Number, ...],
    valid: Number,
    elected: tuple[int, ...],
    election: Election,
    excluded: tuple[int, ...] = (),
) -> Stage:
    places = places_of([*totals, valid])
    reasons = tuple(
        f"{election.candidates[index]} has {decimal_string(totals[index], places)} of "
        f"{decimal_string(sum(totals), places)} votes."
        for index in elected
    )
    return Stage(
        n=n,
        action=action,
        totals=totals,
        elected=elected,
        excluded=excluded,
        exhausted=valid - sum(totals),
        reasons=reasons,
    )


TWO_ROUND = Rule(
    "two-round",
    "two rounds, one seat",
    "Constitution of France, article 7",
    EXACT,
    BY_LIST,
    "A ballot that names neither of the two in the second round is exhausted.",
    two_round,
)
