"""Trouble of the machine stands in the log as one sentence, however many lines and processes tell of it."""

import ipaddress
import logging

import psycopg
import pytest
from procrastinate.jobs import Job

from groundswell.ground import environment, errors, events
from groundswell.ground.errors import ClusterProblem, DiskProblem, EnvironmentProblem

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


def of_job(**arguments):
    """Return how the library tells of a job: its text, and what stands beside it."""
    job = Job(
        id=7, queue="default", lock=None, queueing_lock=None, task_name="tasks.send", task_kwargs=arguments
    )
    return f"Job {job.call_string} ended with status: Error, lasted 0.001 s", {"job": job.log_context()}


def test_a_job_that_failed_of_the_machine_keeps_its_line_without_traceback_and_arguments(written):
    text, beside = of_job(email="ann@example.org")
    assert "ann@example.org" in text
    assert written(1000.0, text, fault=REFUSED, **beside) == (
        f"Job tasks.send[7] ended with status: Error, lasted 0.001 s: {NO_ANSWER}"
    )


def test_a_job_that_failed_of_the_program_says_kind_and_place_and_nothing_of_anybody(written):
    text, beside = of_job(email="ann@example.org", name="100% Ann")
    try:
        try:
            ipaddress.ip_address("ann@example.org")
        except ValueError as cause:
            raise RuntimeError("of ann@example.org") from cause
    except RuntimeError as fault:
        said = written(1000.0, text, fault=fault, **beside)
    line = said.rpartition(" ")[2]
    assert said == (
        "Job tasks.send[7] ended with status: Error, lasted 0.001 s: "
        f"RuntimeError from ValueError in test_one_sentence, line {line}"
    )
    try:
        environment.load({"PORT": "ann@example.org"})
    except EnvironmentProblem as fault:
        said = written(1000.0, text, fault=fault, **beside)
    assert said.partition("0.001 s: ")[2].startswith("EnvironmentProblem in groundswell.ground.values, line ")
    assert "ann" not in said


def test_a_job_that_went_well_says_its_task_and_number_alone(written):
    text, beside = of_job(email="ann@example.org")
    assert written(1000.0, text, **beside) == "Job tasks.send[7] ended with status: Error, lasted 0.001 s"


def test_of_a_fault_the_kinds_and_the_frames_are_written_and_nothing_that_it_says(written):
    try:
        try:
            ipaddress.ip_address("ann@example.org")
        except ValueError as cause:
            raise RuntimeError("of ann@example.org") from cause
    except RuntimeError as fault:
        said = written(1000.0, "a fault", fault=fault)
    frames = [line.split(", line ")[0] for line in said.splitlines()]
    assert frames == [
        "a fault",
        "  RuntimeError",
        f"    {__name__}",
        "  from ValueError",
        f"    {__name__}",
        "    ipaddress",
    ]
    assert ", in test_of_a_fault_the_kinds" in said
    assert "ann" not in said
    of_a_library = written(1000.0, "it failed: %s", ValueError("ann@example.org"), name="library")
    assert of_a_library == "it failed: ValueError"


def test_what_is_no_fault_is_written_as_it_is(written):
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
