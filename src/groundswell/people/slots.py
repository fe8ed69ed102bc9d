"""Slots of this room's pages: what rooms above show on them, hung in when they are ready."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from django.utils.safestring import SafeString

from groundswell.access.actor import Actor
from groundswell.people.models import Person
from groundswell.people.searching import Asked
from groundswell.people.timeline import Happened
from groundswell.structure.models import Unit

Doings = Sequence[tuple[str, str]]

# What may be done with a list of people: (label, address) for whoever may do it.
list_doings: Final[list[Callable[[Actor, Asked], Doings]]] = []

# By what rules its people are kept, which are set once and seldom looked at: (label, address) likewise.
list_rules: Final[list[Callable[[Actor, Asked], Doings]]] = []

# What other rules of a section would do in the coming night that cannot be undone: to how many more than by
# those that stand, what is said of it, and why.
Foreseen = tuple[int, str, str]
rules_foreseen: Final[list[Callable[[Unit, Mapping[str, int | None]], Iterable[Foreseen]]]] = []

# Each returns a part of the page of a person as of a day, or nothing ('') where the actor may not see it. A
# button in it that does something stands in the page's own form: form="acts", with its address as formaction.
person_panels: Final[list[Callable[[Actor, Person, dt.date], SafeString]]] = []

# What happened with a person besides what her record holds itself; of what is still to come nothing is shown.
person_happened: Final[list[Callable[[Actor, Person], Iterable[Happened]]]] = []

# What may be done with a person besides what this room knows: (label, address).
person_doings: Final[list[Callable[[Actor, Person], Doings]]] = []
