"""What comes out of an apportionment: seats, the reason of each, and the ties, as frozen values."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from groundswell.calc.apportionment.rules import QuotaRule, Rule

By = Literal["base", "minimum", "first seat", "quotient", "whole quota", "remainder", "ratio", "part"]


class Award(NamedTuple):
    """One seat and why it is there.

    `unit` is an index into the names; `nth` says which of the unit's seats this is (from 1). `claim`
    is the number k of the claim that won it (its divisor is the k-th; its remainder what is left after
    k - 1 quotas); 0 where the seat was not contested. `rival` is the unit next in line, with its claim
    `rival_claim`; None where nobody else could have had the seat. `tied` tells that a list or a lot
    gave the seat.
    """

    unit: int
    nth: int
    by: By
    claim: int = 0
    rival: int | None = None
    rival_claim: int = 0
    tied: bool = False


@dataclass(frozen=True, slots=True)
class Tie:
    """Units with equal claims to fewer seats: `seats` seats among `units` (indexes, in file order).

    `claims` are the numbers of their claims. `winners` is empty while nothing decides; then the seats
    stay open. `how` is “lot” or “decision”, `because` the sentence by which it can be repeated.
    """

    units: tuple[int, ...]
    claims: tuple[int, ...]
    seats: int
    winners: tuple[int, ...] = ()
    how: str | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Apportionment:
    """Seats with their whole working; the tuples run beside `names`, in the order given.

    `seats` counts what is decided; `house` is the number shared out, so that
    `sum(seats) + undecided == house`. `quota` and `shared_votes` belong to the largest remainder:
    the price of a seat among the units that took part in the last step (`fixed` units had left it at
    a bound). `excluded` stay below the threshold. `rule` is None for a ladder, whose
    `sentences` explain each unit.
    """

    method: str
    title: str
    rule: Rule | None
    names: tuple[str, ...]
    votes: tuple[int, ...]
    house: int
    seats: tuple[int, ...]
    awards: tuple[Award, ...]
    ties: tuple[Tie, ...] = ()
    excluded: tuple[int, ...] = ()
    base: int = 0
    quota: Fraction | None = None
    notes: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()

    @property
    def undecided(self) -> int:
        """How many seats a tie leaves open."""
        return sum(tie.seats for tie in self.ties if not tie.winners)

    def by_name(self) -> dict[str, int]:
        """Give the decided seats of every unit, in the order given."""
        return dict(zip(self.names, self.seats, strict=True))

    def claim_power(self) -> int:
        """Give the root to draw before a claim is shown: 2 where claims are compared by squares."""
        return 1 if self.rule is None or isinstance(self.rule, QuotaRule) else self.rule.power

    def claim(self, unit: int, number: int) -> Fraction:
        """Give the claim of a unit, as compared (to the power `claim_power()`)."""
        votes = self.votes[unit]
        if isinstance(self.rule, QuotaRule) and self.quota is not None:
            return votes - (number - 1) * self.quota
        if self.rule is None or isinstance(self.rule, QuotaRule):
            raise ValueError("a seat by ladder has no claim")
        above, below = self.rule.terms(number)
        return Fraction(votes**self.rule.power * above, below)
