"""What this room tells of what waits: requests of persons, each with its month, and breaches that run."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.access.actor import Actor
from groundswell.access.rights import may_by_office
from groundswell.access.slots import Waits
from groundswell.kernel import clock
from groundswell.protection import breachpages, queries, rules


def what_waits(actor: Actor, today: dt.date) -> Iterator[Waits]:
    """Tell what persons ask about their data, and each breach that is not closed."""
    if may_by_office(actor, "people.erase"):
        yield from _requests(actor, today)
    if may_by_office(actor, "protection.breach"):
        yield from _breaches(actor)


def _requests(actor: Actor, today: dt.date) -> Iterator[Waits]:
    found = queries.open_requests(actor).aggregate(
        count=Count("pk"), since=Min("asked_at"), due=Min("due_on"), key=Min("pk")
    )
    if not found["count"]:
        return
    sentence = ngettext(
        "%(count)d request of a person about her data waits.",
        "%(count)d requests of persons about their data wait.",
        found["count"],
    )
    one = found["count"] == 1
    yield Waits(
        sentence % {"count": found["count"]},
        reverse("protection:request", args=[found["key"]]) if one else reverse("protection:officer"),
        found["since"].date(),
        found["due"],
        late=found["due"] < today,
    )


def _breaches(actor: Actor) -> Iterator[Waits]:
    now = clock.now()
    found = queries.open_breaches(actor)
    ticked = queries.steps_of(found)
    for one in found:
        told = "authority" in ticked[one.pk]
        by = rules.notify_by(one.found_at)
        yield Waits(
            _("A breach is open. %(clock)s") % {"clock": breachpages.clock_of(one, ticked[one.pk], now)},
            reverse("protection:breach", args=[one.pk]),
            one.found_at.date(),
            None if told else by.date(),
            late=not told and now > by,
        )
