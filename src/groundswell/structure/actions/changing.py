"""What happens to a unit that goes on: renamed, promoted, moved, founded anew.

None of these moves a member: figures follow the periods of names, kinds and parents.
"""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.structure import rules
from groundswell.structure import standing as standings
from groundswell.structure.actions.opening import (
    fresh,
    kind_of,
    kind_on,
    mirror_today,
    note_change,
    open_other,
    open_unit,
    reconciled_names,
    refuse_circles,
    refuse_higher_below,
)
from groundswell.structure.actions.periods import note_event, set_from, value_on
from groundswell.structure.actions.protecting import shelter
from groundswell.structure.models import Kind, Unit, UnitEvent, UnitKind, UnitName, UnitParent
from groundswell.structure.queries import Named


@transaction.atomic
def rename_unit(
    unit: Unit,
    *,
    names: dict[str, str],
    day: dt.date,
    actor: Actor,
    at: dt.datetime,
    before: Mapping[str, str] | None = None,
) -> Unit:
    """Give the unit other names (per language) from `day` on; its history stays.

    `before` are the names of today that whoever renames it saw.
    """
    unit = open_unit(unit, day, actor)
    names = _other_names(unit, names, before, day)
    change = note_change("renamed", unit, day, actor=actor, at=at)
    set_from(UnitName, unit, day, change, names=names)
    note_event(unit, "renamed", day, change, details={"names": names})
    record("structure.unit.renamed", actor=actor, subject=unit)
    return unit


@transaction.atomic
def found_anew(
    unit: Unit,
    *,
    names: dict[str, str],
    day: dt.date,
    actor: Actor,
    at: dt.datetime,
    before: Mapping[str, str] | None = None,
) -> Unit:
    """Found the unit anew under other names: the same unit, the same members, a new banner.

    `before` are the names of today that whoever founds it anew saw.
    """
    unit = open_unit(unit, day, actor)
    names = _other_names(unit, names, before, day)
    change = note_change("founded-anew", unit, day, actor=actor, at=at)
    set_from(UnitName, unit, day, change, names=names)
    note_event(unit, "founded-anew", day, change, details={"names": names})
    record("structure.unit.founded_anew", actor=actor, subject=unit)
    return unit


def _other_names(
    unit: Unit, names: dict[str, str], before: Mapping[str, str] | None, day: dt.date
) -> dict[str, str]:
    """Return the names the unit is to have; refuse those it has, and those that others changed meanwhile."""
    today, then = (value_on(UnitName, unit, one) for one in (clock.today_in(unit.time_zone), day))
    names = rules.check_names(reconciled_names(today.names if today else {}, before=before, wanted=names))
    if then is not None and then.names == names:
        sentence = _("%(unit)s is called so already on that day.") % {"unit": Named(unit)}
        raise Refusal(sentence, field="name", code="same-name")
    return names


@transaction.atomic
def promote_unit(unit: Unit, *, kind: str, day: dt.date, actor: Actor, at: dt.datetime) -> Unit:
    """Make the unit one of another kind from `day` on (a group becomes a section)."""
    unit = open_unit(unit, day, actor, asks="structure.place")
    new = kind_of(kind)
    lies = value_on(UnitParent, unit, day)
    if lies is not None:
        rules.check_order(new.position, kind_on(lies.parent, day).position)
    refuse_higher_below(unit, new, day)
    before = value_on(UnitKind, unit, day)
    if before is not None and before.kind_id == kind:
        sentence = _("%(unit)s already is of this kind on that day.") % {"unit": Named(unit)}
        raise Refusal(sentence, field="kind", code="same-kind")
    _refuse_not_yet(unit, new, day, actor)
    change = note_change("promoted", unit, day, actor=actor, at=at)
    set_from(UnitKind, unit, day, change, kind=new)
    mirror_today(unit)
    details = {"from": before.kind_id if before else None, "to": kind}
    note_event(unit, "promoted", day, change, details=details)
    record("structure.unit.promoted", actor=actor, subject=unit)
    return fresh(unit)


def _refuse_not_yet(unit: Unit, kind: Kind, day: dt.date, actor: Actor) -> None:
    """Refuse what the rules of promotion do not allow yet; whoever enters history is not asked."""
    if actor.operator and actor.account_id is None:
        return
    lacks = standings.missing_for(unit, kind, day)
    if lacks:
        sentence = _("%(unit)s is not yet what the rules ask for: %(missing)s.")
        missing = "; ".join(one.text for one in lacks)
        raise Refusal(sentence % {"unit": Named(unit), "missing": missing}, field="kind", code="not-yet")


@transaction.atomic
def move_unit(unit: Unit, *, parent: Unit, day: dt.date, actor: Actor, at: dt.datetime) -> Unit:
    """Place the unit, with all below it, within another parent from `day` on."""
    require(actor, "structure.change", parent)
    unit = open_unit(unit, day, actor, asks="structure.place")
    parent = open_other(parent, unit, day)
    before = value_on(UnitParent, unit, day)
    if before is None:
        raise Refusal(_("The first unit of the organisation cannot be moved."), field="parent", code="root")
    if before.parent_id == parent.pk and not before.absorbed:
        sentence = _("%(unit)s lies there already on that day.") % {"unit": Named(unit)}
        raise Refusal(sentence, field="parent", code="same-parent")
    change = note_change("moved", unit, day, actor=actor, at=at, other=parent)
    set_from(UnitParent, unit, day, change, parent=parent, absorbed=False)
    refuse_circles(unit)
    mirror_today(unit)
    shelter(unit, change)
    details = {"from": before.parent.code, "to": parent.code}
    note_event(unit, "moved", day, change, other=parent, details=details)
    record("structure.unit.moved", actor=actor, subject=unit)
    return fresh(unit)


@transaction.atomic
def announce(unit: Unit, *, what: str, day: dt.date, actor: Actor, at: dt.datetime) -> UnitEvent:
    """Note that the unit prepares something (to be founded anew, say) whose day is not set yet."""
    unit = open_unit(unit, day, actor)
    event = UnitEvent.objects.create(unit=unit, what=what, day=day, recorded_at=at, prepared=True)
    record("structure.unit.announced", actor=actor, subject=unit)
    return event
