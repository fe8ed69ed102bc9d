"""Every write of the room: thresholds, targets, and reports frozen and made public."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.kernel.periods import sensible_day
from groundswell.reports.contract import as_contract
from groundswell.reports.models import Frozen, Target, Threshold
from groundswell.reports.queries import report
from groundswell.structure.models import Unit

FIGURES = ("members",)


@transaction.atomic
def set_thresholds(members: Iterable[int], *, actor: Actor) -> None:
    """Say which numbers of members are milestones, instead of those before."""
    require(actor, "structure.load", None)
    Threshold.objects.all().delete()
    Threshold.objects.bulk_create(Threshold(members=number) for number in sorted(set(members)))
    record("reports.thresholds.set", actor=actor, subject=None)


@transaction.atomic
def declare_target(
    unit: Unit,
    *,
    figure: str,
    value: int,
    by: dt.date,
    declared_on: dt.date,
    declared_by: str,
    actor: Actor,
    at: dt.datetime,
) -> Target:
    """Note a figure that a body declared the unit would reach by a day."""
    require(actor, "structure.change", unit)
    if figure not in FIGURES:
        sentence = _("There is no figure “%(figure)s” to set a target for.") % {"figure": figure[:40]}
        raise Refusal(sentence, field="figure", code="no-figure")
    if sensible_day(by, field="by") <= sensible_day(declared_on, field="declared_on"):
        raise Refusal(_("A target lies after the day it is declared."), field="by", code="backwards")
    target = Target.objects.create(
        unit=unit,
        figure=figure,
        value=value,
        by=by,
        declared_on=declared_on,
        declared_by=declared_by[:200],
        recorded_at=at,
    )
    record("reports.target.declared", actor=actor, subject=target)
    return target


@transaction.atomic
def publish_report(unit: Unit, *, as_of: dt.date, since: dt.date, actor: Actor, at: dt.datetime) -> Frozen:
    """Freeze the unit's report as it is known now, and let the public front show its figures.

    A settle mark is taken first, so that the same question asked later gives the same answer; while
    somebody else is writing, that cannot be promised, and the report is refused for the moment.
    """
    require(actor, "reports.approve", unit)
    if clock.others_write():
        raise Refusal(
            _("Somebody is recording something at this very moment; publish the report again in a minute."),
            code="unsettled",
        )
    clock.take_settlemark()
    # As known at `at`, not as seen now: somebody may commit between the mark and the sums.
    made = report(actor, unit_code=unit.code, as_of=as_of, since=since, known_at=at)
    body = as_contract(made)
    digest = hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).digest()
    frozen = Frozen.objects.create(
        unit=unit,
        as_of=as_of,
        since=since,
        known_at=at,
        structure=made.structure,
        body=body,
        digest=digest,
        published=True,
        made_at=at,
    )
    record("reports.report.published", actor=actor, subject=frozen)
    return frozen
