"""Scottish local elections: the Scottish Local Government Elections Order 2007, schedule 1, rules 45-52.

The numbers in the comments are those of the rules of the Order (SSI 2007/42). Two points that the
text leaves to its reader follow the electronic counts of 2007 to 2022: the papers of the last excluded
candidate are transferred before those who remain are deemed elected, and a tie of three is narrowed
stage by stage.
"""

from typing import Final

from groundswell.calc.tally.ballots import Election
from groundswell.calc.tally.gregory import count
from groundswell.calc.tally.law import Law
from groundswell.calc.tally.methods import Options, Rule
from groundswell.calc.tally.result import Result

PLACES: Final = 5
UNIT: Final = 10**PLACES


def quota(votes: int, seats: int) -> int:
    """Rule 46: valid papers over seats plus one, decimals ignored, plus one; in 1/100000 vote."""
    return (votes // UNIT // (seats + 1) + 1) * UNIT


def transfer_value(value: int, surplus: int, total: int) -> int:
    """Rule 48(3): surplus times the paper's value over the total, to five places, the rest ignored."""
    return value * surplus // total


LAW: Final = Law(
    method="scottish-stv",
    title="Scottish STV",
    places=PLACES,
    quota=quota,
    transfer_value=transfer_value,
    zero_surplus=False,
    notes=(
        "A paper that names nobody further who is still in is non-transferable: it expresses nothing more.",
    ),
)


def scottish_stv(election: Election, options: Options) -> Result:
    """Count by the Order. Raises `InputError`, `RuleError` (equal ranks), `TieError`."""
    return count(LAW, election, options)


SCOTTISH_STV: Final = Rule(
    name="scottish-stv",
    title=LAW.title,
    source="The Scottish Local Government Elections Order 2007 (SSI 2007/42), schedule 1, rules 45 to 52.",
    arithmetic="Whole numbers of 1/100000 vote; each paper's transfer value is cut off after five places.",
    ties="The most recent earlier stage on which the tied had unequal votes (rules 49, 51), then lots.",
    unranked="An unranked candidate receives nothing from the paper.",
    count=scottish_stv,
)
