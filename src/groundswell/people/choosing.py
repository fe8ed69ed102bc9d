"""Which units somebody may be a member of: those in which members meet."""

import datetime as dt
from collections.abc import Sequence
from typing import Final, NamedTuple

from groundswell.structure import queries as structure
from groundswell.structure.models import Unit

# More than these are no list to choose from on a phone; then the name or the code is written.
MOST_SUGGESTED: Final = 300


class Candidate(NamedTuple):
    """A unit that may be chosen."""

    unit_id: int
    code: str
    name: str


def meeting_units(today: dt.date) -> list[Candidate]:
    """Return the units in which members meet today, by name; none when they are too many to choose from."""
    keys = _meeting(MOST_SUGGESTED + 1)
    return _called(keys, today) if len(keys) <= MOST_SUGGESTED else []


def chosen(text: str, today: dt.date) -> Unit | None:
    """Return the unit of this code or name, however many there are; None for none, or more than one."""
    wanted = text.strip()
    unit = Unit.objects.filter(code=wanted.upper(), dissolved_on=None).first()
    if unit is not None:
        return unit
    named = [one for one in _called(_meeting(), today) if one.name.casefold() == wanted.casefold()]
    return Unit.objects.get(pk=named[0].unit_id) if len(named) == 1 else None


def _meeting(most: int | None = None) -> list[int]:
    units = Unit.objects.filter(dissolved_on=None, kind__meets=True)
    return list(units.values_list("pk", flat=True)[:most])


def _called(keys: Sequence[int], today: dt.date) -> list[Candidate]:
    named = [Candidate(key, one.code, one.name) for key, one in structure.called(keys, today).items()]
    return sorted(named, key=lambda one: one.name.casefold())
