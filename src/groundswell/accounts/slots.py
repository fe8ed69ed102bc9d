"""Slots of this room: what rooms above say of an office, hung in when they are ready."""

from collections.abc import Callable, Sequence
from typing import Final

from groundswell.access.actor import Actor
from groundswell.accounts.models import Mandate

# What is open in an office when it is handed over: (sentence, address), for whoever may see it.
what_is_open: Final[list[Callable[[Actor, Mandate], Sequence[tuple[str, str]]]]] = []
