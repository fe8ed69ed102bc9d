"""A change with a day to come: prepared, called off, or done on its day (decision 0632)."""

import contextlib
import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from groundswell.access import scope
from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.structure import rules
from groundswell.structure.actions.deeds import Deed, do, other_of
from groundswell.structure.actions.periods import lock_tree
from groundswell.structure.models import Change, Preparation

logger = logging.getLogger(__name__)
PURPOSE: Final = "carry out what was prepared"


@transaction.atomic
def prepare_change(deed: Deed, *, actor: Actor, at: dt.datetime) -> Preparation:
    """Write down what is to be done on a day to come; refused now for what no day would mend."""
    require(actor, rules.asked_for(deed.what), deed.unit)
    other = other_of(deed)
    if other is not None:
        require(actor, "structure.change", other)
    rules.check_day_to_come(deed.day, today=clock.today_in(deed.unit.time_zone))
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
            do(replace(deed, day=min(deed.day, clock.today_in(deed.unit.time_zone))), actor=actor, at=at)
        except Refusal as refusal:
            return refusal
        finally:
            transaction.set_rollback(True)
    return None


def carry_out_due() -> int:
    """Do what was prepared for today or earlier; return how much. The worker's work, or a reader's.

    Each is done in a transaction of its own (decision 0888), or in a savepoint of its reader's. One that is
    refused, or fails, keeps none of the others, and why is told in its unit and in Today.
    """
    with connection.cursor() as cursor:
        cursor.execute("select structure_due()")
        (due,) = cursor.fetchone()
    if not due:
        return 0
    with scope.worker(PURPOSE):
        now, waiting = clock.now(), _waiting().select_related("unit").order_by("day", "id")
        prepared = [one for one in waiting if one.day <= clock.day_in(one.unit.time_zone, now)]
    return sum(_carry_out(one) for one in prepared)


def _waiting() -> QuerySet[Preparation]:
    return Preparation.objects.filter(state="waiting")


def _carry_out(due: Preparation) -> bool:
    at = clock.now()
    why: Callable[[Preparation, dt.datetime], str] = _why_not
    try:
        with scope.worker(PURPOSE):
            return _done(due, at)
    except (OperationalError, InterfaceError):
        logger.exception("What was prepared goes on waiting: the database did not take it")
        return False
    except (Refusal, IntegrityError):
        pass  # it is tried once more for its sentence in each language
    except Exception:
        logger.exception("What was prepared could not be done")
        why = _fault
    with scope.worker(PURPOSE):
        for preparation in _taken(due):
            # Who will read it is not known by night: it is said in each language of the house.
            _settle(preparation, "refused", at, refusal=_in_each_language(lambda: why(due, at)))
            record("structure.preparation.settled", actor=_hand_of(preparation), subject=preparation)
    return False


def _done(due: Preparation, at: dt.datetime) -> bool:
    """Do it unless somebody else does, and let the database judge it before others are begun."""
    for preparation in _taken(due):
        do(_deed(preparation), actor=_hand_of(preparation), at=at)
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
            cursor.execute("set constraints all deferred")
        newest = Change.objects.filter(unit=preparation.unit, what=preparation.what).latest("id")
        _settle(preparation, "done", at, change=newest)
        record("structure.preparation.settled", actor=_hand_of(preparation), subject=preparation)
        return True
    return False


def _taken(due: Preparation) -> QuerySet[Preparation]:
    """Return it under a lock while it still waits, and nothing where somebody else does it."""
    free = _waiting().select_for_update(of=("self",), skip_locked=True)
    return free.select_related("unit").filter(pk=due.pk)


def _deed(preparation: Preparation) -> Deed:
    return Deed(preparation.what, preparation.unit, preparation.day, preparation.arguments)


def _hand_of(preparation: Preparation) -> Actor:
    """Who prepared it was asked then; on the day it is done for her, by the organisation's own hand."""
    return Actor(account_id=preparation.account_id, name="prepared", operator=True)


def _why_not(due: Preparation, at: dt.datetime) -> str:
    with contextlib.suppress(IntegrityError):
        if hindrance := tried(_deed(due), actor=_hand_of(due), at=at):
            return hindrance.sentence
    return _("It contradicts something that was recorded meanwhile.")


def _fault(_due: Preparation, _at: dt.datetime) -> str:
    return _("A fault of the program kept it from being done; tell whoever runs the server.")


def _in_each_language(say: Callable[[], str]) -> dict[str, str]:
    said = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said[language] = say()
    return said


def _settle(
    preparation: Preparation,
    state: str,
    at: dt.datetime,
    *,
    change: Change | None = None,
    refusal: dict[str, str] | None = None,
) -> None:
    Preparation.objects.filter(pk=preparation.pk).update(
        state=state, settled_at=at, change=change, refusal=refusal or {}
    )
    preparation.refresh_from_db()
