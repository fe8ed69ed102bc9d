"""Pages of problems: they say what to do, and ask nothing of the database (these tests have none)."""

import psycopg
import pytest
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.test import Client, RequestFactory

from groundswell.kernel.errors import NotFound, Refusal
from groundswell.web import problems

REQUEST = RequestFactory().get("/x/")


@pytest.mark.parametrize(
    ("answer", "status", "said", "advice"),
    [
        (problems.bad_request, 400, "This cannot be shown.", "Go back, change it and try again."),
        (
            lambda request: problems.bad_request(request, RequestDataTooBig()),
            413,
            "nothing of it was stored",
            "send it in parts",
        ),
        (
            problems.forbidden,
            403,
            "This form has grown old.",
            "Go back and send the form once more",
        ),
        (
            lambda _request: problems.forbidden(RequestFactory().post("/", headers={"HX-Request": "true"})),
            403,
            "This form has grown old.",
            "Load the page again, then do it once more.",
        ),
        (problems.not_found, 404, "There is nothing here for you.", "Check the address."),
        (problems.too_many, 429, "Too many attempts.", "Wait 30 seconds, then try again."),
        (problems.failed, 500, "Nothing of what you sent was stored.", "Try again in a moment."),
        (problems.full, 503, "The disk of this installation is full", "then send it again."),
        (problems.unavailable, 503, "We are not quite there.", "Try again in 30 seconds."),
    ],
)
def test_a_problem_says_what_is_wrong_and_what_to_do(answer, status, said, advice):
    made = answer(REQUEST)
    page = made.content.decode()
    assert made.status_code == status
    assert said in page
    assert advice in page
    assert 'href="/"' in page


def test_whoever_is_to_wait_is_told_how_long():
    assert problems.too_many(REQUEST, 7)["Retry-After"] == "7"
    assert problems.unavailable(REQUEST)["Retry-After"] == "30"


def test_a_refusal_becomes_its_sentence_and_a_fault_of_the_program_does_not():
    refused = problems.of_exception(REQUEST, Refusal("Exchange the two <days>."))
    assert refused.status_code == 400
    assert "Exchange the two &lt;days&gt;." in refused.content.decode()
    assert problems.of_exception(REQUEST, NotFound("no unit")).content == problems.not_found(REQUEST).content
    assert problems.of_exception(REQUEST, OperationalError()).status_code == 503
    assert problems.of_exception(REQUEST, ZeroDivisionError()) is None


def _full() -> OperationalError:
    """What Django raises when PostgreSQL has no room left."""
    wrapped = OperationalError("could not extend file")
    wrapped.__cause__ = psycopg.errors.DiskFull("could not extend file: No space left on device")
    return wrapped


def test_a_full_disk_is_said_and_told_from_a_database_that_is_away():
    assert b"Nothing can be stored at the moment." in problems.of_exception(REQUEST, _full()).content
    assert b"We are not quite there." in problems.of_exception(REQUEST, OperationalError("away")).content


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [(_full, 503, b"Nothing can be stored"), (ZeroDivisionError, 500, b"Something broke on our side.")],
)
def test_what_fails_outside_of_a_view_is_said_as_well(db, monkeypatch, fault, status, said):
    def fail(*_):
        raise fault()

    monkeypatch.setattr(SessionMiddleware, "process_response", fail)
    browser = Client(raise_request_exception=False, headers={"accept-language": "en"})
    answer = browser.get("/accounts/login/")
    assert answer.status_code == status
    assert said in answer.content


def test_a_form_from_elsewhere_is_refused_with_advice(world):
    stranger = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = stranger.post("/accounts/login/", {"email": "ines@example.org", "password": "x"})
    assert answer.status_code == 403
    assert "This form has grown old." in answer.content.decode()
