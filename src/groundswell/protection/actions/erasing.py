"""A person is erased: she leaves, then everything declared of her goes."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection, transaction

from groundswell.access import erasing
from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.rights import may
from groundswell.access.trail import record
from groundswell.accounts import actions as accounts
from groundswell.accounts.models import Mandate
from groundswell.kernel import clock
from groundswell.people import hooks
from groundswell.people.models import Hold, Membership, Person
from groundswell.people.queries import contacts_of
from groundswell.protection import rules


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did: rows that went or were emptied by table, memberships that ended on the way."""

    person: int
    counts: Mapping[str, int]
    memberships_ended: int


@transaction.atomic
def erase_person(person: Person, *, actor: Actor, at: dt.datetime) -> Erased:
    """Erase a person from every declared table, the trail's contents and the queue of jobs.

    Whoever is a member still is one to the end of this day, and left from tomorrow: the figures as of any
    day up to today stand. Refused while a hold keeps her, or while she holds an office that the actor
    cannot end. For her data protection officer and the operator.
    """
    require(actor, "people.erase", person.unit)
    holds = Hold.objects.filter(person=person, lifted_at=None).values_list("why", flat=True)
    rules.check_not_held(list(holds))
    _end_offices(person, actor=actor, at=at)
    for handler in hooks.when_erasing:
        handler(person, actor)
    ended = _leave(person, actor=actor, at=at)
    words = [contact.value for contact in contacts_of([person])[person.pk]]
    record("people.person.erased", actor=actor, subject=person)
    return Erased(person.pk, erasing.erase(person.pk, words), ended)


def _leave(person: Person, *, actor: Actor, at: dt.datetime) -> int:
    """End what memberships she has after today; return how many."""
    held = Membership.objects.select_related("unit", "person").filter(
        person=person, recorded__upper_inf=True, valid__upper_inf=True
    )
    # A clock that was ahead when she joined, or is behind by now, ends no membership before it begins.
    today = clock.day_in(person.unit.time_zone, at)
    day = max([today, *(membership.valid.lower for membership in held)]) + dt.timedelta(days=1)
    for membership in held.filter(home=True):
        for refuse in hooks.before_leaving:
            refuse(membership, day)
        for handler in hooks.when_leaving:
            handler(membership, day, actor, at)
    with connection.cursor() as cursor:
        cursor.execute("select protection_leave(%s, %s, %s)", [person.pk, day, at])
        (ended,) = cursor.fetchone()
    return int(ended)


def _end_offices(person: Person, *, actor: Actor, at: dt.datetime) -> None:
    held = [
        one
        for one in Mandate.objects.select_related("unit").filter(person=person, recorded__upper_inf=True)
        if one.valid.upper is None or one.valid.upper > clock.day_in(one.unit.time_zone, at)
    ]
    may_end = all(may(actor, "accounts.mandate", one.unit) for one in held)
    rules.check_holds_no_office(offices=len(held), may_end=may_end)
    for one in held:
        day = max(clock.day_in(one.unit.time_zone, at), one.valid.lower)
        accounts.end_mandate(one, day=day, actor=actor, at=at)
