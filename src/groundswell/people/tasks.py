"""What the worker does for this room."""

from procrastinate.contrib.django import app

from groundswell.access import scope
from groundswell.kernel import clock
from groundswell.people.actions.aging import come_of_age
from groundswell.people.actions.asking import accept_due
from groundswell.people.actions.finding import mend_names
from groundswell.people.actions.lapsing import lapse_due
from groundswell.people.actions.returning import compact_rollups


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="people.compact_rollups", pass_context=False)
def merge_rollups(timestamp: int) -> int:
    """Every ten minutes: merge the rows that joining and leaving appended. Return how many."""
    del timestamp
    with scope.worker("compact the roll-ups"):
        return compact_rollups()


@app.periodic(cron="17 2 * * *")
@app.task(queueing_lock="people.mend_names", pass_context=False)
def mend_words_of_names(timestamp: int) -> int:
    """Every night: bring back words that the search lost. Return how many."""
    del timestamp
    with scope.worker("mend the search"):
        return mend_names()


@app.periodic(cron="27 0 * * *")
@app.task(queueing_lock="people.accept_transfers", pass_context=False)
def accept_transfers(timestamp: int) -> int:
    """Every night: carry out the transfers that nobody answered in time. Return how many."""
    del timestamp
    return accept_due(at=clock.now())


@app.periodic(cron="7 0 * * *")
@app.task(queueing_lock="people.come_of_age", pass_context=False)
def let_come_of_age(timestamp: int) -> int:
    """Every night: whoever was under 18 until this month is no more. Return how many."""
    del timestamp
    with scope.worker("let people come of age"):
        return come_of_age(today=clock.today())


@app.periodic(cron="37 0 * * *")
@app.task(queueing_lock="people.lapse", pass_context=False)
def lapse(timestamp: int) -> int:
    """Every night: end the memberships for which nobody paid in the time that their section gives."""
    del timestamp
    return lapse_due(at=clock.now())
