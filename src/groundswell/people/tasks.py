"""What the worker does for this room."""

from procrastinate.contrib.django import app

from groundswell.access import scope
from groundswell.people.actions.returning import compact_rollups


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="people.compact_rollups", pass_context=False)
def merge_rollups(timestamp: int) -> int:
    """Every ten minutes: merge the rows that joining and leaving appended. Return how many."""
    del timestamp
    with scope.worker("compact the roll-ups"):
        return compact_rollups()
