"""Slots of this room's pages: what rooms above show on them, hung in when they are ready."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from groundswell.access.actor import Actor

if TYPE_CHECKING:
    from groundswell.people.searching import Asked

# What may be done with a list of people: (label, address) for whoever may do it.
list_doings: Final[list[Callable[[Actor, "Asked"], Sequence[tuple[str, str]]]]] = []
