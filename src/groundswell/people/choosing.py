"""Which units somebody may be a member of: those in which members meet."""

import datetime as dt
import difflib
from collections.abc import Sequence
from typing import Final

from groundswell.people import rules
from groundswell.structure import queries as structure
from groundswell.structure.choosing import Candidate
from groundswell.structure.models import Unit

# More than these are no list to choose from on a phone; then the name or the code is written.
MOST_SUGGESTED: Final = 300
# Units that may be meant by what was typed, named at most; and how much of a name that is nearly so agrees.
MOST_MEANT: Final = 5
NEARLY: Final = 0.6


def meeting_units(today: dt.date) -> list[Candidate]:
    """Return the units in which members meet today, by name; none when they are too many to choose from."""
    keys = _meeting(MOST_SUGGESTED + 1)
    return _called(keys, today) if len(keys) <= MOST_SUGGESTED else []


def chosen(text: str, today: dt.date) -> Unit | None:
    """Return the unit of this code or name, however many there are; None for none, or more than one.

    A name is written as it is, or without its accents and signs.
    """
    wanted = text.strip()
    unit = Unit.objects.filter(code=wanted.upper(), dissolved_on=None).first()
    if unit is not None:
        return unit
    units = _called(_meeting(), today)
    named = [one for one in units if one.name.casefold() == wanted.casefold()]
    named = named or [one for one in units if _folded(one.name) == _folded(wanted) != ""]
    return Unit.objects.get(pk=named[0].unit_id) if len(named) == 1 else None


def close_to(text: str, today: dt.date) -> list[Candidate]:
    """Return the units that may be meant where none is chosen: so called, holding it, or nearly so."""
    wanted, units = _folded(text), _called(_meeting(), today)
    if not wanted:
        return []
    called = [one for one in units if _folded(one.name) == wanted]
    holding = [one for one in units if wanted in f"{_folded(one.name)}\n{one.code.casefold()}"]
    if called or holding:
        return (called or holding)[:MOST_MEANT]
    names = difflib.get_close_matches(wanted, {_folded(one.name) for one in units}, MOST_MEANT, NEARLY)
    return [one for name in names for one in units if _folded(one.name) == name][:MOST_MEANT]


def _folded(name: str) -> str:
    return " ".join(rules.folded_words(name))


def _meeting(most: int | None = None) -> list[int]:
    units = Unit.objects.filter(dissolved_on=None, kind__meets=True)
    return list(units.values_list("pk", flat=True)[:most])


def _called(keys: Sequence[int], today: dt.date) -> list[Candidate]:
    named = [Candidate(key, one.code, one.name) for key, one in structure.called(keys, today).items()]
    return sorted(named, key=lambda one: one.name.casefold())
