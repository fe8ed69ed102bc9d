"""Slots of this room's pages: what rooms above show on them, hung in when they are ready."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final

from django.utils.safestring import SafeString

from groundswell.access.actor import Actor
from groundswell.structure.actions import Deed
from groundswell.structure.models import Unit

# Each returns a part of the page of a unit as of a day, or nothing ('') where the actor may not see it.
unit_panels: Final[list[Callable[[Actor, Unit, dt.date], SafeString]]] = []

# Each returns the sentence made of figures that answers at the top of the page, and the panel of what it is
# made of, which stands first; ('', '') where the actor may not see them.
unit_heads: Final[list[Callable[[Actor, Unit, dt.date], tuple[SafeString, SafeString]]]] = []

# Each returns where the members of a unit, by its code, open to what they are at the end of a day.
members_open: Final[list[Callable[[str, dt.date], str]]] = []

# Each returns a part of the page that anybody may read of an unprotected unit, by its code, or nothing ('').
outline_panels: Final[list[Callable[[str], SafeString]]] = []

# Who may be chosen to go over when a unit is split: a key and a name (with a town) each, for whoever may
# decide it.
members_of: Final[list[Callable[[Actor, Unit], Sequence[tuple[int, str]]]]] = []

# Each returns how something that is proposed for a unit is done in its room, as a word and its address, for
# whoever may do it: ("treasurer" is the office given); None for what is not its room's.
proposal_ways: Final[list[Callable[[Actor, Unit, str], tuple[str, str] | None]]] = []

# Lines of a preview: what a deed means for things of a room above (which mandates end, say).
preview_lines: Final[list[Callable[[Actor, Deed], Sequence[str]]]] = []
