"""What is counted: ballots and elections, as frozen values."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from groundswell.calc.errors import InputError

Number = int | Fraction
Ranks = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Ballot:
    """One or more identical papers.

    `weight` is how many votes they are together, always above 0: a weight of 5/2 is two papers and one
    of half a vote. An `int` when it is whole.
    `ranks` lists groups of candidate indexes (0-based), the best liked first; a group of several is
    an equal ranking, an empty group a skipped rank. No ranks at all is a blank paper.
    """

    weight: Number
    ranks: Ranks


@dataclass(frozen=True, slots=True)
class Election:
    """What a rule counts. Raises `InputError` when it does not hang together.

    `withdrawn` are candidates who stand on the papers and cannot be elected. `spoiled` papers were
    rejected before the count: they are accounted for, never counted. `remarks` are sentences on how
    the file was read (its encoding, its dialect); they are printed with the result. What follows them
    is reckoned once from the ballots, so that no rule has to: which weights occur, how many `votes`
    all ballots are together.
    """

    seats: int
    candidates: tuple[str, ...]
    withdrawn: frozenset[int]
    ballots: tuple[Ballot, ...]
    title: str = ""
    spoiled: Number = 0
    remarks: tuple[str, ...] = ()
    has_equal_ranks: bool = field(init=False, compare=False, repr=False)
    has_skipped_ranks: bool = field(init=False, compare=False, repr=False)
    has_blanks: bool = field(init=False, compare=False, repr=False)
    weights: frozenset[Number] = field(init=False, compare=False, repr=False)
    votes: Number = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        _check_candidates(self)
        widths: set[int] = set()
        for ballot in self.ballots:
            _check_ballot(ballot, len(self.candidates))
            widths.update(map(len, ballot.ranks))
        weights = [ballot.weight for ballot in self.ballots]
        object.__setattr__(self, "has_equal_ranks", any(width > 1 for width in widths))
        object.__setattr__(self, "has_skipped_ranks", 0 in widths)
        object.__setattr__(self, "has_blanks", any(not ballot.ranks for ballot in self.ballots))
        object.__setattr__(self, "weights", frozenset(weights))
        object.__setattr__(self, "votes", sum(weights))

    @property
    def standing(self) -> tuple[int, ...]:
        """The indexes of candidates who can be elected, in the order of the paper."""
        return tuple(index for index in range(len(self.candidates)) if index not in self.withdrawn)


def _check_candidates(election: Election) -> None:
    count = len(election.candidates)
    if election.seats < 1:
        raise InputError("there must be at least 1 seat to fill.")
    if election.seats > count:
        raise InputError(
            "there are more seats (%(seats)s) than candidates (%(candidates)s).",
            seats=election.seats,
            candidates=count,
        )
    if any(not name.strip() for name in election.candidates):
        raise InputError("every candidate needs a name.")
    if len(set(election.candidates)) < count:
        twice = next(name for name in election.candidates if election.candidates.count(name) > 1)
        raise InputError("two candidates have the same name, %(name)s: tell them apart.", name=f"“{twice}”")
    if not all(0 <= index < count for index in election.withdrawn):
        raise InputError("a candidate is withdrawn who does not stand.")


def _check_ballot(ballot: Ballot, candidates: int) -> None:
    if ballot.weight <= 0:
        raise InputError("a ballot has the weight %(weight)s; a weight is above 0.", weight=ballot.weight)
    named = [index for group in ballot.ranks for index in group]
    if len(set(named)) < len(named):
        raise InputError("a ballot names a candidate twice: %(ranks)s.", ranks=ballot.ranks)
    if named and not 0 <= min(named) <= max(named) < candidates:
        raise InputError("a ballot names a candidate who does not stand: %(ranks)s.", ranks=ballot.ranks)


@dataclass(frozen=True, slots=True)
class Papers:
    """What became of the papers, by weight: `total` = the other four together.

    `only_withdrawn` papers name nobody but withdrawn candidates: they had a say and lost it, and
    they are no part of the valid votes from which a quota is reckoned.
    """

    total: Number
    valid: Number
    blank: Number
    only_withdrawn: Number
    spoiled: Number


def admit(election: Election) -> tuple[tuple[Ballot, ...], Papers]:
    """Give the ballots that count, withdrawn candidates struck out and gaps closed, and the account.

    Ranks move up into the gaps; the order of the ballots is kept. Raises `InputError` when no ballot
    is left.
    """
    if not election.ballots:
        raise InputError("there are no ballots to count.")
    if not (election.withdrawn or election.has_skipped_ranks or election.has_blanks):
        votes = election.votes
        return election.ballots, Papers(votes + election.spoiled, votes, 0, 0, election.spoiled)
    blank: Number = 0
    lost: Number = 0
    admitted: list[Ballot] = []
    for ballot in election.ballots:
        kept = _without(ballot, election.withdrawn)
        if kept.ranks:
            admitted.append(kept)
        elif any(ballot.ranks):
            lost += ballot.weight
        else:
            blank += ballot.weight
    if not admitted:
        raise InputError("no ballot names a candidate who can be elected, so there is nothing to count.")
    valid = sum(ballot.weight for ballot in admitted)
    total = valid + blank + lost + election.spoiled
    return tuple(admitted), Papers(total, valid, blank, lost, election.spoiled)


def _without(ballot: Ballot, withdrawn: frozenset[int]) -> Ballot:
    groups = (tuple(index for index in group if index not in withdrawn) for group in ballot.ranks)
    ranks = tuple(group for group in groups if group)
    return ballot if ranks == ballot.ranks else Ballot(ballot.weight, ranks)


def merge(ballots: Iterable[Ballot]) -> tuple[Ballot, ...]:
    """Merge ballots that rank alike, adding their weights; in the order of their first appearance."""
    merged: dict[Ranks, Number] = {}
    for ballot in ballots:
        merged[ballot.ranks] = merged.get(ballot.ranks, 0) + ballot.weight
    return tuple(Ballot(whole_if_possible(weight), ranks) for ranks, weight in merged.items())


def whole_if_possible(weight: Number) -> Number:
    """Give a weight as an `int` when it is whole."""
    return weight.numerator if weight.denominator == 1 else weight
