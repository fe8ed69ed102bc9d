"""Every write of the room: bodies founded, resolutions entered in the register."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.democracy.models import RESULTS, Body, Resolution
from groundswell.kernel.errors import Refusal
from groundswell.kernel.periods import sensible_day
from groundswell.structure.models import Unit


@transaction.atomic
def found_body(
    unit: Unit, *, names: dict[str, str], founded_on: dt.date, actor: Actor, elected: bool = True
) -> Body:
    """Found a body of a unit; `elected` bodies count for promotion rules."""
    require(actor, "structure.change", unit)
    body = Body.objects.create(
        unit=unit, names=names, founded_on=sensible_day(founded_on, field="founded_on"), elected=elected
    )
    record("democracy.body.founded", actor=actor, subject=body)
    return body


@transaction.atomic
def enter_resolution(
    body: Body,
    *,
    titles: dict[str, str],
    kind: str,
    result: str,
    day: dt.date,
    actor: Actor,
    at: dt.datetime,
    public: bool = False,
) -> Resolution:
    """Enter in the register what a body resolved, with the result as it was declared."""
    require(actor, "structure.change", body.unit)
    if result not in RESULTS:
        sentence = _("The result “%(result)s” is none of those the register knows.") % {"result": result[:40]}
        raise Refusal(sentence, field="result", code="bad-result")
    resolution = Resolution.objects.create(
        unit=body.unit,
        body=body,
        titles=titles,
        kind=kind,
        result=result,
        day=sensible_day(day, field="day"),
        public=public,
        recorded_at=at,
    )
    record("democracy.resolution.entered", actor=actor, subject=resolution)
    return resolution
