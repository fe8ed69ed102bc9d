"""What this room tells of what waits: lists at their preview, rows that nobody knows, larger lists."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.access.actor import Actor
from groundswell.access.rights import may_by_office
from groundswell.access.slots import Waits
from groundswell.exchange import queries
from groundswell.exchange.actions.exporting import RELEASED_DAYS
from groundswell.kernel import clock
from groundswell.people.models import Person


def what_waits(actor: Actor, today: dt.date) -> Iterator[Waits]:
    """Tell which lists wait on their way in, and on their way out."""
    del today
    if may_by_office(actor, "lists.import"):
        yield from list(_staged(actor)) or _nobody_yet(actor)
        yield from _doubtful(actor)
    if may_by_office(actor, "lists.export"):
        yield from _to_release(actor)
        yield from _to_fetch(actor)


def _nobody_yet(actor: Actor) -> Iterator[Waits]:
    """Lead whoever begins with an empty installation to the first thing to do."""
    if not Person.objects.exclude(pk=actor.person_id or 0).exists():
        yield Waits(
            _("Nobody but you is written down yet: bring in the list that you have."),
            reverse("exchange:choose"),
            None,
        )


def _staged(actor: Actor) -> Iterator[Waits]:
    found = queries.staged(actor).aggregate(count=Count("pk"), since=Min("created_at"), key=Min("pk"))
    if found["count"]:
        said = ngettext(
            "%(count)d list waits at its preview.", "%(count)d lists wait at their preview.", found["count"]
        )
        yield Waits(
            said % {"count": found["count"]}, _batches(found["count"], found["key"]), found["since"].date()
        )


def _doubtful(actor: Actor) -> Iterator[Waits]:
    found = queries.doubtful(actor).aggregate(count=Count("pk"), since=Min("finished_at"), key=Min("pk"))
    if found["count"]:
        said = ngettext(
            "%(count)d list has rows of which you are to say who they are.",
            "%(count)d lists have rows of which you are to say who they are.",
            found["count"],
        )
        yield Waits(
            said % {"count": found["count"]}, _batches(found["count"], found["key"]), found["since"].date()
        )


def _batches(count: int, key: int) -> str:
    return reverse("exchange:batch", args=[key]) if count == 1 else reverse("exchange:choose")


def _to_release(actor: Actor) -> Iterator[Waits]:
    found = queries.to_release(actor).aggregate(count=Count("pk"), since=Min("asked_at"))
    if found["count"]:
        said = ngettext(
            "%(count)d larger list waits for you as the second person.",
            "%(count)d larger lists wait for you as the second person.",
            found["count"],
        )
        yield Waits(said % {"count": found["count"]}, reverse("exchange:releases"), found["since"].date())


def _to_fetch(actor: Actor) -> Iterator[Waits]:
    kept = dt.timedelta(days=RELEASED_DAYS)
    for one in queries.to_fetch(actor, since=clock.now() - kept):
        agreed = one.decided_at or one.asked_at
        yield Waits(
            _("Your larger list was agreed to and can be fetched."),
            reverse("exchange:releases"),
            agreed.date(),
            (agreed + kept).date(),
        )
