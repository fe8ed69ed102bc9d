"""`/healthz` answers 200 while all of it works, and 503 with the reason when one thing does not."""

import dataclasses
import os

import pytest
from django.db import connection
from django.test import Client

from groundswell.site import health

WORKER = "insert into procrastinate_workers (last_heartbeat) values (now() - make_interval(secs => %s))"


@pytest.fixture
def worker_reported(transactional_db):
    """A database whose worker reported so many seconds ago; real commits, since health connects anew."""

    def report(seconds: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("delete from procrastinate_workers")
            cursor.execute(WORKER, [seconds])

    report(1)
    return report


def _ask() -> tuple[int, dict[str, str]]:
    answer = Client().get("/healthz")
    return answer.status_code, answer.json()


def test_all_of_it_works(worker_reported):
    assert _ask() == (200, {"status": "ok"})


def test_a_worker_that_no_longer_reports(worker_reported):
    worker_reported(300)
    status, answer = _ask()
    assert (status, answer["status"]) == (503, "failing")
    assert answer["reason"].startswith("The worker last reported 30")


def test_no_worker_at_all(transactional_db):
    assert _ask() == (503, {"status": "failing", "reason": "No worker runs."})


def test_a_migration_that_the_database_lacks(worker_reported, monkeypatch):
    monkeypatch.setattr(health, "_expected_migrations", lambda: {("kernel", "9999_tomorrow")})
    assert _ask() == (
        503,
        {"status": "failing", "reason": "1 migrations are missing, the first is kernel.9999_tomorrow."},
    )


def test_a_lost_key_file(worker_reported, settings, tmp_path):
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, home=tmp_path)
    reason = f"The key file {tmp_path / 'keys.json'} is missing."
    assert _ask() == (503, {"status": "failing", "reason": reason})


def test_a_full_disk(worker_reported, monkeypatch):
    real = os.statvfs("/")
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result([*real[:4], 7, *real[5:]]))
    status, answer = _ask()
    assert status == 503
    assert "MB left" in answer["reason"]


def test_a_database_that_does_not_answer(worker_reported, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "wrong")
    status, answer = _ask()
    assert status == 503
    assert answer["reason"].startswith("The database does not answer: ")
    assert "wrong" not in answer["reason"].replace("wrong password", "")
