"""The rules as data: what a unit's claim to its next seat is, and where the rule comes from."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from groundswell.calc.errors import RuleError
from groundswell.calc.tally.result import decimal_string, places_of

Terms = tuple[int, int]
TIMES: Final = "\N{MULTIPLICATION SIGN}"
BALINSKI_YOUNG: Final = "Balinski and Young, Fair Representation, 2nd ed., 2001, appendix A"


@dataclass(frozen=True, slots=True)
class QuotientRule:
    """A divisor rule: each next seat goes to the highest quotient of votes and divisor.

    `terms(k)` gives `(a, b)` for a unit's k-th seat (k from 1): its claim is the root of
    `votes ** power * a / b`, the `power`-th root. So a divisor that is itself a square root
    (Huntington-Hill) is compared by squares. `b` is 0 where the divisor is 0: the seat then goes to
    every unit that has a vote, before any other. Claims fall strictly with k.
    """

    name: str
    title: str
    source: str
    divisor: str
    terms: Callable[[int], Terms]
    power: int = 1

    @property
    def seats_everybody(self) -> bool:
        """Whether the first divisor is 0, so that every unit with a vote has a seat."""
        return self.terms(1)[1] == 0


@dataclass(frozen=True, slots=True)
class QuotaRule:
    """A rule of the largest remainder: a seat for each whole quota, the rest to what is left over.

    `quota(votes, seats)` gives the price of a seat, exactly.
    """

    name: str
    title: str
    source: str
    formula: str
    quota: Callable[[int, int], Fraction]


Rule = QuotientRule | QuotaRule


def _dhondt(k: int) -> Terms:
    return 1, k


def _sainte_lague(k: int) -> Terms:
    return 1, 2 * k - 1


def _adams(k: int) -> Terms:
    return 1, k - 1


def _huntington_hill(k: int) -> Terms:
    return 1, k * (k - 1)


def _dean(k: int) -> Terms:
    return 2 * k - 1, 2 * k * (k - 1)


def _hare(votes: int, seats: int) -> Fraction:
    return Fraction(votes, seats)


def _droop(votes: int, seats: int) -> Fraction:
    return Fraction(votes // (seats + 1) + 1)


def _hagenbach_bischoff(votes: int, seats: int) -> Fraction:
    return Fraction(votes, seats + 1)


def modified_sainte_lague(first: Fraction = Fraction(7, 5)) -> QuotientRule:
    """Give Sainte-Laguë with another first divisor: 1.4 (Norway) or 1.2 (Sweden since 2018).

    Raises `RuleError` unless the divisor lies above 0 and below 3, the second divisor.
    """
    if not 0 < first < 3:  # noqa: PLR2004 - 3 is the rule's second divisor
        raise RuleError(
            "the first divisor is %(first)s; it must lie above 0 and below 3, the second one.", first=first
        )

    def terms(k: int) -> Terms:
        return (first.denominator, first.numerator) if k == 1 else (1, 2 * k - 1)

    return QuotientRule(
        "modified-sainte-lague",
        "modified Sainte-Laguë",
        "Valgloven (Norway) § 11-4; Vallagen (Sweden) 14 kap. 3 §",
        f"{decimal_string(first, places_of([first]))}, 3, 5, 7, …",
        terms,
    )


RULES: Final[dict[str, Rule]] = {
    rule.name: rule
    for rule in (
        QuotientRule("dhondt", "D'Hondt (Jefferson)", BALINSKI_YOUNG, "1, 2, 3, …", _dhondt),
        QuotientRule("sainte-lague", "Sainte-Laguë (Webster)", BALINSKI_YOUNG, "1, 3, 5, …", _sainte_lague),
        modified_sainte_lague(),
        QuotientRule(
            "huntington-hill",
            "Huntington-Hill (equal proportions)",
            "2 U.S.C. § 2a",
            f"√(k {TIMES} (k - 1)) for the k-th seat",
            _huntington_hill,
            power=2,
        ),
        QuotientRule("adams", "Adams (smallest divisors)", BALINSKI_YOUNG, "0, 1, 2, …", _adams),
        QuotientRule(
            "dean",
            "Dean (harmonic means)",
            BALINSKI_YOUNG,
            f"2 {TIMES} k {TIMES} (k - 1) ÷ (2 {TIMES} k - 1) for the k-th seat",
            _dean,
        ),
        QuotaRule("hare", "largest remainder, Hare quota (Hamilton)", BALINSKI_YOUNG, "votes ÷ seats", _hare),
        QuotaRule(
            "droop",
            "largest remainder, Droop quota",
            "Droop, Journal of the Statistical Society 44, 1881",
            "votes ÷ (seats + 1), the next whole number above",
            _droop,
        ),
        QuotaRule(
            "hagenbach-bischoff",
            "largest remainder, Hagenbach-Bischoff quota",
            "Hagenbach-Bischoff, Die Frage der Einführung einer Proportionalvertretung, 1888",
            "votes ÷ (seats + 1), not rounded",
            _hagenbach_bischoff,
        ),
    )
}


def find(name: str) -> Rule:
    """Give the rule of that name. Raises `RuleError` naming the rules there are."""
    if name not in RULES:
        raise RuleError(
            "there is no rule “%(name)s”; there are %(rules)s.", name=name, rules=", ".join(RULES)
        )
    return RULES[name]
