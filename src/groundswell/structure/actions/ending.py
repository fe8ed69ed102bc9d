"""A unit ends: merged into another with its members, or dissolved without any."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.kernel.errors import Refusal
from groundswell.kernel.periods import days
from groundswell.structure import hooks, rules
from groundswell.structure.actions.opening import (
    fresh,
    mirror_today,
    note_change,
    open_other,
    open_unit,
    refuse_circles,
    refuse_later_changes,
)
from groundswell.structure.actions.periods import PERIODS, again, end_on, note_event, set_from, supersede
from groundswell.structure.actions.protecting import shelter
from groundswell.structure.models import Change, Unit, UnitParent
from groundswell.structure.queries import Named


@transaction.atomic
def merge_units(unit: Unit, *, into: Unit, day: dt.date, actor: Actor, at: dt.datetime) -> Unit:
    """Merge the unit into another: it ends on `day`, its members count there, nobody is moved.

    Units that lay in it lie in the other from then on.
    """
    require(actor, "structure.change", into)
    unit = open_unit(unit, day, actor, asks="structure.place")
    into = open_other(into, unit, day)
    refuse_later_changes(unit, day)
    change = note_change("merged", unit, day, actor=actor, at=at, other=into)
    set_from(UnitParent, unit, day, change, parent=into, absorbed=True)
    handed_over = _hand_over(unit, into, day, change)
    refuse_circles(unit)
    Unit.objects.filter(pk=unit.pk).update(dissolved_on=day)
    mirror_today(unit)
    shelter(unit, change)
    mirror_today(*handed_over)
    note_event(unit, "merged", day, change, other=into)
    note_event(into, "received", day, change, other=unit)
    for handler in hooks.when_ending:
        handler(change, actor)
    record("structure.unit.merged", actor=actor, subject=unit)
    return fresh(unit)


def _hand_over(unit: Unit, into: Unit, day: dt.date, change: Change) -> list[Unit]:
    """Let what lies in a unit from `day` on lie in another; return what does so.

    Nine hundred branches of a region go over by as many statements as one.
    """
    # The other itself may have lain in it on one of these days: `refuse_circles` says so.
    periods = UnitParent.objects.exclude(unit=into).filter(
        parent=unit, absorbed=False, recorded__upper_inf=True, valid__overlap=days(day)
    )
    within, at = list(periods.select_related("unit")), change.recorded_at
    supersede(periods, at, closing=change)
    UnitParent.objects.bulk_create(
        again(one, at, valid=days(one.valid.lower, day), change=change)
        for one in within
        if one.valid.lower < day
    )
    UnitParent.objects.bulk_create(
        again(one, at, parent=into, valid=days(max(day, one.valid.lower), one.valid.upper), change=change)
        for one in within
    )
    return [one.unit for one in within]


@transaction.atomic
def dissolve_unit(unit: Unit, *, day: dt.date, actor: Actor, at: dt.datetime) -> Unit:
    """End an empty unit on `day`: no units within it, nobody a member of it (rooms above say so)."""
    unit = open_unit(unit, day, actor, asks="structure.place")
    within = UnitParent.objects.filter(parent=unit, recorded__upper_inf=True, valid__overlap=days(day))
    if within.filter(absorbed=False).exists():
        raise Refusal(
            _("%(unit)s still has units within it; move or merge them first.") % {"unit": Named(unit)},
            code="has-units",
        )
    rules.check_lasted(day, founded_on=unit.founded_on, unit=Named(unit))
    for check in hooks.before_dissolving:
        check(unit, day)
    refuse_later_changes(unit, day)
    change = note_change("dissolved", unit, day, actor=actor, at=at)
    for model in PERIODS:
        end_on(model, unit, day, change)
    Unit.objects.filter(pk=unit.pk).update(dissolved_on=day)
    note_event(unit, "dissolved", day, change)
    for handler in hooks.when_ending:
        handler(change, actor)
    record("structure.unit.dissolved", actor=actor, subject=unit)
    return fresh(unit)
