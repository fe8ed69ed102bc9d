"""What the worker does for this room."""

import logging
from typing import Final

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from groundswell.access import scope, sealing, trailing
from groundswell.access.killed import SILENT_SECONDS, WorkerKilled
from groundswell.access.sessions import SessionStore
from groundswell.kernel import clock

_log = logging.getLogger(__name__)
# How long a job that failed can be looked at.
JOB_DAYS: Final = 7


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="access.seal_trail", pass_context=False)
def seal_trail(timestamp: int) -> int:
    """Every minute: mark what has settled, and seal it. Return how many seals were written."""
    del timestamp
    with scope.worker("take the settle mark"):
        clock.take_settlemark()
    return len(sealing.seal())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="access.take_up", pass_context=True)
async def take_up(context: JobContext, timestamp: int) -> int:
    """Every minute: see to the jobs whose worker was killed. Return how many there were.

    One whose task says so is done once more; any other counts as failed, and lets go of its lock: what comes
    by the clock comes again, and a list is gone on with (`exchange.pick_up`).
    """
    del timestamp
    manager = context.app.job_manager
    jobs = list(await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS))
    for job in jobs:
        task = context.app.tasks.get(job.task_name)
        again = task.get_retry_exception(exception=WorkerKilled(), job=job) if task else None
        if again is None:
            await manager.finish_job(job, Status.FAILED, delete_job=False)
            _log.error("The worker was killed over %s[%s]: the job counts as failed.", job.task_name, job.id)
        else:
            decision = again.retry_decision
            await manager.retry_job(job, decision.retry_at, decision.priority)
            _log.warning("The worker was killed over %s[%s]: it is done once more.", job.task_name, job.id)
    return len(jobs)


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

    Those that succeed go at once, and one whose worker was killed has ended by then (`take_up`).
    """
    del timestamp
    await context.app.job_manager.delete_old_jobs(
        JOB_DAYS * 24, include_failed=True, include_cancelled=True, include_aborted=True
    )


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="access.prove_trail", pass_context=False)
def prove_trail(timestamp: int) -> int:
    """Every night: check that the whole trail is as it was sealed. Return how many things were found."""
    del timestamp
    return len(trailing.prove().findings)
