"""What the worker does for this room."""

from typing import Final

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from groundswell.access import scope, sealing, trailing
from groundswell.access.sessions import SessionStore
from groundswell.kernel import clock

# How long a job that failed can be looked at.
JOB_DAYS: Final = 7
# A worker says every ten seconds that it lives; a long task keeps saying so.
STALLED_SECONDS: Final = 3600


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


@app.periodic(cron="29 3 * * *")
@app.task(queueing_lock="access.forget_jobs", pass_context=True)
async def forget_jobs(context: JobContext, timestamp: int) -> None:
    """Every night: remove the jobs that ended a week ago, with whatever they carried.

    Those that succeed go at once. One whose worker was killed never ended: it counts as failed from now on.
    """
    del timestamp
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        await manager.finish_job(job, Status.FAILED, delete_job=False)
    await manager.delete_old_jobs(
        JOB_DAYS * 24, include_failed=True, include_cancelled=True, include_aborted=True
    )


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="access.prove_trail", pass_context=False)
def prove_trail(timestamp: int) -> int:
    """Every night: check that the whole trail is as it was sealed. Return how many things were found."""
    del timestamp
    return len(trailing.prove().findings)
