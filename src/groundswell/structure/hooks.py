"""What rooms above hang into this one, registered when they are ready.

A handler of a write runs in the same transaction and may refuse it with a Refusal. A reading answers
for the keys of units it is given, and leaves out those it knows nothing of or may not tell of.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from groundswell.access.actor import Actor
from groundswell.structure.models import Change, Unit

Days = Callable[[Sequence[int], dt.date], Mapping[int, dt.date]]

# Each may refuse the end of a unit on a day, in a sentence (members of it are left, say).
before_dissolving: Final[list[Callable[[Unit, dt.date], None]]] = []

# A unit has ended (merged or dissolved): what hangs on it ends as well (its mandates, say).
when_ending: Final[list[Callable[[Change, Actor], None]]] = []

# A unit was split: the members chosen, by the keys of `slots.members_of`, go over to `change.made`.
when_splitting: Final[list[Callable[[Change, Sequence[int], Actor], None]]] = []

# Each may refuse to take back a change on which something of its room was built meanwhile.
before_undoing: Final[list[Callable[[Change], None]]] = []

# A change is being taken back at a moment: what `when_ending` and `when_splitting` did is taken back.
when_undoing: Final[list[Callable[[Change, Actor, dt.datetime], None]]] = []

# Each may refuse to make a unit protected, or no longer so, once somebody is known to it or below it.
before_protecting: Final[list[Callable[[Unit], None]]] = []

# The members in each unit by itself at the end of a day.
members_in: Final[list[Callable[[Sequence[int], dt.date], Mapping[int, int]]]] = []

# The units that have an elected committee on a day.
with_elected_committee: Final[list[Callable[[Sequence[int], dt.date], set[int]]]] = []

# Since when each unit has had no treasurer, as of a day; units that have one are left out.
without_treasurer: Final[list[Days]] = []

# The day of each unit's latest meeting up to a day, or of its founding; without units that keep none here.
last_met: Final[list[Days]] = []

# What one row of a table is called in a sentence, whichever room it is of ("people_gathering": a gathering).
row_nouns: Final[list[Callable[[str], str]]] = []
