"""Mandates end with their unit or with what their holder was in it, and hold again when that is undone."""

import datetime as dt
from collections.abc import Sequence

from django.db import models
from django.db.models import QuerySet

from groundswell.access import scope
from groundswell.access.actor import Actor
from groundswell.access.trail import record
from groundswell.accounts import queries, rules
from groundswell.accounts.actions.mandates import judge_one_at_a_time, vouch
from groundswell.accounts.models import Mandate
from groundswell.kernel import clock
from groundswell.kernel.periods import days, since
from groundswell.kernel.periods import until as closed
from groundswell.people.models import Membership, Person
from groundswell.structure.models import Change


def end_with_unit(change: Change, actor: Actor) -> None:
    """End the mandates of a unit that was merged or dissolved, on the day it ended."""
    for mandate in Mandate.objects.filter(unit=change.unit, recorded__upper_inf=True):
        upper = mandate.valid.upper
        if upper is not None and upper <= change.day:
            continue
        supersede(mandate, change.recorded_at)
        if mandate.valid.lower < change.day:
            _believe(mandate, days(mandate.valid.lower, change.day), change.recorded_at)
        record("accounts.mandate.ended_with_unit", actor=actor, subject=mandate)


def end_with_membership(membership: Membership, day: dt.date, actor: Actor, at: dt.datetime) -> None:
    """End the offices of whoever has left, or is a guest no longer. For `people.hooks.when_leaving`."""
    end_where_they_are_gone([membership.person], day, actor, at)


def end_where_they_are_gone(people: Sequence[Person], by: dt.date, actor: Actor, at: dt.datetime) -> None:
    """End the offices that people hold in units of which they are neither members nor guests from a day on.

    Where that day has not begun an office ends on the day it is there: nobody sees on till midnight.

    Refused where somebody is the only secretary of one. Whoever ends a membership need not be above these
    offices, so it happens in the worker's scope. For `people.hooks.when_moving`.
    """
    judge_one_at_a_time()
    with scope.worker("offices end with the membership"):
        held = Mandate.objects.select_related("unit").filter(person__in=people, recorded__upper_inf=True)
        for mandate in held.order_by("pk"):
            day = min(by, clock.today_in(mandate.unit.time_zone))
            over = mandate.valid.upper is not None and mandate.valid.upper <= day
            if over or queries.belongs(mandate.person_id, mandate.unit, day):
                continue
            if mandate.office == "secretary" and mandate.valid.lower <= day:
                alone = queries.last_secretary_of(mandate.person_id, day)
                rules.check_last_secretary([one for one in alone if one.unit == mandate.unit])
            supersede(mandate, at)
            if mandate.valid.lower < day:
                _believe(mandate, days(mandate.valid.lower, day), at)
            record("accounts.mandate.ended_with_membership", actor=actor, subject=mandate)


def hold_again(change: Change, actor: Actor, at: dt.datetime) -> None:
    """Let mandates that ended with a unit, or with members going over, hold again when that is undone."""
    if change.what in {"merged", "dissolved"}:
        _hold_again(Mandate.objects.filter(unit=change.unit), change, actor, at)
    elif change.what == "split":
        with scope.worker("offices hold again"):
            _hold_again(Mandate.objects.all(), change, actor, at)


def _hold_again(mandates: QuerySet[Mandate], change: Change, actor: Actor, at: dt.datetime) -> None:
    cut = mandates.filter(recorded__startswith=change.recorded_at, recorded__upper_inf=True)
    whole = mandates.filter(recorded__endswith=change.recorded_at)
    for short in [one for one in cut if one.valid.upper == change.day]:
        supersede(short, at)
    for ended in whole.exclude(recorded__startswith=change.recorded_at):
        _believe(ended, ended.valid, at)
        record("accounts.mandate.holds_again", actor=actor, subject=ended)


def supersede(mandate: Mandate, at: dt.datetime) -> None:
    """Believe a mandate no longer, from `at` on."""
    stamp = models.Func(function="org_stamp", output_field=models.BigIntegerField())
    vouch(mandate.person_id, mandate.unit_id, mandate.office, mandate.valid, believed=False)
    Mandate.objects.filter(pk=mandate.pk).update(
        recorded=closed(mandate.recorded, at), superseded_stamp=stamp
    )


def _believe(mandate: Mandate, valid: object, at: dt.datetime) -> None:
    vouch(mandate.person_id, mandate.unit_id, mandate.office, valid, believed=True)
    Mandate.objects.create(
        person_id=mandate.person_id,
        unit_id=mandate.unit_id,
        office=mandate.office,
        valid=valid,
        recorded=since(at),
        given_by=mandate.given_by,
    )
