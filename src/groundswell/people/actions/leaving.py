"""A membership ends: she left, was transferred, or became something else."""

import datetime as dt
from collections.abc import Sequence

from django.contrib.postgres.fields import DateRangeField
from django.db import models, transaction

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record, record_all
from groundswell.kernel import clock
from groundswell.kernel.periods import days, since
from groundswell.people import hooks, queries, rules
from groundswell.people.actions.correcting import rewrite_all
from groundswell.people.actions.joining import lock_people, refuse_overlap, settle_asked
from groundswell.people.models import Membership, Person, Transfer
from groundswell.structure.models import Unit


@transaction.atomic
def leave(
    membership: Membership, *, day: dt.date, actor: Actor, at: dt.datetime, reason: str = ""
) -> Membership:
    """End the membership: `day` is the first day she is no member any more."""
    require(actor, "people.decide", membership.unit)
    (membership,) = _that_end([membership], day, at)
    _not_after_today(membership.unit, day)
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
    (new,) = transfer_all([membership], to=to, day=day, actor=actor, at=at)
    return new


@transaction.atomic
def transfer_all(
    memberships: Sequence[Membership], *, to: Unit, day: dt.date, actor: Actor, at: dt.datetime
) -> list[Membership]:
    """Move home memberships to another unit, all or none, as `transfer` moves one; return the new ones.

    A large unit is split so: the statements are as many for thousands as for one.
    """
    for unit in {one.unit_id: one.unit for one in memberships}.values():
        require(actor, "people.decide", unit)
        rules.check_transfer(unit.pk, to.pk)
    require(actor, "people.decide", to)
    for one in memberships:
        rules.check_at_home(home=one.home)
    ending = _that_end(memberships, day, at)
    to = Unit.objects.get(pk=to.pk)
    rules.check_membership_day(
        day,
        field="day",
        today=clock.today_in(to.time_zone),
        founded_on=to.founded_on,
        dissolved_on=to.dissolved_on,
    )
    queries.refuse_by_number(to, day)
    new = _continue(ending, to, day, at)
    people = [one.person for one in ending]
    Person.objects.filter(pk__in=[one.pk for one in people]).update(unit=to)
    for follow in hooks.when_moving:
        follow(people, day, actor, at)
    record_all("people.membership.transferred", actor=actor, subjects=new)
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
    (membership,) = _that_end([membership], day, at)
    _not_after_today(membership.unit, day)
    before, after = (queries.counts(code, membership.unit) for code in (membership.kind_id, kind))
    if before == after:
        (new,) = _continue([membership], membership.unit, day, at, kind=kind)
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


def _continue(
    ending: Sequence[Membership], to: Unit, day: dt.date, at: dt.datetime, *, kind: str = ""
) -> list[Membership]:
    moves = Transfer.objects.bulk_create(
        Transfer(person_id=one.person_id, from_unit_id=one.unit_id, unit=to, accepted_on=day, recorded_at=at)
        for one in ending
    )
    of_each = Transfer.objects.filter(person=models.OuterRef("person"), recorded_at=at).order_by("-pk")
    until_then = models.Func(
        models.Func("valid", function="lower"), day, function="daterange", output_field=DateRangeField()
    )
    _end(
        ending,
        until_then,
        at,
        exit_flow="move_out",
        exit_other=to,
        exit_transfer=models.Subquery(of_each.values("pk")[:1]),
    )
    _refuse_overlaps([one for one in ending if one.unit_id != to.pk], to, day)
    return Membership.objects.bulk_create(
        Membership(
            person_id=one.person_id,
            unit=to,
            kind_id=kind or one.kind_id,
            home=one.home,
            valid=days(day),
            recorded=since(at),
            entry_flow="move_in",
            entry_other_id=one.unit_id,
            entry_transfer=move,
        )
        for one, move in zip(ending, moves, strict=True)
    )


def _refuse_overlaps(coming: Sequence[Membership], to: Unit, day: dt.date) -> None:
    """Refuse the first who would share a day with herself, as `refuse_overlap` says it; most do not.

    What comes is a membership as it was until then, which shares no day with what it becomes.
    """
    there = Membership.objects.exclude(pk__in=[one.pk for one in coming]).filter(
        models.Q(unit=to) | models.Q(home=True),
        person__in=[one.person_id for one in coming],
        recorded__upper_inf=True,
        valid__overlap=days(day),
    )
    known = set(there.values_list("person", flat=True))
    for one in coming:
        if one.person_id in known:
            refuse_overlap(one.person, to, day, None, home=one.home, but=one.pk)


def end(membership: Membership, day: dt.date, at: dt.datetime, **more: object) -> None:
    """Close the days of a membership; the trigger writes the movement."""
    _end([membership], days(membership.valid.lower, day), at, **more)
    membership.refresh_from_db()


def _end(ending: Sequence[Membership], valid: object, at: dt.datetime, **more: object) -> None:
    stamp = models.Func(function="org_stamp", output_field=models.BigIntegerField())
    Membership.objects.filter(pk__in=[one.pk for one in ending]).update(
        valid=valid, ended_at=at, ended_stamp=stamp, **more
    )


def _that_end(memberships: Sequence[Membership], day: dt.date, at: dt.datetime) -> list[Membership]:
    """Lock and return the open memberships as they can end on this day, or refuse them.

    The first day of somebody who was there from the beginning is only that from which we know of her: she
    was a member the day before as well, and may end on the very day on which she was written down.
    """
    lock_people([one.person_id for one in memberships])
    ending = queries.open_memberships([one.pk for one in memberships])
    began = _begun_before([one for one in ending if _opens(one, day)], day, at)
    for one in ending:
        if one.pk not in began:
            rules.check_end(day, one.valid.lower)
    return [began.get(one.pk, one) for one in ending]


def _opens(membership: Membership, day: dt.date) -> bool:
    first = day == membership.valid.lower and membership.entry_flow == "opening"
    return first and membership.unit.founded_on < day


def _begun_before(opening: Sequence[Membership], day: dt.date, at: dt.datetime) -> dict[int, Membership]:
    """Believe memberships to have begun on the day before their first, `day`; return the new row of each."""
    if not opening:
        return {}
    start = day - dt.timedelta(days=1)
    for unit in {one.unit for one in opening}:
        queries.refuse_by_number(unit, start, day)
        _refuse_overlaps([one for one in opening if one.unit_id == unit.pk], unit, start)
    begun = rewrite_all([(one, start) for one in opening], at)
    return {one.pk: new for one, new in zip(opening, begun, strict=True)}


def _not_after_today(unit: Unit, day: dt.date) -> None:
    rules.check_membership_day(
        day, field="day", today=clock.today_in(unit.time_zone), founded_on=dt.date.min, dissolved_on=None
    )
