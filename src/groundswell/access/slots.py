"""Slots of pages that belong to no room alone: what rooms above tell of what waits (decision 0751)."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from groundswell.access.actor import Actor


@dataclass(frozen=True, slots=True)
class Waits:
    """Something that waits for whoever holds an office, as a sentence and the address where it is settled.

    `since` is the day of the oldest of it (None: nobody wrote one down), `due` by when the most urgent is to
    be done (None: no such day), `late` that this is over. What does not `ask` is open and asks for nothing
    yet: it is told when an office is handed over.
    """

    sentence: str
    href: str
    since: dt.date | None
    due: dt.date | None = None
    late: bool = False
    asks: bool = True


# Each tells what waits for the offices of an actor on a day, as far as the session sees it.
what_waits: Final[list[Callable[[Actor, dt.date], Iterable[Waits]]]] = []


def waiting(actor: Actor, today: dt.date) -> list[Waits]:
    """Return what all rooms tell, the oldest first."""
    told = (one for tells in what_waits for one in tells(actor, today))
    return sorted(told, key=lambda one: (one.since or today, one.since is None, one.sentence))
