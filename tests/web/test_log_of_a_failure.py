"""What stands in the server's log of a request that failed: where in the program, and nothing of a row."""

import io
import logging

import pytest
from django.db import connection
from django.test import Client
from django.urls import path

from groundswell.access.doors import PUBLIC, door
from groundswell.ground.events import OneSentence

CANARY = "änn.canary@example.org"


@door(PUBLIC)
def fail(request, email):
    """Break a constraint, as a page with a fault does: the database says which row it refused."""
    with connection.cursor() as cursor:
        cursor.execute("create temp table looked_up (email text constraint one_each unique) on commit drop")
        cursor.execute("insert into looked_up values (%s), (%s)", [email, email])


urlpatterns = [path("fail/<str:email>/", fail)]
handler500 = "groundswell.web.problems.failed"


@pytest.fixture
def log(db):
    """The log as the settings make it, written into memory."""
    (handler,) = (
        one
        for one in logging.getLogger().handlers
        if isinstance(one, logging.StreamHandler)
        and any(isinstance(kept, OneSentence) for kept in one.filters)
    )
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


def test_what_is_refused_of_a_link_that_signs_in_does_not_repeat_it(log, settings):
    settings.ROOT_URLCONF = __name__
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/fail/{CANARY}/").status_code == 403
    assert ": /fail/<str:email>/\n" in log.getvalue()
    assert "canary" not in log.getvalue()


def test_a_failed_request_is_found_by_its_frames_and_tells_nothing_of_a_row(log, settings):
    settings.ROOT_URLCONF = __name__
    answer = Client(raise_request_exception=False).get(f"/fail/{CANARY}/")
    assert answer.status_code == 500
    assert "Something broke on our side." in answer.content.decode()
    said = log.getvalue()
    assert "Internal Server Error: /fail/<str:email>/\n  IntegrityError" in said
    assert "  from UniqueViolation (23505, one_each)\n" in said
    assert f"    {__name__}, line " in said
    assert ", in fail\n" in said
    assert "canary" not in said
    assert "canary" not in answer.content.decode()
