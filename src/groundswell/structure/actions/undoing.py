"""A change is taken back, while it is fresh and nothing builds on it.

What it wrote is believed no longer, what it closed is believed anew; nothing is deleted, so figures as
known before the undoing stay as they were.
"""

import datetime as dt

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from groundswell.access import gate
from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.kernel.saying import said as day_said
from groundswell.structure import hooks, rules
from groundswell.structure.actions.opening import (
    fresh,
    kind_on,
    mirror_today,
    refuse_circles,
    refuse_higher_below,
)
from groundswell.structure.actions.periods import PERIODS, again, lock_tree, supersede, value_on
from groundswell.structure.actions.protecting import unshelter
from groundswell.structure.models import Change, Preparation, Unit, UnitEvent, UnitParent
from groundswell.structure.queries import Named


@transaction.atomic
def undo_change(change: Change, *, actor: Actor, at: dt.datetime) -> Change:
    """Take a change back until the end of the day after it was recorded."""
    require(actor, rules.asked_for(change.what), change.unit)
    lock_tree()
    change = Change.objects.select_related("unit", "other", "made").get(pk=change.pk)
    _refuse_undoing(change)
    for handler in hooks.when_undoing:
        handler(change, actor, at)
    if change.made is not None:  # whoever went over in a split has come back by now, with what follows her
        _refuse_what_would_vanish(change.made)
    _take_back(change, at)
    unshelter(change)
    if change.made is not None:
        _never_was(change.made, at)
    elif change.what in {"merged", "dissolved"}:
        Unit.objects.filter(pk=change.unit_id).update(dissolved_on=None)
    if change.made is None:
        _refuse_a_place_that_is_lost(fresh(change.unit))
        mirror_today(change.unit)
        handed_over = Unit.objects.filter(parent_periods__change=change).exclude(pk=change.unit_id)
        mirror_today(*handed_over.distinct())
    Change.objects.filter(pk=change.pk).update(undone_at=at)
    record("structure.change.undone", actor=actor, subject=change)
    change.refresh_from_db()
    return change


def why_not_undone(change: Change) -> str:
    """Return why a change cannot be taken back, as far as it shows without doing it; '' when nothing does."""
    try:
        _refuse_undoing(change)
        if change.made is not None and change.what != "split":
            _refuse_what_would_vanish(change.made)
    except Refusal as refusal:
        return refusal.sentence
    return ""


def _refuse_undoing(change: Change) -> None:
    recorded_on = clock.day_in(change.unit.time_zone, change.recorded_at)
    today = clock.today_in(change.unit.time_zone)
    rules.check_undoable(recorded_on, today=today, undone=change.undone_at is not None)
    for check in hooks.before_undoing:
        check(change)
    _refuse_what_builds_on_it(change)


def _refuse_what_builds_on_it(change: Change) -> None:
    """Refuse when a later change, not taken back itself, stands on what this one wrote."""
    later = [
        period.closing
        for model in PERIODS
        for period in model._default_manager.filter(change=change, recorded__upper_inf=False)
        .exclude(closing=None)
        .select_related("closing")
        if period.closing and period.closing.undone_at is None
    ]
    if change.made is not None:
        touching = Q(unit=change.made) | Q(other=change.made) | Q(made=change.made)
        later += Change.objects.filter(touching, undone_at=None).exclude(pk=change.pk)
    if later:
        first = min(later, key=lambda one: one.pk)
        sentence = _("Something later builds on this, done on %(day)s; undo that first.")
        raise Refusal(sentence % {"day": day_said(first.recorded_at.date())}, code="built-on")


def _refuse_what_would_vanish(made: Unit) -> None:
    """Refuse to let a unit have never been while something of any room hangs on it (a gathering, say)."""
    with connection.cursor() as cursor:
        cursor.execute("select structure_hangs_on(%s)", [made.pk])
        (table,) = cursor.fetchone()
    if table is not None:
        sentence = _(
            "Something was written down in %(unit)s since: %(what)s. So that nothing is lost it cannot be "
            "undone; it can be dissolved, from the day after its founding on."
        )
        what = next((noun(table) for noun in hooks.row_nouns), table)
        raise Refusal(sentence % {"unit": Named(made), "what": what}, code="hangs-on")


def _take_back(change: Change, at: dt.datetime) -> None:
    for model in PERIODS:
        made = model._default_manager.filter(change=change, recorded__upper_inf=True)
        closed = list(model._default_manager.filter(closing=change))
        supersede(made, at, closing=change)
        model._default_manager.bulk_create(again(period, at) for period in closed)
    UnitEvent.objects.filter(change=change).update(undone_at=at)


def _never_was(made: Unit, at: dt.datetime) -> None:
    """Let a unit have existed on no day, give its code free, and call off what was prepared for it."""
    Preparation.objects.filter(unit=made, state="waiting").update(state="called-off", settled_at=at)
    code = rules.code_given_free(made.pk)
    gate.vouch("structure_unit", code, made.holds_names)
    Unit.objects.filter(pk=made.pk).update(dissolved_on=made.founded_on, code=code)


def _refuse_a_place_that_is_lost(unit: Unit) -> None:
    """Refuse when the structure has changed so that the unit no longer fits where it was before."""
    today = clock.today_in(unit.time_zone)
    kind = kind_on(unit, today)
    refuse_higher_below(unit, kind, today)
    lies = value_on(UnitParent, unit, today)
    if lies is None:
        return
    parent = fresh(lies.parent)
    sentence = _("%(unit)s no longer fits where it lay before: %(parent)s has changed meanwhile.")
    words = {"unit": Named(unit), "parent": Named(parent)}
    if parent.path.startswith(unit.path) or (parent.dissolved_on is not None and not lies.absorbed):
        raise Refusal(sentence % words, code="place-lost")
    rules.check_order(kind.position, parent.kind.position)
    refuse_circles(unit)
