"""Filters of the list of people beyond name, unit, status, town and tag; rooms above add theirs.

What a unit asks besides lies sealed under each person's key, so the database cannot search it: the values of
one field are opened and compared here, as many as the session sees.
"""

import datetime as dt
import decimal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.access.actor import Actor
from groundswell.access.rights import may_by_office
from groundswell.access.secrets import unlock
from groundswell.people import custom
from groundswell.people.models import CHOOSING, CustomField, CustomValue
from groundswell.structure.models import Unit
from groundswell.web.fields import BadQuery

# Of more answers than these the opening takes too long: then a unit is chosen first.
MOST_OPENED: Final = 20_000
_MOST_FIELDS: Final = 60

Group = tuple[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter: its parameter, its name, what may be chosen, what a choice is called, whom it leaves.

    `choices` are in groups, those without a head first; none for whoever may not ask. `narrow` takes a
    choice and the units asked for (None for all), and returns a condition on the person `p` with its values;
    what is no choice finds nobody.
    """

    name: str
    label: str | Promise
    choices: Callable[[Actor, Unit | None], Sequence[Group]]
    said: Callable[[str], str]
    narrow: Callable[[str, list[int] | None], tuple[str, Mapping[str, Any]]]


def units_about(actor: Actor, unit: Unit | None) -> Q:
    """Return which units' own rules and questions hold in a unit, or wherever the actor holds an office."""
    paths = [unit.path] if unit is not None else [office.path for office in actor.mandates]
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(path__startswith=path) | Q(pk__in=[int(key) for key in path.strip("/").split("/")])
    return found


def _choices(actor: Actor, unit: Unit | None) -> list[Group]:
    if not may_by_office(actor, "people.contact"):
        return []
    about = Unit.objects.filter(units_about(actor, unit)).values("pk")
    fields = CustomField.objects.filter(unit__in=about, ended_on=None).order_by(
        "unit__path", "position", "pk"
    )
    return [(one.label, _values(one)) for one in fields[:_MOST_FIELDS]]


def _values(field: CustomField) -> list[tuple[str, str]]:
    """Return what of a field can be asked for: whether something is written, and each choice."""
    offered = [(str(field.pk), _("%(field)s: anything") % {"field": field.label})]
    if field.type in CHOOSING:
        offered += [(f"{field.pk}:{one}", f"{field.label}: {one}") for one in field.options]
    if field.type == "yesno":
        offered += [
            (f"{field.pk}:{one}", f"{field.label}: {word}")
            for one, word in (("yes", _("yes")), ("no", _("no")))
        ]
    return offered


def _parted(choice: str) -> tuple[CustomField | None, str]:
    number, _colon, wanted = choice.partition(":")
    plain = number.isascii() and number.isdecimal() and len(number) <= len(str(2**62))
    return (CustomField.objects.filter(pk=int(number)).first() if plain else None), wanted.strip()


def _said(choice: str) -> str:
    field, wanted = _parted(choice)
    if field is None:
        return choice
    words = dict(_values(field))
    return words.get(choice) or f"{field.label}: {wanted}"


def _narrow(choice: str, within: list[int] | None) -> tuple[str, Mapping[str, Any]]:
    field, wanted = _parted(choice)
    if field is None:
        return "false", {}
    held = CustomValue.objects.filter(field=field)
    if within is not None:
        held = held.filter(unit__in=within)
    if wanted:
        found = [one.person_id for one in _opened(held) if _is(field.type, str(one.value), wanted)]
    else:
        found = list(held.values_list("person_id", flat=True))
    return "p.id = any(%(kept)s::bigint[])", {"kept": found}


def _opened(held: Any) -> list[CustomValue]:
    values = list(held[: MOST_OPENED + 1])
    if len(values) > MOST_OPENED:
        raise BadQuery(
            _("This is known of too many people to look through; choose a unit first."), field="kept"
        )
    unlock(values, "value")
    return values


def _is(kind: str, kept: str, wanted: str) -> bool:
    """Return whether a kept value is the one asked for, which is written as in a file."""
    value = custom.unpacked(kind, kept)
    if kind == "choices":
        return wanted in value
    if kind == "yesno":
        return wanted == ("yes" if value else "no")
    try:
        if kind == "number":
            return bool(value == decimal.Decimal(wanted))
        if kind == "day":
            return bool(value == dt.date.fromisoformat(wanted))
    except (decimal.InvalidOperation, ValueError):
        return False
    return str(value).casefold() == wanted.casefold()


KEPT: Final = Filter("kept", gettext_lazy("What is kept of them"), _choices, _said, _narrow)
list_filters: Final[list[Filter]] = [KEPT]


def chosen(said: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the choices of further filters among the parameters of a list."""
    found = ((one.name, str(said.get(one.name) or "").strip()) for one in list_filters)
    return tuple((name, choice) for name, choice in found if choice)
