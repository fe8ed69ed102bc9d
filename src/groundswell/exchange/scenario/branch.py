"""What the branch of the organiser who signs in has before it on the demo's day.

Three evenings that were, one that is today, somebody who applies and two who were met at a stall. None of
them is a member, so no figure of the report counts them; their telephone numbers are of the range that
Britain's regulator keeps for fiction.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from groundswell.access.actor import OPERATOR
from groundswell.people import actions, queries
from groundswell.people.models import Gathering, Person
from groundswell.structure.models import Unit

_BEGINS: Final = dt.time(19)
_TITLE: Final = "Branch meeting"
# How many weeks ago, and every how manieth of the branch came.
_HELD: Final = ((3, 3), (2, 2), (1, 2))


@dataclass(frozen=True, slots=True)
class _Known:
    """Somebody whom the branch knows, since so many days; `words` are those she applies with."""

    name: str
    days: int
    phone: str
    email: str = ""
    tag: str = ""
    words: str = ""


_KNOWN: Final = (
    _Known(
        "Niamh Orchard",
        1,
        "020 7946 0917",
        email="niamh.orchard@example.org",
        words="I was at two of your meetings and would like to join.",
    ),
    _Known("Tomasz Wren", 6, "020 7946 0533", tag="stall"),
    _Known("Ayşe Field", 6, "020 7946 0148", email="ayse.field@example.org", tag="stall"),
)


def lay(unit: Unit, now: dt.datetime) -> None:
    """Write down the evenings of the unit, and whom it knows, as of the moment `now`."""
    _evening(unit, now.date(), now)
    for weeks, nth in _HELD:
        held = _evening(unit, now.date() - dt.timedelta(weeks=weeks), now)
        members, _others = queries.known_to(unit, held.day, most=100)
        for person in Person.objects.filter(pk__in=members[weeks::nth]):
            actions.put_came(held, person, came=True, actor=OPERATOR, at=now)
    for one in _KNOWN:
        _meet(unit, one, now - dt.timedelta(days=one.days))


def _evening(unit: Unit, day: dt.date, now: dt.datetime) -> Gathering:
    return actions.hold_gathering(unit, day=day, title=_TITLE, begins=_BEGINS, actor=OPERATOR, at=now)


def _meet(unit: Unit, one: _Known, at: dt.datetime) -> None:
    person = actions.add_person(unit, name=one.name, town=unit.town, actor=OPERATOR, at=at)
    actions.put_contact(person, kind="phone", text=one.phone, actor=OPERATOR, at=at)
    if one.email:
        actions.put_contact(person, kind="email", text=one.email, actor=OPERATOR, at=at)
    if one.tag:
        actions.put_tags(person, words=[one.tag], actor=OPERATOR)
    if one.words:
        actions.ask_to_join(person, actor=OPERATOR, at=at, words=one.words)
