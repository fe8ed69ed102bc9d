"""What the worker does for this room."""

from procrastinate.contrib.django import app

from groundswell.structure.actions import carry_out_due


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="structure.carry_out", pass_context=False)
def carry_out(timestamp: int) -> int:
    """Every five minutes: do what was prepared for today. Return how much."""
    del timestamp
    return carry_out_due()
