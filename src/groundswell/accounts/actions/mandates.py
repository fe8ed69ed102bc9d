"""Mandates: an office given to a person in a unit for a term, and its end."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection, models, transaction

from groundswell.access import gate
from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.accounts import queries, rules
from groundswell.accounts.models import Mandate
from groundswell.accounts.words import office_names
from groundswell.kernel import clock
from groundswell.kernel.periods import days, since
from groundswell.kernel.periods import until as closed
from groundswell.people.models import Membership, Person
from groundswell.structure.actions.periods import lock_tree
from groundswell.structure.models import Unit
from groundswell.structure.queries import Named


@transaction.atomic
def give_mandate(
    person: Person,
    *,
    unit: Unit,
    office: str,
    day: dt.date,
    actor: Actor,
    at: dt.datetime,
    until: dt.date | None = None,
) -> Mandate:
    """Give a person an office in a unit from `day` on, until a day if it has a term.

    Refused where she holds it on one of these days: of two such mandates one would outlive the other's end.
    """
    require(actor, "accounts.mandate", unit)
    lock_tree()
    there = Unit.objects.get(pk=unit.pk)
    rules.check_there(Named(there), day, founded_on=there.founded_on, dissolved_on=there.dissolved_on)
    rules.check_office(office)
    rules.check_grant(actor, office, unit, to_person=person.pk)
    rules.check_term(day, until)
    if not actor.operator:
        rules.check_belongs(belongs=queries.belongs(person.pk, unit, day), unit=Named(unit))
    _one_at_a_time(person)
    held = queries.held_between(person.pk, unit, office, day, until)
    if held is not None:
        term = {"since": held.valid.lower, "until": held.valid.upper}
        rules.refuse_held(**term, office=office_names()[office], unit=Named(unit))
    vouch(person.pk, unit.pk, office, days(day, until), believed=True)
    mandate = Mandate.objects.create(
        person=person,
        unit=unit,
        office=office,
        valid=days(day, until),
        recorded=since(at),
        given_by=actor.account_id,
    )
    record("accounts.mandate.given", actor=actor, subject=mandate)
    return mandate


@transaction.atomic
def end_mandate(mandate: Mandate, *, day: dt.date, actor: Actor, at: dt.datetime) -> Mandate:
    """End a mandate on a day; its rights end with it. What was believed before is kept.

    Ending it on the day it began takes it back altogether.
    """
    require(actor, "accounts.mandate", mandate.unit)
    judge_one_at_a_time()
    mandate = Mandate.objects.select_for_update(of=("self",)).select_related("unit").get(pk=mandate.pk)
    rules.check_grant(actor, mandate.office, mandate.unit, to_person=mandate.person_id)
    rules.check_end(
        day,
        began=mandate.valid.lower,
        ends=mandate.valid.upper,
        believed=mandate.recorded.upper is None,
    )
    # What has not begun is taken back freely: the unit has had to do without it so far.
    today = clock.day_in(mandate.unit.time_zone, at)
    if mandate.office == "secretary" and not actor.operator and mandate.valid.lower <= today:
        alone = queries.last_secretary_of(mandate.person_id, day)
        rules.check_last_secretary([one for one in alone if one.unit == mandate.unit])
    stamp = models.Func(function="org_stamp", output_field=models.BigIntegerField())
    recorded = closed(mandate.recorded, at)
    vouch(mandate.person_id, mandate.unit_id, mandate.office, mandate.valid, believed=False)
    Mandate.objects.filter(pk=mandate.pk).update(recorded=recorded, superseded_stamp=stamp)
    if day == mandate.valid.lower:
        # Taken back before a day of it had passed: it is believed of no day any more.
        record("accounts.mandate.withdrawn", actor=actor, subject=mandate)
        return mandate
    term = days(mandate.valid.lower, day)
    vouch(mandate.person_id, mandate.unit_id, mandate.office, term, believed=True)
    ended = Mandate.objects.create(
        person_id=mandate.person_id,
        unit=mandate.unit,
        office=mandate.office,
        valid=term,
        recorded=since(at),
        given_by=mandate.given_by,
    )
    record("accounts.mandate.ended", actor=actor, subject=ended)
    return ended


@transaction.atomic
def hand_over(mandate: Mandate, *, to: Person, day: dt.date, actor: Actor, at: dt.datetime) -> Mandate:
    """Give an office to somebody else on a day and end it for who held it; return the new mandate.

    One with a term goes over for the rest of it, and no longer.
    """
    rules.check_successor(holder=mandate.person_id, to=to.pk)
    began, ends = mandate.valid.lower, mandate.valid.upper
    rules.check_end(day, began=began, ends=ends, believed=mandate.recorded.upper is None)
    said = {"unit": mandate.unit, "office": mandate.office, "day": day, "until": ends}
    given = give_mandate(to, **said, actor=actor, at=at)
    end_mandate(mandate, day=day, actor=actor, at=at)
    return given


def stay_for_the_office(membership: Membership, day: dt.date) -> None:
    """Refuse that the last secretary of a unit leaves. For `people.hooks.before_leaving`."""
    if membership.home:
        judge_one_at_a_time()
        rules.check_last_secretary(queries.last_secretary_of(membership.person_id, day))


def judge_one_at_a_time() -> None:
    """Let one secretary go at a time, until the transaction ends: two at once would count on each other."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('secretaries'))")


@transaction.atomic
def load_mandates(mandates: Sequence[Mandate], *, actor: Actor) -> None:
    """Load many mandates as they are. For whoever runs the server."""
    require(actor, "people.load", None)
    Mandate.objects.bulk_create(mandates)
    record("accounts.mandates.loaded", actor=actor, subject=None, count=len(mandates))


def _one_at_a_time(person: Person) -> None:
    """Let one office be given to this person at a time; her row itself may be out of the giver's sight."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended('accounts_mandate', %s))", [person.pk])


def vouch(person: int, unit: int, office: str, valid: Any, *, believed: bool) -> None:
    """Tell the database that the mandate about to be written is the application's (decision 0405)."""
    term = f"[{valid.lower},{valid.upper or ''})"
    gate.vouch("accounts_mandate", person, unit, office, term, believed)
