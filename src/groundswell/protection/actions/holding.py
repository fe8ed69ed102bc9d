"""A person is kept for a reason, until the reason is over."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.kernel.errors import Refusal
from groundswell.people.models import Hold, Person
from groundswell.people.rules import check_line
from groundswell.protection.rules import LONGEST_REASON


@transaction.atomic
def place_hold(person: Person, *, why: str, actor: Actor, at: dt.datetime) -> Hold:
    """Let a person be neither erased nor reduced while a dispute or a duty needs what is held of her."""
    require(actor, "people.erase", person.unit)
    said = check_line(why, field="why", most=LONGEST_REASON)
    if not said:
        raise Refusal(_("Say why she is kept; she reads it."), field="why", code="no-reason")
    hold = Hold.objects.create(
        person=person, unit_id=person.unit_id, account_id=actor.account_id, why=said, placed_at=at
    )
    record("protection.hold.placed", actor=actor, subject=hold)
    return hold


@transaction.atomic
def lift_hold(hold: Hold, *, actor: Actor, at: dt.datetime) -> None:
    """Let a hold be over; the clocks of retention go on from there."""
    require(actor, "people.erase", hold.unit)
    if not Hold.objects.filter(pk=hold.pk, lifted_at=None).update(lifted_at=at):
        raise Refusal(_("It was lifted already."), code="lifted")
    record("protection.hold.lifted", actor=actor, subject=hold)
