"""Gatherings and who came to them, as far as the actor may see it."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.reach import within_reach
from groundswell.access.rights import may
from groundswell.kernel import clock
from groundswell.kernel.errors import NotFound
from groundswell.people.models import Attendance, Gathering, Membership, Person
from groundswell.structure import counting
from groundswell.structure.models import Unit
from groundswell.web import figures

# The latest meeting of each unit up to a day. A unit that never met counts from its founding, but only where
# its section writes gatherings down at all: who keeps them elsewhere is not told that it never meets.
LAST_MET = """
select u.id, coalesce(
    (select max(g.day) from people_gathering g
     where g.unit_id = u.id and g.kind = 'meeting' and g.day <= %(on)s), u.founded_on)
from structure_unit u
where u.id = any(%(units)s) and exists (
    select from people_gathering g join structure_unit s on s.id = g.unit_id
    where coalesce(s.section_id, s.id) = coalesce(u.section_id, u.id) and g.day <= %(on)s)
"""


def gathering_for(actor: Actor, pk: int, capability: str) -> Gathering:
    """Return a gathering of a unit in which the actor may do this; NotFound else."""
    gathering = Gathering.objects.select_related("unit").filter(pk=pk).first()
    if gathering is None or not may(actor, capability, gathering.unit):
        raise NotFound(_("There is no such gathering that you may see."))
    return gathering


def gatherings(actor: Actor, *, unit: Unit | None, after: int | None, most: int) -> list[Any]:
    """Return gatherings in the actor's reach, the latest first, each with `came`: how many came.

    `unit` narrows them to it and all below; `after` is the number of the last one of the page before.
    """
    reach = counting.within_reach(actor)
    if unit is not None:
        reach = reach.filter(path__startswith=unit.path)
    found = Gathering.objects.select_related("unit").filter(unit__in=reach)
    if after is not None:
        last = Gathering.objects.filter(pk=after).first()
        if last is not None:
            found = found.filter(Q(day__lt=last.day) | Q(day=last.day, pk__lt=last.pk))
    return _counted(found.order_by("-day", "-pk")[:most])


def without_roll(actor: Actor, *, today: dt.date) -> list[Any]:
    """Return the gatherings whose roll is the actor's and to which nobody is said to have come.

    Of the day and the day before, by the calendar of the place; `days_ago` says which. Those of the very
    units in which she holds an office: above them it would be a line every evening.
    """
    around = [today + dt.timedelta(days=days) for days in range(-2, 2)]
    hers = Q(unit__in=[office.unit_id for office in actor.mandates])
    found = Gathering.objects.select_related("unit").filter(
        hers, within_reach(actor, "people.edit"), day__in=around
    )
    gatherings = _counted(found.order_by("day", "pk"))
    if not gatherings:
        return []
    at = clock.now()
    for one in gatherings:
        one.days_ago = (clock.day_in(one.unit.time_zone, at) - one.day).days
    return [one for one in gatherings if not one.came and one.days_ago in {0, 1}]


def of_unit(unit: Unit, *, up_to: dt.date, most: int) -> list[Any]:
    """Return a unit's own latest gatherings up to a day, each with `came`."""
    return _counted(_latest(unit, up_to, most))


def held_by(unit: Unit, *, up_to: dt.date, most: int) -> set[int]:
    """Return the numbers of a unit's own latest gatherings up to a day."""
    return set(_latest(unit, up_to, most).values_list("pk", flat=True))


def _latest(unit: Unit, up_to: dt.date, most: int) -> QuerySet[Gathering]:
    found = Gathering.objects.select_related("unit").filter(unit=unit, day__lte=up_to)
    return found.order_by("-day", "-pk")[:most]


def _counted(found: QuerySet[Gathering]) -> list[Any]:
    gatherings: list[Any] = list(found)
    came = how_many_came([one.pk for one in gatherings]) if gatherings else {}
    for one in gatherings:
        one.came = came.get(one.pk, 0)
    return gatherings


def how_many_came(gatherings: Sequence[int]) -> Mapping[int, int]:
    """Return how many came to each, also of those whom the session may not see; 0 is left out."""
    with connection.cursor() as cursor:
        cursor.execute("select gathering, came from people_came(%s)", [list(gatherings)])
        return dict(cursor.fetchall())


def gatherings_named(numbers: Collection[int]) -> Mapping[int, str]:
    """Return what gatherings are called, with their days, of those that the session sees."""
    language = get_language() or "en"
    found = Gathering.objects.filter(pk__in=numbers).values_list("pk", "title", "day")
    return {pk: ", ".join(filter(None, (title, figures.day(day, language)))) for pk, title, day in found}


def who_came(gathering: Gathering) -> set[int]:
    """Return the persons who came, as far as the session sees them."""
    return set(Attendance.objects.filter(gathering=gathering).values_list("person_id", flat=True))


def came_to(person: Person, *, most: int) -> list[Gathering]:
    """Return the latest gatherings she came to that the session sees."""
    came = Attendance.objects.filter(person=person).select_related("gathering")
    return [one.gathering for one in came.order_by("-gathering__day", "-gathering")[:most]]


def known_to(unit: Unit, day: dt.date, *, most: int) -> tuple[list[int], list[int]]:
    """Return the members and guests of a unit on a day, then who else is known there; each by name."""
    members = Person.objects.filter(
        pk__in=_held(unit, day).values("person"),
    ).order_by("sort_key", "pk")
    others = Person.objects.filter(unit=unit).exclude(pk__in=_held(unit, day).values("person"))
    own = list(members.values_list("pk", flat=True)[:most])
    left = most - len(own)
    return own, list(others.order_by("sort_key", "pk").values_list("pk", flat=True)[:left])


def _held(unit: Unit, day: dt.date) -> QuerySet[Any]:
    return Membership.objects.filter(unit=unit, recorded__upper_inf=True, valid__contains=day)


def last_met(units: Sequence[int], on: dt.date) -> Mapping[int, dt.date]:
    """Return the day of each unit's latest meeting up to a day, as far as gatherings are written down."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_MET, {"units": list(units), "on": on})
        return dict(cursor.fetchall())
