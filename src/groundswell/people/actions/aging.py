"""Whether somebody is under 18: said by the offices of her unit, over by itself where the month is known."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from groundswell.access.actor import OPERATOR, Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.kernel import clock
from groundswell.kernel.meanwhile import reconciled
from groundswell.people import rules
from groundswell.people.actions.joining import lock_person
from groundswell.people.models import Person


@transaction.atomic
def say_age(
    person: Person,
    *,
    young: bool,
    of_age_on: dt.date | None = None,
    before: Mapping[str, Any] | None = None,
    actor: Actor,
    at: dt.datetime,
) -> None:
    """Say that a person is under 18, and from which day on she is not if that is known; or that she is not.

    From then on the offices of her own unit alone read her. An office above may say that she is under 18, and
    sees her no more; it cannot say the contrary of somebody it does not see. Of the day its month is kept.
    `before` is what whoever says it saw, by the names of the person's columns.
    """
    require(actor, "people.edit", person.unit)
    locked = lock_person(person)
    until = (
        rules.check_of_age(of_age_on, today=clock.day_in(person.unit.time_zone, at))
        if young and of_age_on
        else None
    )
    stands = {"minor": locked.minor, "of_age_on": locked.of_age_on}
    said = reconciled(stands, before=before, wanted={"minor": young, "of_age_on": until})
    with connection.cursor() as cursor:
        cursor.execute("select people_say_age(%s, %s, %s)", [person.pk, said["minor"], said["of_age_on"]])
    record("people.person.age_said", actor=actor, subject=person)


@transaction.atomic
def come_of_age(*, today: dt.date) -> int:
    """Let everybody be of age whose month has come; return how many. For the worker."""
    count = Person.objects.filter(of_age_on__lte=today).update(minor=False, of_age_on=None)
    if count:
        record("people.persons.came_of_age", actor=OPERATOR, subject=None, count=count)
    return count
