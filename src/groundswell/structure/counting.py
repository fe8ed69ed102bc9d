"""Who counts where today: the units in an actor's reach, where each lies, how many members are in it."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from django.db.models import Q, QuerySet

from groundswell.access.actor import Actor
from groundswell.kernel import clock
from groundswell.structure import hooks, queries
from groundswell.structure.models import Unit, UnitParent


def within_reach(actor: Actor) -> QuerySet[Unit]:
    """Return the units that one of the actor's offices extends to."""
    if actor.operator:
        return Unit.objects.all()
    tops = Q(pk__in=[])
    for office in actor.mandates:
        tops |= Q(path__startswith=office.path)
    return Unit.objects.filter(tops)


def lies_on(on: dt.date) -> dict[int, int]:
    """Return the unit that each lies in on a day, or was merged into."""
    return {
        one.unit_id: one.parent_id
        for one in queries.parent_periods()
        if one.start <= on and (one.end is None or one.end > on)
    }


def merged_into(units: Collection[int], on: dt.date) -> dict[int, int]:
    """Return the units that had been merged into one of these by a day, each with the one it went into."""
    merged = dict(
        UnitParent.objects.filter(absorbed=True, recorded__upper_inf=True, valid__contains=on).values_list(
            "unit_id", "parent_id"
        )
    )

    def ends_in(unit: int) -> int:
        while unit in merged:
            unit = merged[unit]
        return unit

    return {unit: into for unit, into in merged.items() if ends_in(into) in units}


def with_merged(unit: Unit, on: dt.date) -> set[int]:
    """Return a unit and those that had been merged into it by a day: whose members are members of it."""
    return {unit.pk, *merged_into({unit.pk}, on)}


def goes_on_in(unit: Unit) -> Unit:
    """Return the unit in which one that was merged goes on by now where it lies; itself where it was not."""
    merged = UnitParent.objects.select_related("parent").filter(absorbed=True, recorded__upper_inf=True)
    lies = merged.filter(unit=unit, valid__contains=clock.latest_day()).first()
    return unit if lies is None else goes_on_in(lies.parent)


def counted(units: Sequence[int], lies: Mapping[int, int], on: dt.date) -> dict[int, int]:
    """Return how many members count in each unit with all that lies in it, of what `units` hold.

    Members of a unit that was merged stay in it and count where it went: `units` must hold it too.
    """
    totals = dict.fromkeys(units, 0)
    for reading in hooks.members_in:
        for unit, members in reading(units, on).items():
            above: int | None = unit
            while above is not None:
                if above in totals:
                    totals[above] += members
                above = lies.get(above)
    return totals
