"""A staged list is taken in, a chunk of rows in each transaction.

Killed at any moment, the next call goes on where it was: a line is done exactly when what was written for
it is committed with it. In the scope of the operator or the worker; who may ask for it was judged when the
list was staged and again when it was started.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.exchange import planning, rowwords
from groundswell.exchange.actions.counting import counted
from groundswell.exchange.actions.turns import take_turn
from groundswell.exchange.actions.writing import Made, write
from groundswell.exchange.importing import judging
from groundswell.exchange.models import Batch, FileName, Line
from groundswell.exchange.planning import Plan
from groundswell.kernel.errors import Refusal

CHUNK: Final = 2_000
_DONE: Final = """
update exchange_line l set outcome = d.outcome, person_id = d.person, why = d.why, made = d.made,
  foreseen = '', marks = case when d.made is null then l.marks else '{}' end
from json_to_recordset(%s) d (id bigint, outcome text, person bigint, why text, made jsonb)
where l.id = d.id
"""


@transaction.atomic
def start(
    batch: Batch, *, actor: Actor, leaves_alone: bool = False, rejoin_on: dt.date | None = None
) -> Batch:
    """Let a staged list be taken in, and forget what its file is called; Refusal when that was said already.

    `leaves_alone`: nothing is added to people who are known. `rejoin_on` is the day on which those former
    members join again of whom the list does not say when; None lets them be former members.
    """
    batch = _with_choice(batch, actor, leaves_alone=leaves_alone, rejoin_on=rejoin_on)
    batch.state = "running"
    batch.save(update_fields=["state", "mapping"])
    FileName.objects.filter(batch=batch).delete()
    record("exchange.list.started", actor=actor, subject=batch)
    return batch


@transaction.atomic
def choose(
    batch: Batch, *, actor: Actor, leaves_alone: bool = False, rejoin_on: dt.date | None = None
) -> Batch:
    """Say what becomes of people who are known, as `start` does, of a list that waits on."""
    batch = _with_choice(batch, actor, leaves_alone=leaves_alone, rejoin_on=rejoin_on)
    batch.save(update_fields=["mapping"])
    return batch


def _with_choice(batch: Batch, actor: Actor, *, leaves_alone: bool, rejoin_on: dt.date | None) -> Batch:
    require(actor, "lists.import", batch.unit)
    batch = locked_while_staged(batch)
    if rejoin_on is not None and rejoin_on > batch.today:
        sentence = _("Nobody joins again on a day that has not come yet; choose today or an earlier day.")
        raise Refusal(sentence, field="rejoin_on", code="in-the-future")
    batch.mapping = batch.mapping | chosen(leaves_alone=leaves_alone, rejoin_on=rejoin_on)
    return batch


def locked_while_staged(batch: Batch) -> Batch:
    """Return a list that waits, locked; Refusal when it was let in already."""
    batch = Batch.objects.select_for_update(of=("self",)).select_related("unit").get(pk=batch.pk)
    if batch.state != "staged":
        raise Refusal(_("This list was taken in already."), field="batch", code="started")
    return batch


def chosen(*, leaves_alone: bool, rejoin_on: dt.date | None) -> dict[str, str]:
    """Return what was chosen for the people who are known, as it stays with the list."""
    known = {"known": "leave"} if leaves_alone else {}
    return known | ({"rejoin_on": rejoin_on.isoformat()} if rejoin_on else {})


def run_chunk(batch: Batch, *, at: dt.datetime, most: int = CHUNK, tally: Counter[str] | None = None) -> int:
    """Take in the next rows of a batch, one transaction; return how many, 0 when none is left.

    `tally` counts what they became, by the words of `words.outcomes`.
    """
    with transaction.atomic():
        take_turn()
        plans = planning.plans(batch, most=most, lock=True)
        if not plans:
            return 0
        _say(plans, write(batch, plans, at))
    if tally is not None:
        tally.update(map(rowwords.outcome, plans))
    return len(plans)


def finish(batch: Batch, *, actor: Actor, at: dt.datetime) -> Batch:
    """Say that every row is done; of a list that was undone meanwhile nothing is said."""
    if Batch.objects.filter(pk=batch.pk, state="running").update(state="done", finished_at=at):
        record("exchange.list.taken_in", actor=actor, subject=batch)
    batch.refresh_from_db()
    return counted(batch)


def _say(plans: Sequence[Plan], made: Mapping[int, Made]) -> None:
    """Write down what each line became."""
    rows = [
        {
            "id": one.line,
            "outcome": one.verdict.outcome,
            "person": made[one.line].person if one.line in made else max(one.verdict.person or 0, 0) or None,
            "why": one.verdict.why,
            "made": made[one.line].said() if one.line in made else None,
        }
        for one in plans
    ]
    with connection.cursor() as cursor:
        cursor.execute(_DONE, [json.dumps(rows)])
    left = [one.line for one in plans if one.verdict.outcome == judging.LEFT]
    Line.objects.filter(pk__in=left).update(sealed=None, marks=[])
