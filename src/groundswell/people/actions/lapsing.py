"""Memberships lapse: so many months after the day until which was paid, where a section sets it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_noop

from groundswell.access.actor import OPERATOR
from groundswell.kernel.errors import Refusal
from groundswell.people import rules
from groundswell.people.actions.leaving import leave
from groundswell.people.models import Membership, SectionRule, Standing

LAPSED = gettext_noop("lapsed")


def lapse_due(*, today: dt.date, at: dt.datetime) -> int:
    """End the home memberships whose section's months are over; return how many. For the worker.

    Nobody lapses of whom it is not known until when she has paid. One whose end is refused (she is the
    last secretary of her unit) stays until that is settled.
    """
    ended = 0
    for rule in SectionRule.objects.filter(lapse_months__isnull=False):
        last = rules.months_before(today, rule.lapse_months or 0)
        paid = Standing.objects.filter(superseded_at=None, paid_until__lt=last)
        held = Membership.objects.select_related("unit", "person").filter(
            home=True,
            recorded__upper_inf=True,
            valid__upper_inf=True,
            valid__startswith__lt=today,
            unit__section_id=rule.pk,
            person_id__in=paid.values("person_id"),
        )
        for membership in held.order_by("pk"):
            try:
                with transaction.atomic():
                    leave(membership, day=today, actor=OPERATOR, at=at, reason=LAPSED)
                ended += 1
            except Refusal:
                continue
    return ended
