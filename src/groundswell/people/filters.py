"""Filters of the list of people beyond name, unit, status, town and tag; rooms above add theirs.

A filter is data: `keptfilter` holds this room's own, of what a unit asks besides.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q
from django.utils.functional import Promise

from groundswell.access.actor import Actor
from groundswell.structure.models import Unit

# As long may the choices of a filter be in an address.
LONGEST: Final = 2_000

Group = tuple[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Input:
    """Something typed: the parameter, what it is called, what stands in it."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What is typed instead of chosen: of which kind (text, number, day), and one input, or two from and to.

    `part` is the part of the choice in force that stands in them, '' where none does.
    """

    label: str
    kind: str
    inputs: Sequence[Input]
    part: str


@dataclass(frozen=True, slots=True)
class Offered:
    """What of a filter is offered: choices in groups, those without a head first, and what may be typed."""

    groups: Sequence[Group] = ()
    typed: Sequence[Typed] = ()


def _whole(choice: str) -> list[str]:
    return [choice]


def _joined(parts: Sequence[str]) -> str:
    return "".join(parts)


def _as_chosen(chosen: str, typed: Mapping[str, str]) -> str:
    del typed
    return chosen


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter: its parameter, its name, what is offered, what a choice is called, whom it leaves.

    `offered` takes the choice in force; nothing for whoever may not ask. `narrow` takes a choice and the
    units asked for (None for all), and returns a condition on the person `p` with its values; what is no
    choice finds nobody.

    The parameters of what is typed begin with the filter's name and a hyphen; `gathered` makes one choice of
    what was chosen and typed. A choice of several falls into `parts`, of which each is shown and taken away
    by itself, and `joined` is the choice of some.
    """

    name: str
    label: str | Promise
    offered: Callable[[Actor, Unit | None, str], Offered]
    said: Callable[[str], str]
    narrow: Callable[[str, list[int] | None], tuple[str, Mapping[str, Any]]]
    gathered: Callable[[str, Mapping[str, str]], str] = _as_chosen
    parts: Callable[[str], list[str]] = _whole
    joined: Callable[[Sequence[str]], str] = _joined


def units_about(actor: Actor, unit: Unit | None) -> Q:
    """Return which units' own rules and questions hold in a unit, or wherever the actor holds an office."""
    paths = [unit.path] if unit is not None else [office.path for office in actor.mandates]
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(path__startswith=path) | Q(pk__in=[int(key) for key in path.strip("/").split("/")])
    return found


list_filters: Final[list[Filter]] = []


def asks(name: str) -> bool:
    """Return whether a parameter is one of a further filter."""
    return any(name == one.name or name.startswith(f"{one.name}-") for one in list_filters)


def chosen(said: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the choices of further filters among the parameters of a list; BadQuery for too many at once."""
    found = []
    for one in list_filters:
        typed = {
            name: text
            for name in said
            if name.startswith(f"{one.name}-") and (text := str(said[name] or "").strip())
        }
        if choice := one.gathered(str(said.get(one.name) or "").strip(), typed):
            found.append((one.name, choice))
    return tuple(found)
