"""What rooms above hang into this one, registered when they are ready.

A handler runs in the same transaction and may refuse with a Refusal.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final

from groundswell.access.actor import Actor
from groundswell.people.models import Membership, Person
from groundswell.structure.models import Unit

# Each may refuse that a membership ends on a day (she is the last secretary, say).
before_leaving: Final[list[Callable[[Membership, dt.date], None]]] = []

# A membership has ended for good on a day, and nothing follows it: what hangs on it ends as well.
when_leaving: Final[list[Callable[[Membership, dt.date, Actor, dt.datetime], None]]] = []

# Home memberships go on in another unit on a day, or one never was: what hung on them is looked at again.
when_moving: Final[list[Callable[[Sequence[Person], dt.date, Actor, dt.datetime], None]]] = []

# A person is about to be erased from every declared table.
when_erasing: Final[list[Callable[[Person, Actor], None]]] = []

# How many years somebody must have to be written down in a unit; the first that answers counts.
minimum_age: Final[list[Callable[[Unit], int]]] = []
