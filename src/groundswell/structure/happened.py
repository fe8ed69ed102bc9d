"""What happened within a window to a unit and to those right below it, for reports."""

import datetime as dt

from django.db.models import Q

from groundswell.structure.models import Unit, UnitEvent
from groundswell.structure.queries import ParentPeriod, parent_periods


def events_between(
    unit: Unit, since: dt.date, until: dt.date, known_at: dt.datetime | None = None, *, then: bool
) -> list[UnitEvent]:
    """Return what happened in (since, until] to a unit and to those right below it.

    `then`: to those that lay there on the day of it or the day before, so that a move stands with the unit it
    left and with the one it came to; else to those that lie there today.
    """
    found = UnitEvent.objects.filter(day__gt=since, day__lte=until).select_related("unit", "other")
    lay = parent_periods(known_at, parent=unit) if then else []
    if then:
        found = found.filter(unit__in=[unit.pk, *(one.unit_id for one in lay)])
    else:
        found = found.filter(unit__path__regex=rf"^{unit.path}([0-9]+/)?$")
    if known_at is not None:
        found = found.filter(recorded_at__lte=known_at)
    undone = Q(undone_at__isnull=False) if known_at is None else Q(undone_at__lte=known_at)
    return [
        event
        for event in found.exclude(undone).order_by("day", "id")
        if not then or event.unit_id == unit.pk or any(_touches(one, event) for one in lay)
    ]


def _touches(period: ParentPeriod, event: UnitEvent) -> bool:
    """Return whether an event's unit lay where the period says on the day of it, or till then."""
    lasted = period.start <= event.day and (period.end is None or event.day <= period.end)
    return period.unit_id == event.unit_id and lasted and not period.absorbed
