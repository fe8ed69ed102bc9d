"""Trouble of the machine stands in the log as one sentence, however many lines and processes tell of it."""

import logging

import psycopg
import pytest

from groundswell.ground import errors, events
from groundswell.ground.errors import ClusterProblem, DiskProblem

REFUSED = psycopg.OperationalError("connection is bad: connection to server failed: Connection refused")
NO_ANSWER = (
    "The database does not answer: connection is bad: connection to server failed: Connection refused."
)


@pytest.fixture
def written():
    """Return a function: the moment, the record's parts -> what of it is written."""
    log = events.OneSentence()

    def write(at, text, *arguments, fault=None, name="psycopg.pool", **more):
        info = (type(fault), fault, None) if fault else None
        record = logging.LogRecord(name, logging.ERROR, __file__, 1, text, arguments, info)
        record.created = at
        record.__dict__.update(more)
        return logging.Formatter().format(record) if log.filter(record) else None

    return write


def test_a_database_that_is_back_at_once_is_no_line_and_one_that_stays_away_is_one_a_minute(written):
    said = {
        at: written(float(at), "error connecting in %r: %s", "pool-1", REFUSED) for at in range(1000, 1130)
    }
    assert {at: text for at, text in said.items() if text} == {1010: NO_ANSWER, 1070: NO_ANSWER}
    assert written(2000.0, "again", fault=REFUSED) is None


def test_a_full_disk_is_said_at_once(written):
    full = psycopg.OperationalError(
        "connection failed: FATAL: could not write init file: No space left on device"
    )
    assert written(1000.0, "error connecting", fault=full) == str(DiskProblem(errors.of_exception(full)))
    assert written(1001.0, "error connecting", fault=full) is None


def test_a_job_that_failed_of_it_keeps_its_line_without_the_traceback(written):
    text = written(1000.0, "Job send[7]() ended with status: Error", fault=REFUSED, action="job_error")
    assert text == f"Job send[7]() ended with status: Error: {NO_ANSWER}"


def test_what_does_not_come_from_the_machine_is_written_as_it_is(written):
    assert written(1000.0, "a fault", fault=ZeroDivisionError("of the program")) == (
        "a fault\nZeroDivisionError: of the program"
    )
    assert written(1000.0, "Not Found: %s", "/x/") == "Not Found: /x/"


def test_what_a_watcher_asks_is_answered_to_her_and_not_logged(written, rf):
    assert written(1000.0, "Service Unavailable: /healthz", request=rf.get("/healthz")) is None
    assert written(1000.0, "Service Unavailable: /x/", request=rf.get("/x/")) == "Service Unavailable: /x/"


def test_a_chain_of_exceptions_that_is_a_ring_is_walked_once():
    one, other = RuntimeError("one"), RuntimeError("other")
    one.__context__, other.__context__ = other, one
    assert errors.of_exception(one) is None
    other.__cause__ = REFUSED
    assert isinstance(errors.of_exception(one), ClusterProblem)
