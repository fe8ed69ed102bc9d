"""One transaction a request: what is committed, what is not, and that no scope leaks into the next."""

import io
import json
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections
from django.test import Client
from small_world import column

from groundswell.access import hooks, scope

COOKIE = "groundswell"
SEES = {
    "anna": ["anna"],
    "olga": ["anna", "gustav", "olga"],
    "theo": ["anna", "bert", "gustav", "olga", "theo"],
    "sofia": ["anna", "bert", "dana", "gustav", "ines", "olga", "sofia", "theo"],
    "ines": ["ines"],
    "august": ["august"],
    None: [],
}


@pytest.fixture
def client(settings) -> Client:
    settings.ROOT_URLCONF = "pages"
    settings.MIDDLEWARE = [
        "groundswell.access.middleware.ScopeMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
    ]
    return Client(raise_request_exception=False)


def as_person(client, world, name):
    client.cookies[COOKIE] = world.signed_in(name)
    return client


def towns():
    with scope.operator():
        return set(column("select town from people_person"))


def test_a_request_sees_what_its_session_may_see_and_a_stranger_nothing(client, committed_world):
    assert as_person(client, committed_world, "olga").get("/names/").json()["first"] == SEES["olga"]
    assert Client().get("/names/").json()["first"] == []


def test_a_cookie_that_is_not_a_session_sees_nothing(client, committed_world):
    for value in (
        "x",
        "operator",
        "12345678\x00",
        "\\000",
        "'; select 1",
        "é" * 50,
        "x" * 9_000,
    ):
        client.cookies[COOKIE] = "x"
        client.cookies[COOKIE].set(COOKIE, value, value)
        response = client.get("/names/", headers={"cookie": f"{COOKIE}={value}"})
        assert (response.status_code, response.json()["first"]) == (200, []), value


@pytest.mark.parametrize(
    ("address", "stored"), [("/write/200/", True), ("/write/302/", True), ("/write/422/", False)]
)
def test_an_answer_below_400_is_committed_and_a_refusal_is_not(client, committed_world, address, stored):
    as_person(client, committed_world, "olga").get(address)
    assert (towns() == {"", address.split("/")[2]}) is stored


def test_a_refusal_that_keeps_its_writes_is_committed_and_an_error_never(client, committed_world):
    as_person(client, committed_world, "olga")
    assert client.get("/keep/429/").status_code == 429
    assert towns() == {"", "429"}
    assert client.get("/keep/503/").status_code == 503
    assert towns() == {"", "429"}


def test_what_was_written_before_a_view_fails_is_rolled_back(client, committed_world):
    assert as_person(client, committed_world, "olga").get("/fail/").status_code == 500
    assert towns() == {""}
    assert client.get("/write/500/").status_code == 500
    assert towns() == {""}


def test_a_session_that_was_changed_before_a_view_refused_is_no_error(client, committed_world):
    assert as_person(client, committed_world, "olga").get("/remember/").status_code == 404
    assert client.get("/names/").json()["first"] == SEES["olga"]
    assert "seen" not in client.session


def test_an_error_that_a_view_passed_over_is_not_answered_as_success(client, committed_world):
    assert as_person(client, committed_world, "olga").get("/swallow/").status_code == 500
    assert towns() == {""}


def test_a_contradiction_found_at_commit_is_a_sentence_and_stores_nothing(client, committed_world):
    before = _memberships()
    response = as_person(client, committed_world, "olga").get("/contradict/")
    assert response.status_code == 409
    assert "Nothing was changed." in response.content.decode()
    assert "people_" not in response.content.decode(), "the name of a constraint tells nobody anything"
    assert _memberships() == before


def test_the_page_of_a_contradiction_is_made_by_whoever_hung_in(client, committed_world, monkeypatch):
    from django.http import HttpResponse

    monkeypatch.setattr(hooks, "answers", [lambda _, problem: HttpResponse(f"<h1>{problem}</h1>")])
    response = as_person(client, committed_world, "olga").get("/contradict/")
    assert (response.status_code, response.content[:4]) == (409, b"<h1>")


def _memberships():
    with scope.operator():
        return column("select count(*) from people_membership")


@pytest.mark.parametrize("address", ["/stream/", "/late-stream/"])
def test_a_stream_is_read_inside_the_transaction(client, committed_world, address):
    response = as_person(client, committed_world, "olga").get(address)
    assert b"".join(response.streaming_content) == b"annagustavolga"


def test_after_a_request_the_connection_has_no_scope(client, committed_world):
    as_person(client, committed_world, "sofia").get("/names/")
    assert column("select current_setting('app.session', true)") == [""]
    assert column("select scope_known()") == [False]


def test_the_health_of_the_house_is_answered_without_the_database(client, monkeypatch):
    # Without a database fixture any question to it fails.
    assert client.get("/healthz").status_code == 200


def test_a_database_that_cannot_be_reached_is_said_in_a_sentence(client, db, monkeypatch):
    from django.db import OperationalError

    def away(*_, **__):
        raise OperationalError("gone")

    monkeypatch.setattr(scope, "take_up", away)
    monkeypatch.setattr(hooks, "answers", [])
    response = client.get("/names/")
    assert (response.status_code, response.content) == (503, b"The database cannot be reached just now.")


@pytest.fixture
def pooled(client, committed_world):
    """The WSGI application over a pool of four connections, as it runs in earnest."""
    options = connection.settings_dict["OPTIONS"]
    connection.close()
    connection.settings_dict["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 4, "timeout": 30}}
    yield WSGIHandler()
    connections.close_all()
    connection.close_pool()
    connection.settings_dict["OPTIONS"] = options


def _get(application, address: str, secret: str | None) -> dict:
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": address,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
    }
    if secret:
        environ["HTTP_COOKIE"] = f"{COOKIE}={secret}"
    response = application(environ, lambda *_: None)
    body = b"".join(response)
    response.close()
    return json.loads(body)


def _rows_across(application, world, requests: int) -> int:
    """Ask as many mixed people at once, and count the rows that belong to somebody else's scope."""
    secrets = {name: world.signed_in(name) if name else None for name in SEES}
    connection.close()
    order = [random.Random(number).choice(list(SEES)) for number in range(requests)]
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda name: _get(application, "/names/", secrets[name]), order))
    return sum(
        len(set(answer[part]) ^ set(SEES[name]))
        for name, answer in zip(order, answers, strict=True)
        for part in ("first", "again")
    )


def test_200_mixed_requests_at_once_through_the_pool_see_no_row_across(pooled, committed_world):
    assert _rows_across(pooled, committed_world, 200) == 0


@pytest.mark.drill
def test_1000_mixed_requests_at_once_through_the_pool_see_no_row_across(pooled, committed_world):
    assert _rows_across(pooled, committed_world, 1_000) == 0


def test_the_count_of_rows_across_would_show_a_leak(pooled, committed_world, monkeypatch):
    # As if the setting were made for the connection and only by those who bring a secret.
    def leaky(secret, purpose="", **_):
        if secret:
            column("select set_config('app.session', %s, false)", secret)

    monkeypatch.setattr(scope, "take_up", leaky)
    assert _rows_across(pooled, committed_world, 60) > 0
