"""Approval, score, plurality and block: the rules that only add up.

Sources: Brams and Fishburn, Approval Voting, 1983 (approval); Smith, Range voting, 2000 (score);
plurality and block as in Representation of the People Act 1983 (UK), schedule 1.
"""

from groundswell.calc.errors import RuleError
from groundswell.calc.tally.ballots import Ballot, Election, Number, admit
from groundswell.calc.tally.methods import Options, Rule
from groundswell.calc.tally.result import Result
from groundswell.calc.tally.totals import elect_highest

EXACT = "Whole weights stay whole and fractions stay fractions; nothing is rounded."
BY_LIST = "Equal totals share a place; for a seat, a list or a lot decides."


def approval(election: Election, options: Options) -> Result:
    """Count each candidate whom a ballot names at all, on whatever rank, as approved."""
    ballots, papers = admit(election)
    totals: list[Number] = [0] * len(election.candidates)
    for ballot in ballots:
        for group in ballot.ranks:
            for index in group:
                totals[index] += ballot.weight
    note = "Every candidate whom a ballot names is approved, on whatever rank; unnamed is not approved."
    return elect_highest(
        election, papers, options, method="approval", action="approvals", totals=totals, notes=(note,)
    )


def score(election: Election, options: Options) -> Result:
    """Count ranks as points: as many levels as the longest ballot has, skipped ranks included.

    The first rank is worth that many points, each next one point less, an unnamed candidate nothing.
    Withdrawn candidates keep their rank occupied, so that nobody's points change.
    """
    _, papers = admit(election)
    levels = max(len(ballot.ranks) for ballot in election.ballots)
    totals: list[Number] = [0] * len(election.candidates)
    for ballot in election.ballots:
        for rank, group in enumerate(ballot.ranks):
            for index in group:
                if index not in election.withdrawn:
                    totals[index] += ballot.weight * (levels - rank)
    note = (
        f"The longest ballot has {levels} ranks: the first rank is worth {levels} points, each next one "
        "point less, an unnamed candidate has none."
    )
    return elect_highest(
        election, papers, options, method="score", action="points", totals=totals, notes=(note,)
    )


def plurality(election: Election, options: Options) -> Result:
    """Count first preferences; the most votes win. Raises `RuleError` for several first preferences."""
    ballots, papers = admit(election)
    totals: list[Number] = [0] * len(election.candidates)
    for ballot in ballots:
        totals[_only_first(ballot, election)] += ballot.weight
    several = f"Each ballot has one vote for {election.seats} seats (the single non-transferable vote)."
    note = "Only the first preference counts."
    return elect_highest(
        election,
        papers,
        options,
        method="plurality",
        action="first preferences",
        totals=totals,
        notes=(note, several) if election.seats > 1 else (note,),
    )


def _only_first(ballot: Ballot, election: Election) -> int:
    first = ballot.ranks[0]
    if len(first) > 1:
        names = ", ".join(election.candidates[index] for index in first)
        raise RuleError(
            "a ballot places %(names)s equally first, and plurality counts one first "
            "preference: mark such ballots as spoiled, or use block or approval.",
            names=names,
        )
    return first[0]


def block(election: Election, options: Options) -> Result:
    """Count as many votes of each ballot as there are seats, from its top.

    Raises `RuleError` where an equal rank leaves open which of its candidates have the last vote.
    """
    ballots, papers = admit(election)
    totals: list[Number] = [0] * len(election.candidates)
    for ballot in ballots:
        left = election.seats
        for group in ballot.ranks:
            if left and len(group) > left:
                names = ", ".join(election.candidates[index] for index in group)
                raise RuleError(
                    "a ballot has %(left)s votes left for %(names)s, whom it ranks equally: "
                    "with %(seats)s seats it has %(seats)s votes; mark such ballots as spoiled.",
                    left=left,
                    names=names,
                    seats=election.seats,
                )
            for index in group[:left]:
                totals[index] += ballot.weight
            left -= min(left, len(group))
    note = f"Each ballot has {election.seats} votes, which go to the candidates it ranks highest."
    return elect_highest(
        election, papers, options, method="block", action="votes", totals=totals, notes=(note,)
    )


APPROVAL = Rule(
    "approval",
    "approval voting",
    "Brams and Fishburn, Approval Voting, 1983",
    EXACT,
    BY_LIST,
    "An unnamed candidate is not approved.",
    approval,
)
SCORE = Rule(
    "score",
    "score voting, ranks as points",
    "Smith, Range voting, 2000",
    EXACT,
    BY_LIST,
    "An unnamed candidate has no points.",
    score,
)
PLURALITY = Rule(
    "plurality",
    "plurality (first past the post)",
    "Representation of the People Act 1983 (UK), schedule 1, rule 50",
    EXACT,
    BY_LIST,
    "Only the first preference counts.",
    plurality,
)
BLOCK = Rule(
    "block",
    "block vote (as many votes as seats)",
    "Representation of the People Act 1983 (UK), schedule 1; Local Elections (Principal Areas) Rules 2006",
    EXACT,
    BY_LIST,
    "An unnamed candidate has no vote.",
    block,
)
