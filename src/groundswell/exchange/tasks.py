"""What the worker does for this room."""

from procrastinate.contrib.django import app

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
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
    return done


@app.periodic(cron="47 2 * * *")
@app.task(queueing_lock="exchange.forget_rows", pass_context=False)
def forget_rows(timestamp: int) -> int:
    """Every night: empty the rows of lists that are older than they may be kept. Return how many."""
    del timestamp
    with scope.worker("forget the rows of lists"):
        return actions.forget_rows(now=clock.now())
