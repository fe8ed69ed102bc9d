"""Returns by number: a unit that does not, or must not, put names into Groundswell still counts."""

import datetime as dt

from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.kernel.periods import days
from groundswell.kernel.saying import said as day_said
from groundswell.people import rules
from groundswell.people.models import Counting, Movement, Return
from groundswell.structure.models import Unit


@transaction.atomic
def report_by_number(unit: Unit, *, day: dt.date, actor: Actor, at: dt.datetime) -> Counting:
    """Let the unit count by returns instead of by persons from `day` on; never both."""
    require(actor, "people.decide", unit)
    rules.check_membership_day(
        day,
        field="day",
        today=clock.today_in(unit.time_zone),
        founded_on=unit.founded_on,
        dissolved_on=unit.dissolved_on,
    )
    if Counting.objects.filter(unit=unit, valid__overlap=days(day)).exists():
        raise Refusal(_("This unit already reports by number."), field="day", code="by-number")
    if Movement.objects.filter(unit=unit, day__gte=day, origin="person", reverses_id=None).exists():
        sentence = _(
            "People joined or left here on or after %(day)s; a unit counts by persons or by number, not both."
        )
        raise Refusal(sentence % {"day": day_said(day)}, field="day", code="by-person")
    standing = Movement.objects.filter(unit=unit, day__lt=day, origin="person", counts=True)
    if standing.aggregate(members=models.Sum("delta"))["members"]:
        sentence = _(
            "There are members here on %(day)s; end or transfer their memberships before the unit goes over "
            "to numbers."
        )
        raise Refusal(sentence % {"day": day_said(day)}, field="day", code="by-person")
    counting = Counting.objects.create(unit=unit, valid=days(day), recorded_at=at)
    record("people.counting.by_number", actor=actor, subject=counting)
    return counting


@transaction.atomic
def file_return(
    unit: Unit,
    *,
    as_of: dt.date,
    members: int,
    joined: int,
    left: int,
    signed_by: str,
    actor: Actor,
    at: dt.datetime,
) -> Return:
    """File the unit's figures as of a day; a second return for the newest day restates the first."""
    require(actor, "people.decide", unit)
    Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    if not Counting.objects.filter(unit=unit, valid__contains=as_of).exists():
        sentence = _("This unit does not report by number on %(day)s.") % {"day": day_said(as_of)}
        raise Refusal(sentence, field="as_of", code="by-person")
    rules.check_membership_day(
        as_of,
        field="as_of",
        today=clock.today_in(unit.time_zone),
        founded_on=unit.founded_on,
        dissolved_on=unit.dissolved_on,
    )
    standing = Return.objects.filter(unit=unit, superseded_at=None)
    if standing.filter(as_of__gt=as_of).exists():
        raise Refusal(
            _("There is a later return already; restate that one, or choose a later day."),
            field="as_of",
            code="order",
        )
    before = standing.filter(as_of__lt=as_of).order_by("-as_of").first()
    rules.check_return(members, joined, left, before.members if before else None)
    _withdraw(standing.filter(as_of=as_of), at)
    filed = Return.objects.create(
        unit=unit,
        as_of=as_of,
        members=members,
        joined=joined,
        left=left,
        signed_by=signed_by[:200],
        recorded_at=at,
    )
    record("people.return.filed", actor=actor, subject=filed)
    return filed


def _withdraw(returns: models.QuerySet[Return], at: dt.datetime) -> None:
    returns.update(superseded_at=at)


def compact_rollups() -> int:
    """Merge the roll-up rows appended since the last time; return how many were merged (a job's work)."""
    with connection.cursor() as cursor:
        cursor.execute("select people_rollup_compact()")
        (merged,) = cursor.fetchone()
    return int(merged)
