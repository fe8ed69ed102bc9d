"""What a job carried leaves the database with it: at once when it succeeds, after a week when it failed."""

import asyncio
from types import SimpleNamespace

import pytest
from procrastinate.contrib.django import app

from groundswell.access import tasks

JOB = """
insert into procrastinate_jobs (queue_name, task_name, args, status, worker_id)
values ('default', %s, '{"said": "canary"}', %s::procrastinate_job_status, %s) returning id
"""


@pytest.fixture
def jobs(transactional_db, as_app):
    """Jobs of every fate: name -> status, as the night finds them."""
    with as_app("gs_owner") as owner:
        (alive,) = owner.execute("insert into procrastinate_workers default values returning id").fetchone()
        for name, status, worker, days in (
            ("failed long ago", "failed", None, 8),
            ("aborted long ago", "aborted", None, 8),
            ("failed lately", "failed", None, 6),
            ("waits", "todo", None, 8),
            ("runs", "doing", alive, 8),
        ):
            (job,) = owner.execute(JOB, [name, status, worker]).fetchone()
            owner.execute(
                "update procrastinate_events set at = now() - make_interval(days => %s) where job_id = %s",
                [days, job],
            )
            owner.execute(
                "insert into procrastinate_events (job_id, type, at)"
                " select %s, 'started', now() - make_interval(days => %s)",
                [job, days],
            )

    def left():
        with as_app("gs_owner") as owner:
            return dict(owner.execute("select task_name, status::text from procrastinate_jobs").fetchall())

    return left


async def a_night():
    async with app.with_connector(app.connector.get_worker_connector()).open_async() as opened:
        await tasks.forget_jobs.func(SimpleNamespace(app=opened), 0)


def test_a_night_removes_what_ended_a_week_ago_and_nothing_that_waits_or_runs(jobs):
    asyncio.run(a_night())
    assert jobs() == {
        "failed lately": "failed",
        "waits": "todo",
        "runs": "doing",
    }
