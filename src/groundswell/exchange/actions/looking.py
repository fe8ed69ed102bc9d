"""A list that waits is looked through: what would become of each of its rows is written down beside it."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.db import connection, transaction

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.exchange import foreseeing, rowwords
from groundswell.exchange.actions.running import CHUNK, locked_while_staged
from groundswell.exchange.models import Batch, Line
from groundswell.exchange.planning import Plan

_SAY: Final = """
update exchange_line l set foreseen = d.foreseen
from unnest(%s::bigint[], %s::text[]) d (id, foreseen) where l.id = d.id
"""


@transaction.atomic
def look_through(batch: Batch, *, actor: Actor, at: dt.datetime) -> Batch:
    """Write down what would become of every row of a list that waits, as things stand now; write nobody down.

    Refusal when the list has gone on. In the eyes of the actor: whom she does not see is somebody new.
    """
    require(actor, "lists.import", batch.unit)
    batch = locked_while_staged(batch)
    Line.objects.filter(batch=batch, outcome="waiting").exclude(foreseen="").update(foreseen="")
    after = -1
    while plans := foreseeing.next_plans(batch, after=after, most=CHUNK):
        _say(plans)
        after = plans[-1].entry.number
    batch.foreseen_at = at
    batch.save(update_fields=["foreseen_at"])
    return batch


def foresee(batch: Batch, numbers: Sequence[int]) -> None:
    """Write down what would become of these rows of a list that was looked through, once more."""
    if batch.foreseen_at is not None:
        _say(foreseeing.plans_of(batch, numbers))


def _say(plans: Sequence[Plan]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SAY, [[one.line for one in plans], [rowwords.outcome(one) for one in plans]])
