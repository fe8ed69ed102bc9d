"""How a period is cut and continued: the one way names, kinds and parents change."""

import datetime as dt
from typing import Any, TypeVar

from django.db import connection, models

from groundswell.kernel.periods import Recorded, days, since, until
from groundswell.structure.models import Unit, UnitEvent

Period = TypeVar("Period", bound=Recorded)


def lock_tree() -> None:
    """Let one change of the tree happen at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('structure'))")


def set_from(model: type[Period], unit: Unit, day: dt.date, at: dt.datetime, **values: Any) -> None:
    """Let `values` hold for the unit from `day` until the next change already known of.

    What was believed of that day is kept as believed until `at`; nothing is overwritten.
    """
    later = _cut(model, unit, day, at)
    model._default_manager.create(unit=unit, valid=days(day, later), recorded=since(at), **values)


def end_on(model: type[Period], unit: Unit, day: dt.date, at: dt.datetime) -> None:
    """Let nothing hold for the unit from `day` on."""
    believed = model._default_manager.filter(unit=unit, recorded__upper_inf=True)
    _cut(model, unit, day, at)
    for period in believed.filter(valid__startswith__gte=day):
        _supersede(model, period, at)


def value_on(model: type[Period], unit: Unit, day: dt.date) -> Period | None:
    """Return the period believed now that holds on `day`."""
    return (
        model._default_manager.filter(unit=unit, recorded__upper_inf=True, valid__contains=day)
        .order_by("id")
        .first()
    )


def _cut(model: type[Period], unit: Unit, day: dt.date, at: dt.datetime) -> dt.date | None:
    """Cut the period that holds on `day`; return the day on which the next known change begins."""
    period = value_on(model, unit, day)
    if period is None:
        following = model._default_manager.filter(
            unit=unit, recorded__upper_inf=True, valid__startswith__gt=day
        ).order_by("valid")
        first = following.first()
        return first.valid.lower if first else None
    _supersede(model, period, at)
    if period.valid.lower < day:
        _copy(period, days(period.valid.lower, day), at)
    end: dt.date | None = period.valid.upper
    return end


def _supersede(model: type[Period], period: Period, at: dt.datetime) -> None:
    stamp = models.Func(function="org_stamp", output_field=models.BigIntegerField())
    recorded = until(period.recorded, at)
    model._default_manager.filter(pk=period.pk).update(recorded=recorded, superseded_stamp=stamp)


def _copy(period: Period, valid: Any, at: dt.datetime) -> None:
    skipped = {"id", "valid", "recorded", "recorded_stamp", "superseded_stamp"}
    values = {
        field.attname: getattr(period, field.attname)
        for field in period._meta.concrete_fields
        if field.name not in skipped
    }
    type(period)._default_manager.create(valid=valid, recorded=since(at), **values)


def note_event(unit: Unit, what: str, day: dt.date, at: dt.datetime, **more: Any) -> UnitEvent:
    """Write a line of the unit's history: its lineage and what a person reads on its page."""
    return UnitEvent.objects.create(unit=unit, what=what, day=day, recorded_at=at, **more)
