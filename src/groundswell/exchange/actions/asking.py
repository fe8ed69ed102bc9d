"""What the pages let happen: a file is chosen, a list looked through, doubts settled, all of it undone."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.secrets import new_ids
from groundswell.access.trail import record
from groundswell.exchange import foreseeing, planning
from groundswell.exchange.actions.counting import counted
from groundswell.exchange.actions.looking import foresee
from groundswell.exchange.candidates import NEW, OPEN
from groundswell.exchange.importing import sealing
from groundswell.exchange.models import Batch, Line, Upload
from groundswell.exchange.planning import SAID_NEW, SAID_SAME, Plan
from groundswell.kernel.errors import Refusal
from groundswell.structure.models import Unit

# A larger list goes by the command, which does not hold it in memory.
LARGEST_UPLOAD: Final = 10 * 1024 * 1024


@transaction.atomic
def receive(content: bytes, *, name: str, unit: Unit, actor: Actor, at: dt.datetime) -> Upload:
    """Keep a chosen file, sealed, until somebody has said what its columns mean."""
    require(actor, "lists.import", unit)
    if len(content) > LARGEST_UPLOAD:
        sentence = _(
            "The file is larger than %(most)d MB, the most that this page takes. Split it, or ask whoever"
            " runs the server to bring it in."
        )
        words = {"most": LARGEST_UPLOAD >> 20}
        raise Refusal(sentence % words, field="file", code="too-large")
    shown = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in name)[-200:]
    (number,) = new_ids(Upload, 1)
    return Upload.objects.create(
        pk=number,
        unit=unit,
        account_id=actor.account_id,
        name=sealing.seal_upload_name(number, shown or "-"),
        sealed=sealing.seal_file(number, content),
        created_at=at,
    )


def drop_upload(upload: Upload) -> None:
    """Forget a chosen file."""
    upload.delete()


@transaction.atomic
def throw_away(batch: Batch, *, actor: Actor) -> None:
    """Forget a list that nobody has taken in."""
    batch = _locked(batch, actor, "staged")
    record("exchange.list.thrown_away", actor=actor, subject=batch)
    Line.objects.filter(batch=batch).delete()
    Batch.objects.filter(pk=batch.pk).delete()


@transaction.atomic
def settle(batch: Batch, *, answers: Mapping[int, str], actor: Actor) -> int:
    """Say of doubtful rows, by number, who each is: somebody new, or one of those whom she may be.

    Of a list that came in they wait again and are taken in as it was said; of one that waits the answer is
    kept, and may be given again or left open. Return how many were answered. Whom the actor does not see, or
    the row may not be, she cannot say it is.
    """
    batch = _locked(batch, actor, "done", "staged")
    waits = batch.state == "staged"
    numbers = list(answers)
    plans = foreseeing.plans_of(batch, numbers) if waits else planning.doubts(batch, numbers=numbers)
    said = {one.line: answer for one in plans if (answer := _answer(one, answers[one.entry.number], waits))}
    for line, (why, person) in said.items():
        Line.objects.filter(pk=line).update(outcome="waiting", why=why, person_id=person)
    if not said:
        return 0
    if waits:
        foresee(batch, numbers)
    else:
        batch.state = "running"
        batch.save(update_fields=["state"])
    record("exchange.list.settled", actor=actor, subject=batch, rows=len(said))
    counted(batch)
    return len(said)


def _answer(plan: Plan, said: str, waits: bool) -> tuple[str, int | None] | None:  # noqa: FBT001 - as the list does
    """Return what a line says of an answer, None for one that cannot be given."""
    if not plan.asked:
        return None
    if said == OPEN:
        return ("", None) if waits and plan.answer else None
    if said == NEW:
        return SAID_NEW, None
    person = next((one.person for one in plan.candidates if str(one.person) == said), None)
    return (SAID_SAME, person) if person else None


@transaction.atomic
def ask_to_undo(batch: Batch, *, actor: Actor) -> Batch:
    """Let the worker undo an import as one act."""
    batch = _locked(batch, actor, "done")
    batch.state = "undoing"
    batch.save(update_fields=["state"])
    record("exchange.list.undoing", actor=actor, subject=batch)
    return batch


def _locked(batch: Batch, actor: Actor, *states: str) -> Batch:
    require(actor, "lists.import", batch.unit)
    held = Batch.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=batch.pk).first()
    if held is None or held.state not in states:
        raise Refusal(_("This list has gone on meanwhile; open it again."), field="batch", code="gone-on")
    return held
