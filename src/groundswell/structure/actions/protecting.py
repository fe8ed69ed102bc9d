"""Protected units: chosen before the first person, so that no name was ever shown.

What lies in a protected unit says so of itself as well, so that whoever asks a unit alone is told right, and
that it stays so when it is moved out of there with the people who were promised it.
"""

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
from groundswell.structure.models import Change, Unit, UnitEvent
from groundswell.structure.queries import Named, lies_in_protected


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

    What lies in a protected unit is protected with it, and cannot be otherwise alone. `before` is what the
    one who says it saw, as `protected`.
    """
    require(actor, "structure.change", unit)
    lock_tree()
    unit = fresh(unit)
    rules.check_not_dissolved(Named(unit), unit.dissolved_on)
    said = reconciled({"protected": unit.protected}, before=before, wanted={"protected": protected})
    protected = said["protected"]
    if unit.protected == protected:
        return unit
    if not protected:
        rules.check_not_sheltered(Named(unit), sheltered=lies_in_protected(unit))
    for check in hooks.before_protecting:
        check(unit)
    Unit.objects.filter(path__startswith=unit.path).update(protected=protected)
    what = "protected" if protected else "protected-no-more"
    UnitEvent.objects.create(unit=unit, what=what, day=day, recorded_at=at)
    record(f"structure.unit.{what.replace('-', '_')}", actor=actor, subject=unit)
    return fresh(unit)


def shelter(unit: Unit, change: Change) -> None:
    """Protect a unit, with all below it, that a change has brought into a protected one.

    Its people were shown by their names before; from now on they are not.
    """
    unit = fresh(unit)
    if not lies_in_protected(unit):
        return
    bare = list(Unit.objects.filter(path__startswith=unit.path, protected=False))
    Unit.objects.filter(pk__in=[one.pk for one in bare]).update(protected=True)
    said = {"what": "protected", "day": change.day, "change": change, "recorded_at": change.recorded_at}
    UnitEvent.objects.bulk_create(UnitEvent(unit=one, **said) for one in bare)


def unshelter(change: Change) -> None:
    """Take back what `shelter` did for a change that is undone."""
    sheltered = UnitEvent.objects.filter(change=change, what="protected").values_list("unit", flat=True)
    Unit.objects.filter(pk__in=list(sheltered)).update(protected=False)
