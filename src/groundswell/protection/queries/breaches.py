"""Breaches, and whom one concerns: who could read, who did, what is held of whom in the units it touched."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.reach import within_reach
from groundswell.access.rights import may
from groundswell.kernel.errors import NotFound
from groundswell.people.models import Person
from groundswell.protection.models import Breach, BreachStep
from groundswell.structure.models import Unit

# Receipts stand in machine time; a moment of organisation time is as far from now there as here.
_DID: Final = """
select reader, office, office_unit_id, what, persons
from who_did_read(%s, %s - (org_now() - now()), %s - (org_now() - now()))
"""
_OPENED: Final = """
select person_id, max(at) + (org_now() - now()) from access_reading
where unit_id = any (%s) and at >= %s - (org_now() - now()) and at <= %s - (org_now() - now())
  and (%s or account_id = any (%s))
group by person_id
"""


@dataclass(frozen=True, slots=True)
class Could:
    """Somebody whose office reached these people, in which unit, from when until when (exclusive)."""

    name: str
    office: str
    unit_id: int
    since: dt.date | None
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class Did:
    """Somebody who opened records of these people: by which office, what, of how many persons."""

    name: str
    office: str
    unit_id: int | None
    what: str
    persons: int


@dataclass(frozen=True, slots=True)
class Sessions:
    """How many sessions of how many accounts."""

    accounts: int = 0
    sessions: int = 0


@dataclass(frozen=True, slots=True)
class Kinds:
    """Of how many persons of a unit something of each kind is held; `young` are those shut to the officer."""

    persons: int = 0
    young: int = 0
    contacts: int = 0
    notes: int = 0
    fields: int = 0


def breaches(actor: Actor) -> list[Breach]:
    """Return the breaches that the actor may read, the newest first."""
    found = Breach.objects.select_related("unit").order_by("-found_at", "-pk")
    return [one for one in found if may(actor, "protection.breach.read", one.unit)]


def open_breaches(actor: Actor) -> list[Breach]:
    """Return the breaches that the actor is to bring to their end, the oldest first."""
    closed = BreachStep.objects.filter(breach=OuterRef("pk"), step="close")
    found = Breach.objects.select_related("unit").filter(within_reach(actor, "protection.breach"))
    return list(found.exclude(Exists(closed)).order_by("found_at", "pk"))


def breach_for(actor: Actor, key: int, capability: str) -> Breach:
    """Return a breach to which the actor may do this; NotFound for a foreign and a missing one alike."""
    breach = Breach.objects.select_related("unit").filter(pk=key).first()
    if breach is None or not may(actor, capability, breach.unit):
        raise NotFound(_("There is nothing here that you may see."))
    return breach


def steps_of(breaches: Sequence[Breach]) -> dict[int, dict[str, BreachStep]]:
    """Return what was ticked, by breach, then by step."""
    found: dict[int, dict[str, BreachStep]] = {one.pk: {} for one in breaches}
    for step in BreachStep.objects.filter(breach__in=breaches):
        found[step.breach_id][step.step] = step
    return found


def sessions_of(breach: Breach) -> Sessions:
    """Return what is open of the accounts it happened through, the asker's present session apart.

    For whoever writes this breach; the database refuses others.
    """
    return _sessions(breach, finish=False)


def end_sessions_of(breach: Breach) -> Sessions:
    """End what `sessions_of` counts, and the links of these accounts that were sent and not used."""
    return _sessions(breach, finish=True)


def _sessions(breach: Breach, *, finish: bool) -> Sessions:
    ((accounts, sessions),) = _rows(
        "select accounts, sessions from protection_breach_sessions(%s, %s)", [breach.pk, finish]
    )
    return Sessions(accounts, sessions)


def affected_units(actor: Actor, breach: Breach) -> list[Unit]:
    """Return the units it touched, with all below, whose people the actor may know by name."""
    below = Q(pk__in=[])
    for path in Unit.objects.filter(pk__in=breach.places).values_list("path", flat=True):
        below |= Q(path__startswith=path)
    return [one for one in Unit.objects.filter(below).order_by("path") if may(actor, "people.erase", one)]


def could_read(units: Sequence[Unit], since: dt.datetime, until: dt.datetime) -> list[Could]:
    """Return whose offices reached the people of these units in a period of organisation time."""
    statement = "select reader, office, unit_id, valid from who_could_read(%s, %s, %s)"
    rows = _rows(statement, [[one.pk for one in units], since.date(), until.date()])
    return [Could(name or "", office, unit, valid.lower, valid.upper) for name, office, unit, valid in rows]


def did_read(units: Sequence[Unit], since: dt.datetime, until: dt.datetime) -> list[Did]:
    """Return who opened records of the people of these units in a period of organisation time."""
    rows = _rows(_DID, [[one.pk for one in units], since, until])
    return [Did(name or "", *rest) for name, *rest in rows]


def opened_of(
    units: Sequence[Unit], accounts: Sequence[int], since: dt.datetime, until: dt.datetime
) -> dict[int, dt.datetime]:
    """Return whose records were opened in a period and when last, by person; `accounts` empty: by anybody."""
    asked = [[one.pk for one in units], since, until, not accounts, list(accounts)]
    return dict(_rows(_OPENED, asked))


def persons_in(units: Sequence[Unit]) -> QuerySet[Person]:
    """Return the people who live in these units and whom the officer may read, by name."""
    return Person.objects.select_related("unit").filter(unit__in=units).order_by("sort_key", "pk")


def held_in(units: Sequence[Unit]) -> dict[int, Kinds]:
    """Return of how many persons what is held, by unit; units without anybody are left out.

    Whoever is under 18 counts, also where the officer may not read her.
    """
    statement = "select unit_id, persons, young, contacts, notes, fields from protection_held_in(%s)"
    return {unit: Kinds(*counts) for unit, *counts in _rows(statement, [[one.pk for one in units]])}


def _rows(statement: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
