"""What the worker does for this room."""

import contextlib

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.duplicates.tasks import look_in
from groundswell.exchange import actions
from groundswell.exchange.models import Batch
from groundswell.kernel import clock


@app.task(queue="lists", pass_context=False)
def take_in(*, batch: int) -> int:
    """Take a staged list in; started again after a fall, it goes on where it was. Return its rows."""
    with scope.worker("take a list in"):
        one = Batch.objects.select_related("unit").get(pk=batch)
    if one.state != "running":
        return 0
    done = 0
    while True:
        with scope.worker("take a list in"):
            taken = actions.run_chunk(one, at=clock.now())
        if not taken:
            break
        done += taken
    with scope.worker("take a list in"):
        actions.finish(one, actor=OPERATOR, at=clock.now())
        look_for_duplicates(one)
    return done


@app.task(queue="lists", pass_context=False)
def take_back(*, batch: int) -> bool:
    """Undo an import that somebody asked to undo; say whether there was one."""
    with scope.worker("undo an import"):
        one = Batch.objects.select_related("unit").get(pk=batch)
        if one.state != "undoing":
            return False
        actions.undo(one, actor=OPERATOR, at=clock.now())
    return True


def look_for_duplicates(batch: Batch) -> None:
    """Let the worker look in the section of a list that came in; one job for each section is enough."""
    section = batch.unit.section_id or batch.unit_id
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        look_in.configure(queueing_lock=f"duplicates.look.{section}").defer(section=section)


def defer(batch: Batch) -> None:
    """Let the worker go on with a batch; one job for each is enough."""
    task = take_back if batch.state == "undoing" else take_in
    lock = f"exchange.batch.{batch.pk}"
    # In a savepoint: a lock that is held already fails the statement, not the request.
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        task.configure(lock=lock, queueing_lock=lock).defer(batch=batch.pk)


@app.periodic(cron="*/2 * * * *")
@app.task(queueing_lock="exchange.pick_up", pass_context=False)
def pick_up(timestamp: int) -> int:
    """Every two minutes: go on with lists whose job or command was killed. Return how many."""
    del timestamp
    with scope.worker("pick lists up"):
        stopped = list(Batch.objects.filter(state__in=("running", "undoing")))
    for batch in stopped:
        defer(batch)
    return len(stopped)


@app.periodic(cron="47 2 * * *")
@app.task(queueing_lock="exchange.forget_rows", pass_context=False)
def forget_rows(timestamp: int) -> int:
    """Every night: empty the rows of lists that are older than they may be kept. Return how many."""
    del timestamp
    with scope.worker("forget the rows of lists"):
        return actions.forget_rows(now=clock.now()) + actions.forget_uploads(now=clock.now())
