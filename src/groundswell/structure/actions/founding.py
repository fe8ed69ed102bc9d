"""Founding: one unit from a page, or thousands from a file, by the same steps."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils.translation import gettext as _

from groundswell.access import gate
from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.kernel.periods import days, since
from groundswell.kernel.saying import said as day_said
from groundswell.structure import rules
from groundswell.structure.actions.opening import note_change, section_key
from groundswell.structure.actions.periods import lock_tree
from groundswell.structure.models import Change, Kind, Unit, UnitEvent, UnitKind, UnitName, UnitParent
from groundswell.structure.queries import Named


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be founded: its code, names per language, kind, and where it lies.

    `parent` is the code of a unit that exists or stands earlier in the same list; None for the
    first unit of an organisation.
    """

    code: str
    names: dict[str, str]
    kind: str
    parent: str | None
    founded_on: dt.date
    country: str = ""
    town: str = ""
    latitude: float | None = None
    longitude: float | None = None
    locale: str = "en"
    languages: tuple[str, ...] = ()
    currency: str = "EUR"
    time_zone: str = "UTC"
    protected: bool = False
    illustrative: bool = False
    recorded_at: dt.datetime | None = field(default=None)


@transaction.atomic
def found_root(new: NewUnit, *, at: dt.datetime) -> Unit:
    """Found the first unit of an empty organisation; whoever runs the server may do this once."""
    lock_tree()
    if Unit.objects.exists():
        raise Refusal(
            _("This database already holds an organisation; `groundswell found` works on an empty one."),
            code="already-founded",
        )
    (unit,) = _write([new], at)
    record("structure.unit.founded", actor=None, subject=unit)
    return unit


@transaction.atomic
def found_unit(new: NewUnit, *, actor: Actor, at: dt.datetime) -> Unit:
    """Found a unit below one in the actor's reach."""
    parent = Unit.objects.filter(code=new.parent).first()
    if parent is None:
        sentence = _("There is no unit %(code)s to found this one in.") % {"code": str(new.parent)[:60]}
        raise Refusal(sentence, field="parent", code="no-parent")
    require(actor, "structure.change", parent)
    lock_tree()
    made, _change = write_one(new, parent, actor=actor, at=at)
    record("structure.unit.founded", actor=actor, subject=made)
    return made


@transaction.atomic
def found_units(new: Sequence[NewUnit], *, actor: Actor, at: dt.datetime) -> dict[str, Unit]:
    """Found many units, parents before children; return them by code. For whoever runs the server."""
    require(actor, "structure.load", None)
    lock_tree()
    units = _write(new, at)
    record("structure.units.founded", actor=actor, subject=None, count=len(units))
    return {unit.code: unit for unit in units}


def write_one(
    new: NewUnit, unit: Unit, *, actor: Actor, at: dt.datetime, what: str = "founded", event: str = "founded"
) -> tuple[Unit, Change]:
    """Write a unit that is founded in another, or split off from it; return it and its change."""
    (made,), known = _write_units([new])
    change = note_change(what, unit, new.founded_on, actor=actor, at=at, made=made)
    _write_periods([(new, made)], known, at, change, event=event)
    return made, change


def _write_units(new: Sequence[NewUnit]) -> tuple[list[Unit], dict[str, Unit]]:
    """Write the units; return them, and all that they name by code."""
    named = {one.code for one in new} | {one.parent for one in new if one.parent is not None}
    known = {unit.code: unit for unit in Unit.objects.select_related("kind").filter(code__in=named)}
    kinds = {kind.code: kind for kind in Kind.objects.all()}
    units, now = [], clock.now()
    for key, one in zip(_keys(len(new)), new, strict=True):
        zone = rules.check_time_zone(one.time_zone, clock.zones())
        rules.check_founding_day(one.founded_on, clock.day_in(zone, now))
        unit = _unit(one, key, known, kinds)
        known[unit.code] = unit
        units.append(unit)
    if len(units) == 1:  # more at once are the operator's, who needs no voucher
        gate.vouch("structure_unit", units[0].code, units[0].holds_names)
    Unit.objects.bulk_create(units)
    return units, known


def _keys(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval(pg_get_serial_sequence('structure_unit', 'id')) from generate_series(1, %s)",
            [count],
        )
        return [key for (key,) in cursor.fetchall()]


def _unit(new: NewUnit, key: int, known: dict[str, Unit], kinds: dict[str, Kind]) -> Unit:
    rules.check_code(new.code)
    rules.check_seat(new.country, new.town, new.latitude, new.longitude)
    if new.code in known:
        sentence = _("There already is a unit %(code)s.") % {"code": new.code}
        raise Refusal(sentence, field="code", code="code-taken")
    kind = kinds.get(new.kind)
    if kind is None:
        sentence = _("There is no kind of unit “%(kind)s”.") % {"kind": new.kind[:60]}
        raise Refusal(sentence, field="kind", code="no-kind")
    parent = _parent(new, known)
    if parent is not None:
        rules.check_order(kind.position, parent.kind.position)
        rules.check_not_dissolved(Named(parent), parent.dissolved_on)
    unit = Unit(
        id=key,
        code=new.code,
        path=f"{parent.path if parent else '/'}{key}/",
        kind=kind,
        holds_names=kind.holds_names,
        section_id=section_key(key, kind, parent),
        country=new.country,
        town=new.town,
        latitude=new.latitude,
        longitude=new.longitude,
        locale=rules.check_language(new.locale),
        languages=[rules.check_language(one) for one in new.languages],
        currency=rules.check_currency(new.currency),
        time_zone=new.time_zone,
        protected=new.protected or (parent is not None and parent.protected),
        illustrative=new.illustrative,
        founded_on=new.founded_on,
    )
    unit.kind = kind
    return unit


def _parent(new: NewUnit, known: dict[str, Unit]) -> Unit | None:
    if new.parent is None:
        return None
    parent = known.get(new.parent)
    if parent is None:
        sentence = _("There is no unit %(code)s to found this one in.") % {"code": new.parent[:60]}
        raise Refusal(sentence, field="parent", code="no-parent")
    if new.founded_on < parent.founded_on:
        sentence = _("%(unit)s was founded on %(day)s; a unit within it cannot be older.")
        words = {"unit": Named(parent), "day": day_said(parent.founded_on)}
        raise Refusal(sentence % words, field="founded_on", code="older-than-parent")
    return parent


def _write(new: Sequence[NewUnit], at: dt.datetime) -> list[Unit]:
    units, known = _write_units(new)
    _write_periods(list(zip(new, units, strict=True)), known, at, None)
    return units


def _write_periods(
    founded: list[tuple[NewUnit, Unit]],
    known: dict[str, Unit],
    at: dt.datetime,
    change: Change | None,
    *,
    event: str = "founded",
) -> None:
    names, kinds, parents, events = [], [], [], []
    other = change.unit if change and event != "founded" else None
    for new, unit in founded:
        recorded_at, day = new.recorded_at or at, new.founded_on
        both = {"valid": days(day), "recorded": since(recorded_at), "change": change}
        names.append(UnitName(unit=unit, names=rules.check_names(new.names), **both))
        kinds.append(UnitKind(unit=unit, kind_id=new.kind, **both))
        if new.parent is not None:
            parents.append(UnitParent(unit=unit, parent=known[new.parent], **both))
        events.append(
            UnitEvent(unit=unit, other=other, what=event, day=day, recorded_at=recorded_at, change=change)
        )
    UnitName.objects.bulk_create(names)
    UnitKind.objects.bulk_create(kinds)
    UnitParent.objects.bulk_create(parents)
    UnitEvent.objects.bulk_create(events)
