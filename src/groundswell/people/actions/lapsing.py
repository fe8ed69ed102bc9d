"""Memberships lapse: so many months after the day until which was paid, where a section sets it."""

import contextlib
import datetime as dt
from typing import Final

from django.utils.translation import gettext_noop

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people import queries
from groundswell.people.actions.leaving import leave
from groundswell.people.models import SectionRule

LAPSED: Final = gettext_noop("lapsed")
PURPOSE: Final = "let memberships lapse"


def lapse_due(*, at: dt.datetime) -> int:
    """End the home memberships whose section's months are over; return how many. For the worker.

    By the calendar of the section, and on no day that has not begun where she is a member.

    One whose end is refused (she is the last secretary of her unit) stays until that is settled: Today tells
    of her. Each ends in a transaction of its own: thousands in one would keep everybody else from leaving or
    moving, and one who waited for them could undo them all.
    """
    ended = 0
    with scope.worker(PURPOSE):
        due = [
            (membership, today)
            for rule in SectionRule.objects.select_related("unit").filter(lapse_months__isnull=False)
            for today in [clock.day_in(rule.unit.time_zone, at)]
            for membership in queries.lapsing(rule.unit, months=rule.lapse_months or 0, today=today)
            .select_related("unit", "person")
            .order_by("pk")
        ]
    for membership, today in due:
        day = min(today, clock.day_in(membership.unit.time_zone, at))
        with contextlib.suppress(Refusal), scope.worker(PURPOSE):
            leave(membership, day=day, actor=OPERATOR, at=at, reason=LAPSED)
            ended += 1
    return ended
