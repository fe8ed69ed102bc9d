"""The first steps of every change, and the last: today's tree in line with the periods."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from groundswell.access import gate
from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.kernel.meanwhile import reconciled
from groundswell.kernel.periods import days
from groundswell.kernel.saying import said as day_said
from groundswell.structure import rules
from groundswell.structure.actions.periods import lock_tree, value_on
from groundswell.structure.models import Change, Kind, Unit, UnitKind, UnitParent
from groundswell.structure.queries import Named

_PLACE: Final = """
update structure_unit u set path = placed.path || substr(u.path, length(was) + 1),
  -- above the sections there is none to pass down: each section below stays its own
  section_id = case u.id when placed.id then placed.section_id
    else coalesce(placed.section_id, u.section_id) end
from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[])
  placed (id, was, past, path, section_id)
-- Both ends stand there ready: row security lets an index compare, and not reckon.
where u.path >= was and u.path < past
"""


def open_unit(unit: Unit, day: dt.date, actor: Actor, *, asks: str = "structure.change") -> Unit:
    """May, lock, rule: the first steps of every change. Returns the unit as it is under the lock.

    A change of a unit's place or rank asks for "structure.place": nobody does that to her own unit.
    """
    require(actor, asks, unit)
    lock_tree()
    unit = fresh(unit)
    rules.check_not_dissolved(Named(unit), unit.dissolved_on)
    rules.check_change_day(day, today=clock.today_in(unit.time_zone), founded_on=unit.founded_on)
    return unit


def open_other(other: Unit, unit: Unit, day: dt.date) -> Unit:
    """Return the unit that another is moved or merged into, as it is under the lock, or refuse it."""
    other = fresh(other)
    rules.check_not_dissolved(Named(other), other.dissolved_on)
    rules.check_no_circle(unit.path, other.path, Named(unit))
    rules.check_change_day(day, today=clock.today_in(unit.time_zone), founded_on=other.founded_on)
    rules.check_order(kind_on(unit, day).position, kind_on(other, day).position)
    return other


def fresh(unit: Unit) -> Unit:
    """Return the unit as it is now."""
    return Unit.objects.select_related("kind").get(pk=unit.pk)


def reconciled_names(
    stands: Mapping[str, str], *, before: Mapping[str, str] | None, wanted: Mapping[str, str]
) -> dict[str, str]:
    """Return the names that are to stand, language by language (`kernel.meanwhile.reconciled`)."""
    if before is None:
        return dict(wanted)
    languages = dict.fromkeys([*wanted, *stands, *before])
    said = reconciled(
        {f"name_{one}": stands.get(one, "") for one in languages},
        before={f"name_{one}": before.get(one, "") for one in languages},
        wanted={f"name_{one}": wanted.get(one, "") for one in languages},
    )
    return {name.removeprefix("name_"): text for name, text in said.items() if text}


def kind_on(unit: Unit, day: dt.date) -> Kind:
    """Return the kind that the unit is of on a day."""
    period = value_on(UnitKind, unit, day)
    return period.kind if period else unit.kind


def kind_of(code: str) -> Kind:
    """Return the kind of a code, or refuse one that there is not."""
    kind = Kind.objects.filter(code=code).first()
    if kind is None:
        sentence = _("There is no kind of unit “%(kind)s”.") % {"kind": code[:60]}
        raise Refusal(sentence, field="kind", code="no-kind")
    return kind


def note_change(
    what: str,
    unit: Unit,
    day: dt.date,
    *,
    actor: Actor | None,
    at: dt.datetime,
    other: Unit | None = None,
    made: Unit | None = None,
) -> Change:
    """Write down what is being done, so that its periods can name it and undoing finds them."""
    return Change.objects.create(
        what=what,
        unit=unit,
        other=other,
        made=made,
        day=day,
        account_id=actor.account_id if actor else None,
        recorded_at=at,
    )


def refuse_higher_below(unit: Unit, kind: Kind, day: dt.date) -> None:
    """Refuse a kind of the unit from `day` on that stands below that of a unit within it."""
    below = UnitParent.objects.filter(
        parent=unit, absorbed=False, recorded__upper_inf=True, valid__overlap=days(day)
    ).select_related("unit__kind")
    for one in below:
        rules.check_order(one.unit.kind.position, kind.position)


def refuse_circles(unit: Unit) -> None:
    """Let the database judge now whether the unit would lie within itself on any day."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set constraints structure_no_circle immediate")
            cursor.execute("set constraints structure_no_circle deferred")
    except IntegrityError as circle:
        sentence = _("%(unit)s would come to lie within itself on some day; choose another day or unit.")
        raise Refusal(sentence % {"unit": Named(unit)}, field="parent", code="circle") from circle


def refuse_later_changes(unit: Unit, day: dt.date) -> None:
    """Refuse the end of a unit before a move of it that is known already."""
    later = UnitParent.objects.filter(unit=unit, recorded__upper_inf=True, valid__startswith__gt=day)
    if later.exists():
        sentence = _("%(unit)s was moved after %(day)s; choose a later day.")
        raise Refusal(
            sentence % {"unit": Named(unit), "day": day_said(day)}, field="day", code="later-change"
        )


def mirror_today(*units: Unit) -> None:
    """Bring path, kind and section of units and all below them in line with today's periods.

    Of several, none whose place has changed may lie in another one. Today is the latest day that has begun
    anywhere: what lies in a unit that is merged in its morning goes over where it is evening still.
    """
    believed = {"unit__in": units, "recorded__upper_inf": True, "valid__contains": clock.latest_day()}
    kinds = UnitKind.objects.select_related("unit", "kind").filter(**believed)
    for one in kinds.exclude(unit__kind=models.F("kind"), unit__holds_names=models.F("kind__holds_names")):
        gate.vouch("structure_unit", one.unit.code, one.kind.holds_names)
        Unit.objects.filter(pk=one.unit_id).update(kind=one.kind, holds_names=one.kind.holds_names)
    lies = {one.unit_id: one.parent for one in UnitParent.objects.select_related("parent").filter(**believed)}
    placed = []
    for unit in Unit.objects.select_related("kind").filter(pk__in=[one.pk for one in units]):
        parent = lies.get(unit.pk)
        path, section = f"{parent.path if parent else '/'}{unit.pk}/", section_key(unit.pk, unit.kind, parent)
        if (path, section) != (unit.path, unit.section_id):
            placed.append((unit.pk, unit.path, f"{unit.path}~", path, section))
    if placed:
        with connection.cursor() as cursor:
            cursor.execute(_PLACE, list(map(list, zip(*placed, strict=True))))


def section_key(key: int, kind: Kind, parent: Unit | None) -> int | None:
    """Return the key of the topmost unit on the way up that holds names: the unit's section."""
    if parent is not None and parent.section_id is not None:
        return parent.section_id
    return key if kind.holds_names else None
