"""A worker that is killed: its mails go out once more, and whatever else it did lets go of its lock."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from mailserver import running, settings_for
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued
from test_factors import window
from test_mail_goes_out import link_in

import testbase
from groundswell.access import tasks
from groundswell.accounts import sealing
from groundswell.accounts.tasks import send_code, send_link

KILLED = """
insert into procrastinate_jobs (queue_name, task_name, lock, args, status, worker_id)
values ('default', %s, %s, '{"said": "canary"}', 'doing', %s) returning id
"""
WORKER = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "groundswell.site.settings"
import django
django.setup()
import testbase
from groundswell.cli.worker import work
with testbase.server() as running:
    testbase.point_django_at(running, sys.argv[1])
    work(wait=False)
"""


def taken_up():
    """Let a worker look after the jobs of the dead; return how many it found."""

    async def look():
        async with app.with_connector(app.connector.get_worker_connector()).open_async() as opened:
            return await tasks.take_up.func(SimpleNamespace(app=opened), 0)

    return asyncio.run(look())


def test_jobs_of_the_dead_are_done_once_more_or_let_go_and_those_of_the_living_go_on(
    transactional_db, own_connection, caplog
):
    owner = own_connection("gs_owner", autocommit=True)

    def worker(seconds):
        made = "insert into procrastinate_workers (last_heartbeat) values (now() - make_interval(secs => %s))"
        return owner.execute(f"{made} returning id", [seconds]).fetchone()[0]

    def fates():
        asked = "select id, status::text, priority from procrastinate_jobs order by id"
        return [tuple(one) for one in owner.execute(asked).fetchall()]

    def start(task, lock=None, worker=None):
        return owner.execute(KILLED, [f"groundswell.{task}", lock, worker]).fetchone()[0]

    silent = worker(61)
    mail = start("accounts.tasks.send_link", worker=silent)
    forgotten = start("accounts.tasks.deliver")  # the silent one was taken off the list
    taking_in = start("exchange.tasks.take_in", lock="exchange.batch.7", worker=silent)
    unknown = start("accounts.tasks.of_an_older_release", worker=silent)
    living = start("accounts.tasks.send_code", worker=worker(15))
    assert taken_up() == 4
    assert fates() == [
        (mail, "todo", -1),
        (forgotten, "todo", -1),
        (taking_in, "failed", 0),
        (unknown, "failed", 0),
        (living, "doing", 0),
    ]
    assert (
        f"The worker was killed over groundswell.accounts.tasks.send_link[{mail}]: it is done once more."
        in caplog.text
    )
    assert "canary" not in caplog.text
    # Whoever goes on with the list is not held up any more by the job of the dead.
    again = owner.execute(
        "insert into procrastinate_jobs (queue_name, task_name, lock, priority)"
        " values ('lists', 'groundswell.exchange.tasks.take_in', 'exchange.batch.7', 5) returning id"
    ).fetchone()[0]
    fetched = "select id from procrastinate_fetch_job_v2(null, %s)"
    assert owner.execute(fetched, [worker(0)]).fetchone() == (again,)
    # The mail falls a second time, and is given up.
    owner.execute(
        "update procrastinate_jobs set status = 'doing', worker_id = %s where id = %s", [silent, mail]
    )
    assert taken_up() == 1
    assert fates()[0] == (mail, "failed", -1)
    assert f"send_link[{mail}]: the job counts as failed." in caplog.text


def test_a_code_whose_worker_came_back_too_late_is_not_sent(world, caplog):
    said = {"email": "chidi@example.org", "code": "ABC-DEF", "language": "en", "until": time.time() - 1}
    assert send_code.func(sealed=sealing.seal(json.dumps(said), sealing.MAIL)) is False
    assert "not taken in time" in caplog.text


@pytest.mark.drill
def test_a_mail_whose_worker_is_killed_over_it_goes_out_by_the_next_one_and_both_links_open(
    committed_world, own_connection, database_name, settings
):
    sealed = sealing.seal("chidi@example.org", sealing.MAIL)
    send_link.defer(sealed=sealed, language="en")
    owner = own_connection("gs_owner", autocommit=True)
    with running() as kept:
        for name, value in settings_for(kept).items():
            setattr(settings, name, value)
        path = f"{testbase.CHECKOUT / 'tests'}:{os.environ.get('PYTHONPATH', '')}"
        mail = {"GROUNDSWELL_MAIL_URL": f"smtp://127.0.0.1:{kept.port}", "PYTHONPATH": path}
        mail["GROUNDSWELL_MAIL_FROM"] = "members@example.org"
        mail["GROUNDSWELL_PUBLIC_URL"] = settings.PUBLIC_URL
        command = [sys.executable, "-c", WORKER, database_name]
        kept.slow.set()
        with subprocess.Popen(command, env={**os.environ, **mail}) as worker:
            while not kept.raw:
                assert worker.poll() is None
                time.sleep(0.02)
            worker.send_signal(signal.SIGKILL)
        kept.slow.clear()
        assert [one.status for one in mails()] == ["doing"]
        owner.execute("update procrastinate_workers set last_heartbeat = now() - interval '2 minutes'")
        with contextlib.suppress(AlreadyEnqueued):
            tasks.take_up.defer(timestamp=0)
        subprocess.run(command, env={**os.environ, **mail}, check=True, timeout=60)
        texts = [one.get_content() for one in kept.taken]
    assert mails() == []
    assert len(texts) == 2
    assert [window(None).post(link_in(text)).status_code for text in texts] == [302, 302]
    assert [window(None).post(link_in(text)).status_code for text in texts] == [422, 422]


def mails():
    return list(ProcrastinateJob.objects.filter(task_name__endswith="send_link"))
