"""Apportionment: sharing out seats among units in proportion to their votes or members.

Nouns: a *unit* with *votes* (or members, or inhabitants); the *seats* of a house; a *rule*; a *claim*,
what a unit has to show for its next seat (a quotient or a remainder); a *tie*, where equal claims meet
fewer seats. Invariants: seats add up to the house, less those a named tie leaves open; bounds are kept;
every comparison is between whole numbers; nothing depends on the order of the units; every seat carries
its reason. Read first: `share.py`, then `quotients.py` and `remainders.py`.
"""

from groundswell.calc.apportionment.ladder import Band, by_ladder, one_per
from groundswell.calc.apportionment.result import Apportionment, Award, Tie
from groundswell.calc.apportionment.rules import RULES, find, modified_sainte_lague
from groundswell.calc.apportionment.share import apportion

__all__ = [
    "RULES",
    "Apportionment",
    "Award",
    "Band",
    "Tie",
    "apportion",
    "by_ladder",
    "find",
    "modified_sainte_lague",
    "one_per",
]
