"""What the split of a unit does to members: those chosen are transferred, and come back when it is undone."""

import datetime as dt
from collections.abc import Sequence

from django.db import connection, models
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.kernel.errors import Refusal
from groundswell.kernel.saying import said as day_said
from groundswell.people.actions.correcting import withdraw_all
from groundswell.people.actions.leaving import transfer_all
from groundswell.people.models import Membership
from groundswell.people.personpage import shown_name
from groundswell.structure import counting
from groundswell.structure.models import Change
from groundswell.structure.queries import Named


def go_over(change: Change, members: Sequence[int], actor: Actor) -> None:
    """Transfer the chosen members to the new unit on the day of the split."""
    if not members:
        return
    chosen = list(
        Membership.objects.select_related("unit", "person")
        .filter(pk__in=members, unit__in=counting.with_merged(change.unit, change.day))
        .filter(home=True, recorded__upper_inf=True, valid__upper_inf=True)
        .order_by("pk")
    )
    if len(chosen) != len(set(members)) or change.made is None:
        sentence = _("Somebody you chose is not a member of %(unit)s any more; choose again.")
        raise Refusal(sentence % {"unit": Named(change.unit)}, field="members", code="not-a-member")
    _refuse_who_came_that_day(chosen, change.day)
    transfer_all(chosen, to=change.made, day=change.day, actor=actor, at=change.recorded_at)


def _refuse_who_came_that_day(chosen: Sequence[Membership], day: dt.date) -> None:
    late = next((one for one in chosen if one.valid.lower >= day and one.entry_flow != "opening"), None)
    if late is not None:
        sentence = _(
            "%(name)s is a member here only since %(began)s and can go over on the following day at the"
            " earliest: leave her where she is, or choose a later day."
        )
        words = {"name": shown_name(late.person), "began": day_said(late.valid.lower)}
        raise Refusal(sentence % words, field="members", code="came-that-day")


def come_back(change: Change, actor: Actor, at: dt.datetime) -> None:
    """Undo the transfers of a split; everybody goes on where she was."""
    if change.what == "split":
        withdraw_all(list(_gone_over(change).order_by("pk")), actor=actor, at=at)


def refuse_when_people_came(change: Change) -> None:
    """Refuse to undo a unit in which somebody joined, left or was written down since it came to be."""
    if change.made is None:
        return
    gone_over = _gone_over(change) if change.what == "split" else Membership.objects.none()
    with connection.cursor() as cursor:
        cursor.execute("select people_known_in(%s, %s)", [change.made.pk, [one.pk for one in gone_over]])
        (known,) = cursor.fetchone()
    if known:
        sentence = _("People have joined, left or been written down in %(unit)s since; it cannot be undone.")
        raise Refusal(sentence % {"unit": Named(change.made)}, code="has-people")


def _gone_over(change: Change) -> models.QuerySet[Membership]:
    return Membership.objects.select_related("unit", "person").filter(
        unit=change.made,
        entry_transfer__recorded_at=change.recorded_at,
        entry_transfer__accepted_on=change.day,
        valid__startswith=change.day,
        valid__upper_inf=True,
        recorded__upper_inf=True,
    )
