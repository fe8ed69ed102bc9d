"""Memberships lapse: so many months after the day until which was paid, where a section sets it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_noop

from groundswell.access.actor import OPERATOR
from groundswell.kernel.errors import Refusal
from groundswell.people import queries
from groundswell.people.actions.leaving import leave
from groundswell.people.models import SectionRule

LAPSED = gettext_noop("lapsed")


def lapse_due(*, today: dt.date, at: dt.datetime) -> int:
    """End the home memberships whose section's months are over; return how many. For the worker.

    One whose end is refused (she is the last secretary of her unit) stays until that is settled:
    Today tells of her.
    """
    ended = 0
    for rule in SectionRule.objects.select_related("unit").filter(lapse_months__isnull=False):
        held = queries.lapsing(rule.unit, months=rule.lapse_months or 0, today=today)
        for membership in held.select_related("unit", "person").order_by("pk"):
            try:
                with transaction.atomic():
                    leave(membership, day=today, actor=OPERATOR, at=at, reason=LAPSED)
                ended += 1
            except Refusal:
                continue
    return ended
