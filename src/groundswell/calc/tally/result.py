"""What comes out of a count: a value that carries the whole working.

Figures are exact (`int` or `Fraction`); `places` says with how many decimals they are written.
Candidates are indexes into `candidates`. The renderers stand beside: `as_json`, `as_text`, `as_html`
and `as_sheet`.
"""

from dataclasses import dataclass
from fractions import Fraction

from groundswell.calc.tally.ballots import Number, Papers
from groundswell.calc.tally.ties import Tie


@dataclass(frozen=True, slots=True)
class Transfer:
    """Papers that moved on a stage: `papers` of them, each then worth `value`, together `votes`.

    `source` and `target` are candidates; no target means that the papers name nobody further who is
    still in. `value` is None where the papers have no common value (Meek, fractional papers).
    """

    source: int
    target: int | None
    papers: Number
    value: Number | None
    votes: Number


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the count.

    `action` says in words how its totals came about (“surplus of Ada”); `totals` holds every candidate
    of the election in order, after that action; `exhausted` all that stands with nobody, including
    `lost`, what rounding has lost so far. `elected` and `excluded` are decided on these totals, in
    that order; `reasons` says why, one sentence for each decision. `quota` where it differs by stage;
    `keeps` what part of each vote each candidate keeps, where the rule works by keep factors (Meek).
    """

    n: int
    action: str
    totals: tuple[Number, ...]
    elected: tuple[int, ...] = ()
    excluded: tuple[int, ...] = ()
    exhausted: Number = 0
    lost: Number = 0
    transfers: tuple[Transfer, ...] = ()
    reasons: tuple[str, ...] = ()
    quota: Number | None = None
    keeps: tuple[Number, ...] | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """A square table over the candidates: `cells[a][b]` is what `a` has against `b`."""

    title: str
    cells: tuple[tuple[Number, ...], ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A count with its whole working.

    `method` is the rule's name in the registry; `winners` stand in the order of election; `ranking` is
    a list of groups (several in a group share the place), None where the rule gives none; `matrices`
    hold pairwise counts, strengths of paths and the like, where the rule has them. `notes` are
    sentences a reader must know (what an unranked candidate means, what was struck out, how the file
    was read); `deciding` says what decided ties.
    """

    method: str
    title: str
    seats: int
    candidates: tuple[str, ...]
    withdrawn: frozenset[int]
    papers: Papers
    winners: tuple[int, ...]
    stages: tuple[Stage, ...]
    places: int = 0
    quota: Number | None = None
    ties: tuple[Tie, ...] = ()
    ranking: tuple[tuple[int, ...], ...] | None = None
    matrices: tuple[Matrix, ...] = ()
    notes: tuple[str, ...] = ()
    deciding: str = ""

    def names(self, indexes: tuple[int, ...]) -> list[str]:
        """Give the names of candidates in the order of their indexes given."""
        return [self.candidates[index] for index in indexes]

    @property
    def unfilled(self) -> int:
        """How many seats nobody could be elected to."""
        return self.seats - len(self.winners)


def decimal_string(value: Number, places: int) -> str:
    """Write an exact figure with `places` decimals, cut off (not rounded) beyond them.

    >>> decimal_string(Fraction(1, 3), 5)
    '0.33333'
    """
    exact = Fraction(value)
    scaled = abs(exact.numerator) * 10**places // exact.denominator
    sign = "-" if exact < 0 and scaled else ""
    if not places:
        return f"{sign}{scaled}"
    digits = str(scaled).zfill(places + 1)
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def plain(value: Number) -> str:
    """Write an exact figure as shortly as it can be: 12, 0.5, or 1/3 where no decimals end it."""
    exact = Fraction(value)
    places = places_of([exact])
    if (exact * 10**places).denominator > 1:
        return str(exact)
    return decimal_string(exact, places)


def places_of(figures: list[Number], most: int = 9) -> int:
    """How many decimals write all these figures exactly, at most `most` (thirds never end)."""
    for places in range(most):
        if all((Fraction(figure) * 10**places).denominator == 1 for figure in figures):
            return places
    return most
