"""What happens to a unit: renamed, promoted, moved, merged, founded anew, dissolved.

None of these moves a member: figures follow the periods of names, kinds and parents.
"""

import datetime as dt

from django.db import connection, transaction
from django.utils.translation import gettext as _

from groundswell.access import gate
from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.kernel.periods import days
from groundswell.structure import hooks, rules
from groundswell.structure.actions.founding import section_key
from groundswell.structure.actions.periods import end_on, lock_tree, note_event, set_from, value_on
from groundswell.structure.models import Kind, Unit, UnitEvent, UnitKind, UnitName, UnitParent


@transaction.atomic
def rename_unit(unit: Unit, *, names: dict[str, str], day: dt.date, actor: Actor, at: dt.datetime) -> Unit:
    """Give the unit other names (per language) from `day` on; its history stays."""
    unit = _open(unit, day, actor)
    set_from(UnitName, unit, day, at, names=rules.check_names(names))
    note_event(unit, "renamed", day, at, details={"names": names})
    record("structure.unit.renamed", actor=actor, subject=unit)
    return unit


@transaction.atomic
def found_anew(unit: Unit, *, names: dict[str, str], day: dt.date, actor: Actor, at: dt.datetime) -> Unit:
    """Found the unit anew under other names: the same unit, the same members, a new banner."""
    unit = _open(unit, day, actor)
    set_from(UnitName, unit, day, at, names=rules.check_names(names))
    note_event(unit, "founded-anew", day, at, details={"names": names})
    record("structure.unit.founded_anew", actor=actor, subject=unit)
    return unit


@transaction.atomic
def promote_unit(unit: Unit, *, kind: str, day: dt.date, actor: Actor, at: dt.datetime) -> Unit:
    """Make the unit one of another kind from `day` on (a group becomes a section)."""
    unit = _open(unit, day, actor, asks="structure.place")
    new = Kind.objects.filter(code=kind).first()
    if new is None:
        raise Refusal(
            _("There is no kind of unit “%(kind)s”.") % {"kind": kind[:60]}, field="kind", code="no-kind"
        )
    lies = value_on(UnitParent, unit, day)
    if lies is not None:
        rules.check_order(new.position, lies.parent.kind.position)
    before = value_on(UnitKind, unit, day)
    if before is not None and before.kind_id == kind:
        sentence = _("%(code)s already is of this kind on that day.") % {"code": unit.code}
        raise Refusal(sentence, field="kind", code="same-kind")
    set_from(UnitKind, unit, day, at, kind=new)
    _mirror_today(unit)
    details = {"from": before.kind_id if before else None, "to": kind}
    note_event(unit, "promoted", day, at, details=details)
    record("structure.unit.promoted", actor=actor, subject=unit)
    return unit


@transaction.atomic
def move_unit(unit: Unit, *, parent: Unit, day: dt.date, actor: Actor, at: dt.datetime) -> Unit:
    """Place the unit, with all below it, within another parent from `day` on."""
    require(actor, "structure.change", parent)
    unit, parent = _open(unit, day, actor, asks="structure.place"), _fresh(parent)
    rules.check_not_dissolved(parent.code, parent.dissolved_on)
    rules.check_no_circle(unit.path, parent.path, unit.code)
    rules.check_change_day(day, today=clock.today(), founded_on=parent.founded_on)
    before = value_on(UnitParent, unit, day)
    if before is None:
        raise Refusal(_("The first unit of the organisation cannot be moved."), field="parent", code="root")
    set_from(UnitParent, unit, day, at, parent=parent, absorbed=False)
    _mirror_today(unit)
    note_event(unit, "moved", day, at, other=parent, details={"from": before.parent.code, "to": parent.code})
    record("structure.unit.moved", actor=actor, subject=unit)
    return unit


