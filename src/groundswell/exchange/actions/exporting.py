"""A list is taken out: with a purpose, receipts for all in it, above a size with a second person."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.access import reading, rights
from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.exchange.exporting import reaching, rows
from groundswell.exchange.exporting.reaching import Going
from groundswell.exchange.models import Release
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.people.rules import check_line
from groundswell.people.searching import Asked
from groundswell.structure.models import Unit

LONGEST_PURPOSE: Final = 200
# A release that nobody fetched is over after so many days.
RELEASED_DAYS: Final = 3
# So long after it was fetched it can be fetched again: the line broke, or the button was pressed twice.
_AGAIN: Final = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A list that was taken out, the line that says who did, and when."""

    going: Going
    watermark: str
    at: dt.datetime


def check_purpose(purpose: str) -> str:
    """Return what a list is taken out for; refuse silence."""
    text = check_line(purpose, field="purpose", most=LONGEST_PURPOSE)
    if not text:
        sentence = _("Say what you need the list for; everybody in it can read that.")
        raise Refusal(sentence, field="purpose", code="no-purpose")
    return text


@transaction.atomic
def take_out(
    asked: Asked, *, unit: Unit, form: str, purpose: str, actor: Actor, today: dt.date, at: dt.datetime
) -> TakenOut:
    """Take a list out; at most 200 people, unless a second person has agreed (`fetch`).

    `unit` is the one whose list it is: it stands in the trail.
    """
    purpose = check_purpose(purpose)
    persons = rows.numbers(actor, asked, today=today)
    _check_count(len(persons), rows.ALONE)
    return _taken_out(persons, unit, form, purpose, actor, today, at)


def _check_count(count: int, most: int) -> None:
    if not count:
        raise Refusal(_("There is nobody in this list whom you may take out of it."), code="nobody")
    if count > rows.MOST:
        sentence = _("The list has more than %(most)d people; narrow it down.")
        raise Refusal(sentence % {"most": rows.MOST}, code="too-many")
    if count > most:
        sentence = ngettext(
            "The list has %(count)d person; a second person has to agree.",
            "The list has %(count)d people; a second person has to agree.",
            count,
        )
        raise Refusal(sentence % {"count": count}, code="second-person")


def _taken_out(
    persons: Sequence[int], unit: Unit, form: str, purpose: str, actor: Actor, today: dt.date, at: dt.datetime
) -> TakenOut:
    require(actor, "lists.export", unit)
    # Of whom nothing goes out, of her nothing is written down either.
    going = reaching.going(form, rows.told(actor, persons, today=today))
    number = record(
        "exchange.list.exported",
        actor=actor,
        subject=unit,
        purpose=purpose,
        form=form,
        rows=len(going.listed),
    )
    reading.note([one.pk for one in going.listed], actor=actor, what=reading.EXPORT, purpose=purpose)
    sentence = _(
        "Taken out by %(name)s on %(moment)s (UTC), for: %(purpose)s. Number %(number)d in the trail."
    )
    words = {
        "name": actor.name,
        "moment": at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M"),
        "purpose": purpose,
        "number": number,
    }
    return TakenOut(going, sentence % words, at)


@transaction.atomic
def ask_to_release(
    asked: Asked,
    *,
    unit: Unit,
    form: str,
    purpose: str,
    question: Mapping[str, str],
    actor: Actor,
    today: dt.date,
    at: dt.datetime,
) -> Release:
    """Ask a second person to let a larger list go out; `question` is the list's address."""
    require(actor, "lists.export", unit)
    purpose = check_purpose(purpose)
    persons = rows.numbers(actor, asked, today=today)
    _check_count(len(persons), rows.MOST)
    release = Release.objects.create(
        unit=unit,
        asked_by=actor.account_id,
        question=dict(question),
        form=form,
        purpose=purpose,
        count=len(persons),
        asked_at=at,
    )
    record("exchange.release.asked", actor=actor, subject=release)
    return release


def may_release(actor: Actor, release: Release) -> bool:
    """Return whether the actor is the second person: another one, with the whole right over the unit."""
    found = rights.right(actor, "lists.export", release.unit)
    return found is not None and found.how == "whole" and release.asked_by != actor.account_id


@transaction.atomic
def decide(release: Release, *, agreed: bool, actor: Actor, at: dt.datetime) -> Release:
    """Agree that a list goes out, or refuse it; nobody agrees to her own."""
    held = Release.objects.select_for_update(of=("self",)).select_related("unit").get(pk=release.pk)
    if not may_release(actor, held):
        raise NotFound(_("There is no such request that you may decide."))
    if held.decided_at is not None:
        raise Refusal(_("This was decided already."), code="decided")
    held.decided_by, held.decided_at, held.agreed = actor.account_id, at, agreed
    held.save(update_fields=["decided_by", "decided_at", "agreed"])
    record("exchange.release.decided", actor=actor, subject=held, agreed=agreed)
    return held


def is_over(release: Release, at: dt.datetime) -> bool:
    """Return whether a list that was agreed to waited three days, or was fetched, and not just now."""
    if release.fetched_at is not None:
        return at - release.fetched_at > _AGAIN
    waited = at - release.decided_at if release.decided_at else dt.timedelta(0)
    return waited > dt.timedelta(days=RELEASED_DAYS)


@transaction.atomic
def fetch(release: Release, asked: Asked, *, actor: Actor, today: dt.date, at: dt.datetime) -> TakenOut:
    """Take a released list out within three days; nobody but whoever asked, and not a larger one.

    Once, but for the minutes in which it may not have arrived; each time stands in the trail.
    """
    held = Release.objects.select_for_update(of=("self",)).select_related("unit").get(pk=release.pk)
    if held.asked_by != actor.account_id or not held.agreed or held.decided_at is None:
        raise NotFound(_("There is no such list that you may fetch."))
    if is_over(held, at):
        raise Refusal(_("This list was fetched already, or waited too long; ask anew."), code="over")
    persons = rows.numbers(actor, asked, today=today)
    if len(persons) > held.count:
        raise Refusal(_("The list has grown since it was agreed to; ask anew."), code="grown")
    held.fetched_at = held.fetched_at or at
    held.save(update_fields=["fetched_at"])
    return _taken_out(persons, held.unit, held.form, held.purpose, actor, today, at)
