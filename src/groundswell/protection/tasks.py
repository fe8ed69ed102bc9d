"""What the worker does for this room."""

from procrastinate.contrib.django import app

from groundswell.kernel import clock
from groundswell.protection.actions.retaining import KEPT, keep_no_longer


@app.periodic(cron="47 2 * * *")
@app.task(queueing_lock="protection.keep_no_longer", pass_context=False)
def forget(timestamp: int) -> int:
    """Every night: erase and reduce those whose time is over. Return how many."""
    del timestamp
    done = keep_no_longer(today=clock.today(), at=clock.now())
    return done.total() - done[KEPT]
