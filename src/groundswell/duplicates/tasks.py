"""What the worker does for this room."""

from django.db.models import F, Q
from procrastinate.contrib.django import app

from groundswell.access import scope
from groundswell.access.killed import OnceMore
from groundswell.duplicates import actions
from groundswell.kernel import clock
from groundswell.structure.models import Unit


@app.periodic(cron="27 2 * * *")
@app.task(queueing_lock="duplicates.look", pass_context=False)
def look(timestamp: int) -> int:
    """Every night: look in each section for records that may be one person. Return how many pairs are new.

    A section is its own; what lies in none (a group, a branch that stands alone) is looked through by itself.
    """
    del timestamp
    with scope.worker("look for duplicates"):
        top = Q(section=None) | Q(section=F("pk"))
        sections = list(Unit.objects.filter(top, holds_names=True).values_list("pk", flat=True))
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
