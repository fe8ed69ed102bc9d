"""`/healthz` answers 200 while all of it works, and 503 with the reason when one thing does not."""

import dataclasses
import os

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client

from groundswell.ground import checks
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


def _as_application():
    given = connection.get_connection_params()
    return {name: value for name, value in given.items() if name not in {"cursor_factory", "context"}}


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


def test_a_migration_that_the_database_lacks_and_one_that_this_release_does_not_know(
    worker_reported, monkeypatch
):
    known = health._expected_migrations()
    monkeypatch.setattr(health, "_expected_migrations", lambda: known - {("kernel", "0001_clock")})
    # A process that was not started again after an upgrade.
    status, answer = _ask()
    assert (status, answer["status"]) == (503, "failing")
    assert "(kernel.0001_clock is unknown here): use that one or a later one" in answer["reason"]
    monkeypatch.setattr(health, "_expected_migrations", lambda: {("kernel", "9999_tomorrow")})
    assert _ask() == (
        503,
        {"status": "failing", "reason": "One migration is missing, kernel.9999_tomorrow."},
    )


def test_a_database_that_is_only_half_restored(worker_reported, monkeypatch):
    monkeypatch.setattr(checks, "UNFINISHED_RESTORE", "public")  # any schema that is there
    status, answer = _ask()
    assert (status, answer["reason"][:54]) == (503, "A backup is being restored into this database, or its ")


def test_a_lost_key_file(worker_reported, settings, tmp_path):
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, home=tmp_path)
    with psycopg.connect(**_as_application()) as app:  # the operator is told where
        assert str(tmp_path) in checks.key_file(app, settings.ENVIRONMENT)
    reason = (
        "The key file is missing, damaged or not the one of this database; `groundswell doctor` says more."
    )
    assert _ask() == (503, {"status": "failing", "reason": reason})


def test_a_full_disk(worker_reported, monkeypatch):
    real = os.statvfs("/")
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result([*real[:4], 7, *real[5:]]))
    # A server without room may take no connection: the disk is looked at first.
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "wrong")
    reason = "The disk is nearly full; `groundswell doctor` says more."
    assert _ask() == (503, {"status": "failing", "reason": reason})


def test_a_database_that_does_not_answer(worker_reported, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "wrong")
    with pytest.raises(psycopg.OperationalError, match="gs_app"):  # what it says is for the operator alone
        psycopg.connect(**_as_application())
    reason = "The database does not answer; `groundswell doctor` says more."
    assert _ask() == (503, {"status": "failing", "reason": reason})


def test_a_page_without_its_database_says_so_in_the_language_of_the_reader(transactional_db, monkeypatch):
    def away(*_given: object, **_more: object) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(connection, "ensure_connection", away)
    for language, said in (("de", "Wir sind noch nicht ganz da."), ("en", "We are not quite there.")):
        answer = Client(raise_request_exception=False).get("/", headers={"accept-language": language})
        assert (answer.status_code, said in answer.content.decode()) == (503, True)


def test_a_home_that_cannot_be_read(worker_reported, settings, tmp_path):
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, home=tmp_path / "gone")
    reason = "The home of this installation cannot be read; `groundswell doctor` says more."
    assert _ask() == (503, {"status": "failing", "reason": reason})
