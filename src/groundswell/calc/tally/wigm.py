"""Weighted inclusive Gregory method, general form: the Reference WIGM rule of the PR Foundation (2010).

Taken at five decimal places (the reference has four) and without the optional defeat of several at
once. It differs from the Scottish rule in three points: the quota has decimals; product and quotient
are cut off separately; an elected candidate with exactly the quota has a stage too. Where the text of
the rule and its published reference counts differ, the counts are followed: the papers of the last
excluded candidate are transferred before the count ends.
"""

from typing import Final

from groundswell.calc.tally.ballots import Election
from groundswell.calc.tally.gregory import count
from groundswell.calc.tally.law import Law
from groundswell.calc.tally.methods import Options, Rule
from groundswell.calc.tally.result import Result

PLACES: Final = 5


def law(places: int) -> Law:
    """Give the rule at a number of decimal places."""
    unit: int = 10**places

    def quota(votes: int, seats: int) -> int:
        """A.1: votes over seats plus one, cut off, plus one in the last place."""
        return votes // (seats + 1) + 1

    def transfer_value(value: int, surplus: int, total: int) -> int:
        """B.3 and D.4: value times surplus, cut off, then over the total, cut off."""
        return (value * surplus) // unit * unit // total

    return Law(
        method="wigm",
        title="WIGM",
        places=places,
        quota=quota,
        transfer_value=transfer_value,
        zero_surplus=True,
        notes=("A paper that names nobody further who is still in is exhausted: it expresses nothing more.",),
    )


LAW: Final = law(PLACES)


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