@transaction.atomic
def merge_units(unit: Unit, *, into: Unit, day: dt.date, actor: Actor, at: dt.datetime) -> Unit:
    """Merge the unit into another: it ends on `day`, its members count there, nobody is moved."""
    require(actor, "structure.change", into)
    unit, into = _open(unit, day, actor, asks="structure.place"), _fresh(into)
    rules.check_not_dissolved(into.code, into.dissolved_on)
    rules.check_no_circle(unit.path, into.path, unit.code)
    rules.check_change_day(day, today=clock.today(), founded_on=into.founded_on)
    _refuse_later_changes(unit, day)
    set_from(UnitParent, unit, day, at, parent=into, absorbed=True)
    Unit.objects.filter(pk=unit.pk).update(dissolved_on=day)
    _mirror_today(unit)
    note_event(unit, "merged", day, at, other=into)
    note_event(into, "received", day, at, other=unit)
    record("structure.unit.merged", actor=actor, subject=unit)
    return _fresh(unit)


@transaction.atomic
def dissolve_unit(unit: Unit, *, day: dt.date, actor: Actor, at: dt.datetime) -> Unit:
    """End an empty unit on `day`: no units within it, nobody a member of it (rooms above say so)."""
    unit = _open(unit, day, actor, asks="structure.place")
    within = UnitParent.objects.filter(parent=unit, recorded__upper_inf=True, valid__overlap=days(day))
    if within.filter(absorbed=False).exists():
        raise Refusal(
            _("%(code)s still has units within it; move or merge them first.") % {"code": unit.code},
            code="has-units",
        )
    for handler in hooks.before_dissolving:
        handler(unit, day)
    _refuse_later_changes(unit, day)
    for model in (UnitName, UnitKind, UnitParent):
        end_on(model, unit, day, at)
    Unit.objects.filter(pk=unit.pk).update(dissolved_on=day)
    note_event(unit, "dissolved", day, at)
    record("structure.unit.dissolved", actor=actor, subject=unit)
    return _fresh(unit)


@transaction.atomic
def prepare(unit: Unit, *, what: str, day: dt.date, actor: Actor, at: dt.datetime) -> UnitEvent:
    """Note that the unit prepares something (to be founded anew, say), announced on `day`."""
    unit = _open(unit, day, actor)
    event = note_event(unit, what, day, at, prepared=True)
    record("structure.unit.prepares", actor=actor, subject=unit)
    return event


def _open(unit: Unit, day: dt.date, actor: Actor, *, asks: str = "structure.change") -> Unit:
    """May, lock, rule: the first steps of every change. Returns the unit as it is under the lock.

    A change of a unit's place or rank asks for "structure.place": nobody does that to her own unit.
    """
    require(actor, asks, unit)
    lock_tree()
    unit = _fresh(unit)
    rules.check_not_dissolved(unit.code, unit.dissolved_on)
    rules.check_change_day(day, today=clock.today(), founded_on=unit.founded_on)
    return unit


def _fresh(unit: Unit) -> Unit:
    return Unit.objects.select_related("kind").get(pk=unit.pk)


def _refuse_later_changes(unit: Unit, day: dt.date) -> None:
    later = UnitParent.objects.filter(unit=unit, recorded__upper_inf=True, valid__startswith__gt=day)
    if later.exists():
        sentence = _("%(code)s was moved after %(day)s; choose a later day.")
        raise Refusal(
            sentence % {"code": unit.code, "day": day.isoformat()}, field="day", code="later-change"
        )


def _mirror_today(unit: Unit) -> None:
    """Bring path, kind and section of the unit and all below it in line with today's periods."""
    today = clock.today()
    kind = value_on(UnitKind, unit, today)
    if kind is not None:
        gate.vouch("structure_unit", unit.code, kind.kind.holds_names)
        Unit.objects.filter(pk=unit.pk).update(kind=kind.kind, holds_names=kind.kind.holds_names)
    unit = _fresh(unit)
    period = value_on(UnitParent, unit, today)
    parent = _fresh(period.parent) if period else None
    new_path = f"{parent.path if parent else '/'}{unit.pk}/"
    section = section_key(unit.pk, unit.kind, parent)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            update structure_unit set path = %(new)s || substr(path, length(%(old)s) + 1),
              -- above the sections there is none to pass down: each section below stays its own
              section_id = case when id = %(id)s then %(section)s else coalesce(%(section)s, section_id) end
            where path >= %(old)s and path < %(old)s || '~'
            """,
            {"id": unit.pk, "new": new_path, "old": unit.path, "section": section},
        )
