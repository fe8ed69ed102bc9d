"""A membership ends: she left, was transferred, or became something else."""

import datetime as dt

from django.db import models, transaction

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.kernel import clock
from groundswell.kernel.periods import days, since
from groundswell.people import hooks, queries, rules
from groundswell.people.actions.correcting import rewrite
from groundswell.people.actions.joining import lock_person, refuse_overlap, settle_asked
from groundswell.people.models import Membership, Person, Transfer
from groundswell.structure.models import Unit


@transaction.atomic
def leave(
    membership: Membership, *, day: dt.date, actor: Actor, at: dt.datetime, reason: str = ""
) -> Membership:
    """End the membership: `day` is the first day she is no member any more."""
    require(actor, "people.decide", membership.unit)
    membership = _that_ends(membership, day, at)
    _not_after_today(day)
    for refuse_last in hooks.before_leaving:
        refuse_last(membership, day)
    end(membership, day, at, reason=reason[:200])
    for follow in hooks.when_leaving:
        follow(membership, day, actor, at)
    if membership.home:
        settle_asked(membership.person, "leave", actor=actor, at=at)
    record("people.membership.ended", actor=actor, subject=membership)
    return membership


@transaction.atomic
def transfer(membership: Membership, *, to: Unit, day: dt.date, actor: Actor, at: dt.datetime) -> Membership:
    """Move a home membership to another unit on the day of acceptance; return the new membership.

    The actor needs the right in both units; one that the other side must accept is asked for
    (`asking.ask_to_transfer`).
    """
    require(actor, "people.decide", membership.unit)
    require(actor, "people.decide", to)
    rules.check_transfer(membership.unit_id, to.pk)
    rules.check_at_home(home=membership.home)
    membership = _that_ends(membership, day, at)
    to = Unit.objects.get(pk=to.pk)
    rules.check_membership_day(
        day, field="day", today=clock.today(), founded_on=to.founded_on, dissolved_on=to.dissolved_on
    )
    queries.refuse_by_number(to, day)
    new = _continue(membership, to, membership.kind_id, day, at)
    Person.objects.filter(pk=membership.person_id).update(unit=to)
    for follow in hooks.when_moving:
        follow(membership.person, day, actor, at)
    record("people.membership.transferred", actor=actor, subject=new)
    return new


@transaction.atomic
def change_kind(
    membership: Membership, *, kind: str, day: dt.date, actor: Actor, at: dt.datetime
) -> Membership:
    """Let the membership go on as another kind from `day` on (a candidate becomes a member).

    Between two kinds that both count, or both do not, nobody enters or leaves: it is a move within
    the unit, which cancels.
    """
    require(actor, "people.decide", membership.unit)
    membership = _that_ends(membership, day, at)
    _not_after_today(day)
    before, after = (queries.counts(code, membership.unit) for code in (membership.kind_id, kind))
    if before == after:
        new = _continue(membership, membership.unit, kind, day, at)
    else:
        end(membership, day, at)
        new = Membership.objects.create(
            person_id=membership.person_id,
            unit=membership.unit,
            kind_id=kind,
            home=membership.home,
            valid=days(day),
            recorded=since(at),
        )
    record("people.membership.changed_kind", actor=actor, subject=new)
    return new


def _continue(membership: Membership, to: Unit, kind: str, day: dt.date, at: dt.datetime) -> Membership:
    moved = Transfer.objects.create(
        person_id=membership.person_id,
        from_unit_id=membership.unit_id,
        unit=to,
        accepted_on=day,
        recorded_at=at,
    )
    end(membership, day, at, exit_flow="move_out", exit_other=to, exit_transfer=moved)
    if to.pk != membership.unit_id:
        refuse_overlap(membership.person, to, day, None, home=membership.home)
    return Membership.objects.create(
        person_id=membership.person_id,
        unit=to,
        kind_id=kind,
        home=membership.home,
        valid=days(day),
        recorded=since(at),
        entry_flow="move_in",
        entry_other_id=membership.unit_id,
        entry_transfer=moved,
    )


def end(membership: Membership, day: dt.date, at: dt.datetime, **more: object) -> None:
    """Close the days of a membership; the trigger writes the movement."""
    stamp = models.Func(function="org_stamp", output_field=models.BigIntegerField())
    Membership.objects.filter(pk=membership.pk).update(
        valid=days(membership.valid.lower, day), ended_at=at, ended_stamp=stamp, **more
    )
    membership.refresh_from_db()


def _that_ends(membership: Membership, day: dt.date, at: dt.datetime) -> Membership:
    """Lock and return the open membership as it can end on this day, or refuse it.

    The first day of somebody who was there from the beginning is only that from which we know of her: she
    was a member the day before as well, and may end on the very day on which she was written down.
    """
    lock_person(membership.person)
    membership = queries.open_membership(membership.pk)
    began, unit = membership.valid.lower, membership.unit
    if day == began and membership.entry_flow == "opening" and unit.founded_on < began:
        start = began - dt.timedelta(days=1)
        queries.refuse_by_number(unit, start, began)
        refuse_overlap(membership.person, unit, start, None, home=membership.home, but=membership.pk)
        return rewrite(membership, at, start=start, end=None)
    rules.check_end(day, began)
    return membership


def _not_after_today(day: dt.date) -> None:
    rules.check_membership_day(
        day, field="day", today=clock.today(), founded_on=dt.date.min, dissolved_on=None
    )
