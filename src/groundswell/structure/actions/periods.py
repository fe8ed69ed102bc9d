"""How a period is cut and continued: the one way names, kinds and parents change."""

import datetime as dt
from typing import Any, Final, TypeVar

from django.db import connection, models
from django.db.models import QuerySet

from groundswell.kernel.periods import closed_at, days, since
from groundswell.structure.models import Change, Unit, UnitEvent, UnitKind, UnitName, UnitParent

Period = TypeVar("Period", UnitName, UnitKind, UnitParent)
PERIODS: Final[tuple[type[Any], ...]] = (UnitName, UnitKind, UnitParent)


def lock_tree() -> None:
    """Let one change of the tree happen at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('structure'))")


def set_from(model: type[Period], unit: Unit, day: dt.date, change: Change, **values: Any) -> None:
    """Let `values` hold for the unit from `day` until the next change already known of.

    What was believed of that day is kept as believed until the change was recorded; nothing is
    overwritten.
    """
    later = _cut(model, unit, day, change)
    begins = {"valid": days(day, later), "recorded": since(change.recorded_at)}
    model._default_manager.create(unit=unit, change=change, **begins, **values)


def end_on(model: type[Period], unit: Unit, day: dt.date, change: Change) -> None:
    """Let nothing hold for the unit from `day` on."""
    believed = model._default_manager.filter(unit=unit, recorded__upper_inf=True)
    _cut(model, unit, day, change)
    supersede(believed.filter(valid__startswith__gte=day), change.recorded_at, closing=change)


def value_on(model: type[Period], unit: Unit, day: dt.date) -> Period | None:
    """Return the period believed now that holds on `day`."""
    return (
        model._default_manager.filter(unit=unit, recorded__upper_inf=True, valid__contains=day)
        .order_by("id")
        .first()
    )


def supersede(periods: QuerySet[Period], at: dt.datetime, *, closing: Change | None) -> None:
    """Believe periods no longer from `at` on."""
    stamp = models.Func(function="org_stamp", output_field=models.BigIntegerField())
    periods.update(recorded=closed_at(at), superseded_stamp=stamp, closing=closing)


def again(period: Period, at: dt.datetime, **other: Any) -> Period:
    """Return a period to be believed anew from `at` on, with other values where given, not yet written."""
    # What is said anew is left out under its own name: Django takes a key that comes as `change_id` besides.
    skipped = {"id", "recorded", "recorded_stamp", "superseded_stamp", "closing", *other}
    values = {
        field.attname: getattr(period, field.attname)
        for field in period._meta.concrete_fields
        if field.name not in skipped
    }
    return type(period)(**{**values, "recorded": since(at), **other})


def note_event(unit: Unit, what: str, day: dt.date, change: Change, **more: Any) -> UnitEvent:
    """Write a line of the unit's history: its lineage and what a person reads on its page."""
    return UnitEvent.objects.create(
        unit=unit, what=what, day=day, change=change, recorded_at=change.recorded_at, **more
    )


def _cut(model: type[Period], unit: Unit, day: dt.date, change: Change) -> dt.date | None:
    """Cut the period that holds on `day`; return the day on which the next known change begins."""
    period = value_on(model, unit, day)
    if period is None:
        following = model._default_manager.filter(
            unit=unit, recorded__upper_inf=True, valid__startswith__gt=day
        ).order_by("valid")
        first = following.first()
        return first.valid.lower if first else None
    supersede(model._default_manager.filter(pk=period.pk), change.recorded_at, closing=change)
    if period.valid.lower < day:
        until_then = days(period.valid.lower, day)
        again(period, change.recorded_at, valid=until_then, change=change).save(force_insert=True)
    end: dt.date | None = period.valid.upper
    return end
