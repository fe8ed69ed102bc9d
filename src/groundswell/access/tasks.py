"""What the worker does for this room."""

from procrastinate.contrib.django import app

from groundswell.access import scope, sealing, trailing
from groundswell.access.sessions import SessionStore
from groundswell.kernel import clock


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="access.seal_trail", pass_context=False)
def seal_trail(timestamp: int) -> int:
    """Every minute: mark what has settled, and seal it. Return how many seals were written."""
    del timestamp
    with scope.worker("take the settle mark"):
        clock.take_settlemark()
    return len(sealing.seal())


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="access.sweep_sessions", pass_context=False)
def sweep_sessions(timestamp: int) -> None:
    """Every night: remove sessions that expired more than a week ago."""
    del timestamp
    SessionStore.clear_expired()


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="access.prove_trail", pass_context=False)
def prove_trail(timestamp: int) -> int:
    """Every night: check that the whole trail is as it was sealed. Return how many things were found."""
    del timestamp
    return len(trailing.prove().findings)
