"""What the worker does for this room."""

from procrastinate.contrib.django import app

from groundswell.access import scope
from groundswell.access.killed import OnceMore
from groundswell.duplicates import actions
from groundswell.kernel import clock
from groundswell.structure.models import Unit


@app.periodic(cron="27 2 * * *")
@app.task(queueing_lock="duplicates.look", pass_context=False)
def look(timestamp: int) -> int:
    """Every night: look in each section for records that may be one person. Return how many pairs are new."""
    del timestamp
    with scope.worker("look for duplicates"):
        sections = list(Unit.objects.filter(holds_names=True, section=None).values_list("pk", flat=True))
    return sum(look_in(section=section) for section in sections)


@app.task(retry=OnceMore(), pass_context=False)
def look_in(*, section: int) -> int:
    """Look in one section, as after a list came in. Return how many pairs are new."""
    with scope.worker("look for duplicates"):
        return actions.find_within(Unit.objects.get(pk=section), at=clock.now())


@app.periodic(cron="57 2 * * *")
@app.task(queueing_lock="duplicates.settle", pass_context=False)
def settle(timestamp: int) -> int:
    """Every night: forget what undoing needs where its time is over. Return how many merges are settled."""
    del timestamp
    with scope.worker("settle merges"):
        return actions.forget_over(at=clock.now())
