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
from groundswell.exchange.actions.counting import counted
from groundswell.exchange.importing import sealing
from groundswell.exchange.models import Batch, Line, Upload
from groundswell.exchange.planning import SAID_NEW, SAID_SAME
from groundswell.kernel.errors import Refusal
from groundswell.people.models import Person
from groundswell.structure.models import Unit

# A larger list goes by the command, which does not hold it in memory.
LARGEST_UPLOAD: Final = 10 * 1024 * 1024
ANSWERS: Final = {"new": SAID_NEW, "same": SAID_SAME}


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
        file_name=shown or "-",
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
    """Say of doubtful rows, by number, whether each is the one who is known or somebody new.

    They wait again and are taken in as it was said; return how many. Of somebody whom the actor does not see
    she cannot say that it is she.
    """
    batch = _locked(batch, actor, "done")
    doubtful = {
        one.number: one for one in Line.objects.filter(batch=batch, outcome="doubtful", number__in=answers)
    }
    seen = set(
        Person.objects.filter(pk__in=[one.person_id for one in doubtful.values()]).values_list(
            "pk", flat=True
        )
    )
    settled = 0
    for number, line in doubtful.items():
        said = ANSWERS.get(answers[number])
        if said is None or (said == SAID_SAME and line.person_id not in seen):
            continue
        Line.objects.filter(pk=line.pk).update(outcome="waiting", why=said)
        settled += 1
    if settled:
        batch.state = "running"
        batch.save(update_fields=["state"])
        record("exchange.list.settled", actor=actor, subject=batch, rows=settled)
        counted(batch)
    return settled


@transaction.atomic
def ask_to_undo(batch: Batch, *, actor: Actor) -> Batch:
    """Let the worker undo an import as one act."""
    batch = _locked(batch, actor, "done")
    batch.state = "undoing"
    batch.save(update_fields=["state"])
    record("exchange.list.undoing", actor=actor, subject=batch)
    return batch


def _locked(batch: Batch, actor: Actor, state: str) -> Batch:
    require(actor, "lists.import", batch.unit)
    held = Batch.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=batch.pk).first()
    if held is None or held.state != state:
        raise Refusal(_("This list has gone on meanwhile; open it again."), field="batch", code="gone-on")
    return held
