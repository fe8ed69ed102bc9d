"""Putting the past right: what was never so is withdrawn, what was otherwise is written anew.

A withdrawn membership stays as what was believed; its movements are reversed under their own flow
and day, so that undoing a wrong joining lowers *joined* and does not raise *left*.

A transfer is one fact of two rows: both are put right together, or neither, or a member would stand
in two units or in none.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import models, transaction
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record, record_all
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.kernel.periods import closed_at, days, since
from groundswell.people import hooks, queries, rules
from groundswell.people.actions.joining import lock_people, lock_person, refuse_overlap
from groundswell.people.models import Membership, Person


@transaction.atomic
def withdraw(membership: Membership, *, actor: Actor, at: dt.datetime) -> Membership:
    """Say that this membership never was; one that began by transfer goes on where it was before."""
    (withdrawn,) = withdraw_all([membership], actor=actor, at=at)
    return withdrawn


@transaction.atomic
def withdraw_all(memberships: Sequence[Membership], *, actor: Actor, at: dt.datetime) -> list[Membership]:
    """Say of memberships that they never were, all or none, as `withdraw` says it of one; return them.

    The split of a large unit is undone so: the statements are as many for thousands as for one.
    """
    _require_of_each(memberships, actor)
    lock_people([one.person_id for one in memberships])
    memberships = queries.believed_memberships([one.pk for one in memberships])
    for one in memberships:
        rules.check_not_moved_on(one.exit_transfer_id)
    _supersede(memberships, at)
    former = _former([one for one in memberships if one.entry_transfer_id is not None])
    _require_of_each(former, actor)
    rewrite_all([(one, one.valid.lower) for one in former], at)
    for unit in {one.unit for one in former}:
        there = [one.person_id for one in former if one.unit_id == unit.pk]
        Person.objects.filter(pk__in=there).update(unit=unit)
    for follow in hooks.when_moving:
        follow([one.person for one in memberships], clock.latest_day(), actor, at)
    record_all("people.membership.withdrawn", actor=actor, subjects=memberships)
    return memberships


@transaction.atomic
def change_joining_day(membership: Membership, *, day: dt.date, actor: Actor, at: dt.datetime) -> Membership:
    """Say that the membership began on another day; return the corrected row."""
    require(actor, "people.decide", membership.unit)
    membership = _lock(membership)
    rules.check_not_moved_here(membership.entry_transfer_id)
    unit, valid = membership.unit, membership.valid
    rules.check_membership_day(
        day,
        field="day",
        today=clock.today_in(unit.time_zone),
        founded_on=unit.founded_on,
        dissolved_on=unit.dissolved_on,
    )
    if valid.upper is not None:
        rules.check_end(valid.upper, day)
    refuse_overlap(membership.person, unit, day, valid.upper, home=membership.home, but=membership.pk)
    # Whoever was there from the beginning, of whom it is known now when she joined, joined on that day.
    flow = "entry" if membership.entry_flow == "opening" else membership.entry_flow
    new = rewrite(membership, at, start=day, end=valid.upper, entry_flow=flow)
    record("people.membership.corrected", actor=actor, subject=new)
    return new


@transaction.atomic
def change_leaving_day(membership: Membership, *, day: dt.date, actor: Actor, at: dt.datetime) -> Membership:
    """Say that the membership ended on another day; return the corrected row."""
    require(actor, "people.decide", membership.unit)
    membership = _lock(membership)
    if membership.valid.upper is None:
        raise Refusal(_("This membership has not ended; let her leave instead."), code="not-ended")
    rules.check_not_moved_on(membership.exit_transfer_id)
    unit, start = membership.unit, membership.valid.lower
    rules.check_membership_day(
        day, field="day", today=clock.today_in(unit.time_zone), founded_on=unit.founded_on, dissolved_on=None
    )
    rules.check_end(day, start)
    queries.refuse_by_number(unit, start, day)
    refuse_overlap(membership.person, unit, start, day, home=membership.home, but=membership.pk)
    new = rewrite(membership, at, start=start, end=day)
    record("people.membership.corrected", actor=actor, subject=new)
    return new


@transaction.atomic
def reopen(membership: Membership, *, actor: Actor, at: dt.datetime) -> Membership:
    """Say that the membership did not end; return the row that goes on."""
    require(actor, "people.decide", membership.unit)
    membership = _lock(membership)
    if membership.valid.upper is None:
        raise Refusal(_("This membership has not ended; there is nothing to reopen."), code="not-ended")
    rules.check_not_moved_on(membership.exit_transfer_id)
    queries.refuse_by_number(membership.unit, membership.valid.lower)
    refuse_overlap(
        membership.person,
        membership.unit,
        membership.valid.lower,
        None,
        home=membership.home,
        but=membership.pk,
    )
    new = rewrite(membership, at, start=membership.valid.lower, end=None)
    record("people.membership.reopened", actor=actor, subject=new)
    return new


def _former(withdrawn: Sequence[Membership]) -> list[Membership]:
    """Return the rows that transfers ended; whoever does not see one cannot undo the transfer."""
    transfers = [one.entry_transfer_id for one in withdrawn]
    former = list(
        Membership.objects.select_related("unit", "person")
        .filter(exit_transfer_id__in=transfers, recorded__upper_inf=True)
        .order_by("pk")
    )
    if {one.exit_transfer_id for one in former} != set(transfers):
        raise Refusal(
            _("She came here by transfer; only somebody with this right in both units can undo it."),
            code="not-allowed",
        )
    return former


def _require_of_each(memberships: Sequence[Membership], actor: Actor) -> None:
    for unit in {one.unit_id: one.unit for one in memberships}.values():
        require(actor, "people.decide", unit)


def rewrite(
    membership: Membership, at: dt.datetime, *, start: dt.date, end: dt.date | None, entry_flow: str = ""
) -> Membership:
    """Believe a membership with these days instead; return its new row."""
    _supersede([membership], at)
    new = _rewritten(membership, at, start, end)
    new.entry_flow = entry_flow or membership.entry_flow
    new.save(force_insert=True)
    return new


def rewrite_all(begun: Sequence[tuple[Membership, dt.date]], at: dt.datetime) -> list[Membership]:
    """Believe memberships to have begun on these days and to go on; return their new rows in this order."""
    _supersede([one for one, _start in begun], at)
    return Membership.objects.bulk_create(_rewritten(one, at, start, None) for one, start in begun)


def _rewritten(membership: Membership, at: dt.datetime, start: dt.date, end: dt.date | None) -> Membership:
    ended = end is not None
    return Membership(
        person=membership.person,
        unit=membership.unit,
        kind_id=membership.kind_id,
        home=membership.home,
        valid=days(start, end),
        recorded=since(at),
        entry_flow=membership.entry_flow,
        entry_other_id=membership.entry_other_id,
        entry_transfer_id=membership.entry_transfer_id,
        exit_flow=membership.exit_flow if ended else "exit",
        exit_other_id=membership.exit_other_id if ended else None,
        exit_transfer_id=membership.exit_transfer_id if ended else None,
        reason=membership.reason if ended else "",
        ended_at=at if ended else None,
    )


def _supersede(memberships: Sequence[Membership], at: dt.datetime) -> None:
    stamp = models.Func(function="org_stamp", output_field=models.BigIntegerField())
    Membership.objects.filter(pk__in=[one.pk for one in memberships]).update(
        recorded=closed_at(at), superseded_stamp=stamp
    )


def _lock(membership: Membership) -> Membership:
    lock_person(membership.person)
    return queries.believed_membership(membership.pk)
