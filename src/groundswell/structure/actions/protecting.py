"""Protected units: chosen before the first person, so that no name was ever shown."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.kernel.meanwhile import reconciled
from groundswell.structure import hooks, rules
from groundswell.structure.actions.opening import fresh
from groundswell.structure.actions.periods import lock_tree
from groundswell.structure.models import Unit, UnitEvent
from groundswell.structure.queries import Named


@transaction.atomic
def protect_unit(
    unit: Unit,
    *,
    protected: bool,
    day: dt.date,
    actor: Actor,
    at: dt.datetime,
    before: Mapping[str, bool] | None = None,
) -> Unit:
    """Make a unit, with all below it, protected, or no longer; refused once a person is known there.

    `before` is what the one who says it saw, as `protected`.
    """
    require(actor, "structure.change", unit)
    lock_tree()
    unit = fresh(unit)
    rules.check_not_dissolved(Named(unit), unit.dissolved_on)
    said = reconciled({"protected": unit.protected}, before=before, wanted={"protected": protected})
    protected = said["protected"]
    if unit.protected == protected:
        return unit
    for check in hooks.before_protecting:
        check(unit)
    Unit.objects.filter(pk=unit.pk).update(protected=protected)
    what = "protected" if protected else "protected-no-more"
    UnitEvent.objects.create(unit=unit, what=what, day=day, recorded_at=at)
    record(f"structure.unit.{what.replace('-', '_')}", actor=actor, subject=unit)
    return fresh(unit)
