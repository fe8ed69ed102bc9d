"""Weighted inclusive Gregory method, general form: the Reference WIGM rule of the PR Foundation (2010).

Taken at five decimal places (the reference has four) and without the optional defeat of several at
once. It differs from the Scottish rule in four points: the quota has decimals; product and quotient
are cut off separately; an elected candidate with exactly the quota has a stage too; the count ends as
soon as an exclusion leaves no more candidates than seats, before those papers would move.
"""

from typing import Final

from groundswell.calc.tally.ballots import Election
from groundswell.calc.tally.gregory import Law, count
from groundswell.calc.tally.methods import Options, Rule
from groundswell.calc.tally.result import Result

PLACES: Final = 5
UNIT: Final = 10**PLACES


def quota(votes: int, seats: int) -> int:
    """A.1: votes over seats plus one, cut off after five places, plus 0.00001; in 1/100000 vote."""
    return votes // (seats + 1) + 1


def transfer_value(value: int, surplus: int, total: int) -> int:
    """B.3 and D.4: value times surplus, cut off, then over the total, cut off."""
    return value * surplus // UNIT * UNIT // total


LAW: Final = Law(
    method="wigm",
    title="WIGM",
    places=PLACES,
    quota=quota,
    transfer_value=transfer_value,
    zero_surplus=True,
    transfers_last=False,
    notes=("A paper that names nobody further who is still in is exhausted: it expresses nothing more.",),
)


def wigm(election: Election, options: Options) -> Result:
    """Count by the reference rule. Raises `InputError`, `RuleError` (equal ranks), `TieError`."""
    return count(LAW, election, options)


WIGM: Final = Rule(
    name="wigm",
    title="Weighted inclusive Gregory method",
    source="Proportional Representation Foundation, Reference WIGM Rule (2010), at five decimal places.",
    arithmetic="Whole numbers of 1/100000 vote; each product and each quotient is cut off after five places.",
    ties="The most recent earlier stage on which the tied had unequal votes, then lots.",
    unranked="An unranked candidate receives nothing from the paper.",
    count=wigm,
)
