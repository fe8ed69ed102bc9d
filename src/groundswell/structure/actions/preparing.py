"""A change with a day to come: prepared, called off, or done on its day (decision 0632)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from django.db import IntegrityError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from groundswell.access import scope
from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.kernel.saying import spoken
from groundswell.structure import rules
from groundswell.structure.actions.deeds import Deed, do, other_of
from groundswell.structure.actions.periods import lock_tree
from groundswell.structure.models import Change, Preparation


@transaction.atomic
def prepare_change(deed: Deed, *, actor: Actor, at: dt.datetime) -> Preparation:
    """Write down what is to be done on a day to come; refused now for what no day would mend."""
    require(actor, rules.asked_for(deed.what), deed.unit)
    other = other_of(deed)
    if other is not None:
        require(actor, "structure.change", other)
    rules.check_day_to_come(deed.day, today=clock.today())
    lock_tree()
    hindrance = tried(deed, actor=actor, at=at)
    if hindrance is not None and hindrance.code not in rules.PASSING:
        raise hindrance
    asked = {"unit": deed.unit, "what": deed.what, "day": deed.day, "arguments": dict(deed.arguments)}
    rules.check_not_prepared(prepared=Preparation.objects.filter(state="waiting", **asked).exists())
    preparation = Preparation.objects.create(account_id=actor.account_id, recorded_at=at, **asked)
    record("structure.change.prepared", actor=actor, subject=preparation)
    return preparation


@transaction.atomic
def call_off(preparation: Preparation, *, actor: Actor, at: dt.datetime) -> Preparation:
    """Call off what was prepared, before its day; or say that why it was refused on it is understood."""
    require(actor, rules.asked_for(preparation.what), preparation.unit)
    preparation = Preparation.objects.select_for_update(of=("self",)).get(pk=preparation.pk)
    rules.check_unsettled(preparation.state)
    event = "understood" if preparation.state == "refused" else "called_off"
    _settle(preparation, "called-off", at, refusal=preparation.refusal)
    record(f"structure.preparation.{event}", actor=actor, subject=preparation)
    return preparation


def tried(deed: Deed, *, actor: Actor, at: dt.datetime) -> Refusal | None:
    """Do it as of today and take it back at once; return why it would be refused, or None."""
    with transaction.atomic():
        try:
            do(replace(deed, day=min(deed.day, clock.today())), actor=actor, at=at)
        except Refusal as refusal:
            return refusal
        finally:
            transaction.set_rollback(True)
    return None


def carry_out_due() -> int:
    """Do what was prepared for today or earlier; return how much. The worker's work, or a reader's."""
    with connection.cursor() as cursor:
        cursor.execute("select structure_due()")
        (due,) = cursor.fetchone()
    if not due:
        return 0
    with scope.worker("carry out what was prepared"):
        waiting = Preparation.objects.select_for_update(of=("self",), skip_locked=True).select_related("unit")
        return _carry_out(waiting.filter(state="waiting", day__lte=clock.today()).order_by("day", "id"))


def _carry_out(due: Iterable[Preparation]) -> int:
    done = 0
    for preparation in due:
        # Who prepared it was asked then; on the day it is done for her, by the organisation's own hand.
        actor = Actor(account_id=preparation.account_id, name="prepared", operator=True)
        at = clock.now()
        deed = Deed(preparation.what, preparation.unit, preparation.day, preparation.arguments)
        # Why it is refused is read in the unit, not by whom the clock finds here.
        speaking = translation.override(spoken(preparation.unit.locale))
        try:
            with speaking, transaction.atomic():
                do(deed, actor=actor, at=at)
            newest = Change.objects.filter(unit=preparation.unit, what=preparation.what).latest("id")
            _settle(preparation, "done", at, change=newest)
            done += 1
        except Refusal as refusal:
            _settle(preparation, "refused", at, refusal=refusal.sentence)
        except IntegrityError:
            with speaking:
                sentence = _("It contradicts something that was recorded meanwhile.")
            _settle(preparation, "refused", at, refusal=sentence)
        record("structure.preparation.settled", actor=actor, subject=preparation)
    return done


def _settle(
    preparation: Preparation, state: str, at: dt.datetime, *, change: Change | None = None, refusal: str = ""
) -> None:
    Preparation.objects.filter(pk=preparation.pk).update(
        state=state, settled_at=at, change=change, refusal=refusal
    )
    preparation.refresh_from_db()
