"""Somebody is written down with all that is known of her, unless she is known already."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.rights import may
from groundswell.kernel import clock
from groundswell.kernel.errors import NotFound
from groundswell.people import actions, hooks, listpage, queries, rules, searching, status
from groundswell.people.models import Person
from groundswell.structure import queries as structure
from groundswell.structure.lands import country_of
from groundswell.structure.models import Unit

_MOST_ALIKE = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """All that is known of somebody who is written down: `ways` by kind of contact, `kind` since `day`.

    `old_enough` is what was answered to the question of the minimum age; no birth date is asked.
    """

    name: str
    details: Mapping[str, Any]
    ways: Mapping[str, str]
    kind: str = status.CONTACT
    day: dt.date | None = None
    old_enough: bool = False
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody who may be the same person, with what makes one think so."""

    href: str
    name: str
    unit: str
    standing: str
    why: str


def own_unit(actor: Actor, capability: str = "people.edit") -> Unit:
    """Return the unit in which the actor may do this when she names none: her first office's that may."""
    for office in actor.mandates:
        unit = Unit.objects.filter(pk=office.unit_id).first()
        if unit is not None and may(actor, capability, unit):
            return unit
    raise NotFound(_("There is nothing here that you may see."))


def alike(entry: Entry, unit: Unit) -> list[Alike]:
    """Return who may be the same, of those the session sees: by e-mail, by phone, by the whole name."""
    found: dict[int, str] = {}
    for kind, why in (("email", _("the same e-mail")), ("phone", _("the same phone"))):
        if kind in entry.ways:
            for number in queries.by_contact(kind, entry.ways[kind], country=country_of(unit)):
                found.setdefault(number, why)
    for number in searching.called_so(entry.name):
        found.setdefault(number, _("the same name"))
    words = listpage.status_words()
    rows = searching.rows(list(found)[:_MOST_ALIKE], clock.latest_day())
    return [
        Alike(
            reverse("people:person", args=[row.pk]),
            row.name,
            row.unit_name,
            listpage.standing(row.status, words),
            found[row.pk],
        )
        for row in rows
    ]


def minimum_age(unit: Unit) -> int | None:
    """Return how many years somebody must have to be written down here, None where nobody says."""
    return next((asked(unit) for asked in hooks.minimum_age), None)


@transaction.atomic
def enter(entry: Entry, unit: Unit, *, actor: Actor, at: dt.datetime) -> Person:
    """Write her down, with how she is reached and what she is, all or nothing; nobody who is too young.

    Refused in a unit that has ended. That she is under 18 is said last: an office above her unit sees her no
    more from then on.
    """
    rules.check_goes_on(unit.dissolved_on)
    rules.check_old_enough(said=entry.old_enough, years=minimum_age(unit))
    person = actions.add_person(unit, name=entry.name, actor=actor, at=at, **entry.details)
    for kind, text in entry.ways.items():
        actions.put_contact(person, kind=kind, text=text, actor=actor, at=at)
    if entry.kind != status.CONTACT:
        day = entry.day or clock.day_in(unit.time_zone, at)
        actions.join(person, unit=unit, day=day, actor=actor, at=at, kind=entry.kind)
    if entry.minor:
        actions.say_age(person, young=True, actor=actor, at=at)
    return person


def unit_name(unit: Unit) -> str:
    """Return what the unit is called today."""
    return structure.called([unit.pk], clock.today())[unit.pk].name
