"""Sessions: what Django does with them, and what the database keeps."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.db import connections
from small_world import ask, column

from groundswell.access import gate, scope, sessions, tasks
from groundswell.access.sessions import SessionStore


@pytest.fixture
def visitor(db) -> SessionStore:
    store = SessionStore()
    store["cart"] = "a poster"
    store.save()
    return store


def rows(as_app) -> list:
    with as_app("gs_owner") as owner:
        return owner.execute(
            "select digest, kind, data from access_session where kind in ('visitor', 'person')"
        ).fetchall()


def test_what_is_put_into_a_session_comes_back_under_its_secret(visitor):
    assert SessionStore(visitor.session_key)["cart"] == "a poster"


def test_the_database_holds_the_digest_of_the_secret_and_not_the_secret(transactional_db, as_app):
    store = SessionStore()
    store["cart"] = "a poster"
    store.save()
    ((digest, kind, data),) = rows(as_app)
    assert (digest, kind) == (gate.digest_of(store.session_key), "visitor")
    assert store.session_key not in data
    assert len(store.session_key) == 43


def test_an_unknown_secret_opens_nothing_and_is_not_taken_over(db):
    store = SessionStore("chosen-by-the-attacker-before-sign-in")
    assert dict(store.items()) == {}
    assert store.session_key is None
    store["cart"] = "x"
    store.save()
    assert store.session_key != "chosen-by-the-attacker-before-sign-in"


def test_a_visitor_who_signs_in_gets_a_new_secret_and_the_old_one_opens_nothing(world, visitor):
    old = visitor.session_key
    visitor.cycle_key()
    visitor[SESSION_KEY] = str(world.account["sofia"])
    visitor.save()
    assert visitor.session_key != old
    assert not SessionStore(old).exists(old)
    with scope.session(visitor.session_key):
        assert column("select scope_account()") == [world.account["sofia"]]


def test_a_visitors_session_has_no_scope(visitor):
    with scope.session(visitor.session_key):
        assert ask("select scope_known(), scope_account()") == [(False, None)]


def test_a_session_that_was_ended_opens_nothing_at_the_next_request(world):
    secret = world.signed_in("sofia")
    with scope.session(secret):
        assert column("select scope_known()") == [True]
    SessionStore(secret).flush()
    with scope.session(secret):
        assert column("select scope_known()") == [False]
    assert dict(SessionStore(secret).items()) == {}


def test_writing_into_a_session_that_has_ended_meanwhile_is_an_error(world):
    store = SessionStore(world.signed_in("sofia"))
    store["page"] = 1
    SessionStore(store.session_key).delete()
    with pytest.raises(UpdateError):
        store.save()


def test_all_sessions_of_an_account_end_together_and_no_others(world):
    first, second, other = world.signed_in("sofia"), world.signed_in("sofia"), world.signed_in("olga")
    with scope.session(first):
        assert sessions.end_all_of(world.account["sofia"]) == 2
    assert [SessionStore(secret).exists(secret) for secret in (first, second, other)] == [False, False, True]


def test_data_that_names_another_account_than_the_session_is_not_used(world):
    secret = world.signed_in("olga")
    forged = SessionStore().encode({SESSION_KEY: str(world.account["sofia"])})
    assert gate.ask("select session_write(%s, %s)", [secret, forged]) == (True,)
    store = SessionStore(secret)
    assert SESSION_KEY not in store
    assert store.session_key is None


def test_an_expired_session_opens_nothing_and_is_swept_a_week_later(transactional_db, as_app):
    store = SessionStore()
    store["cart"] = "x"
    store.save()
    with as_app("gs_owner") as owner:
        owner.execute(
            "update access_session set expires_at = now() - interval '1 second' where kind = 'visitor'"
        )
    assert dict(SessionStore(store.session_key).items()) == {}
    SessionStore.clear_expired()
    assert len(rows(as_app)) == 1
    with as_app("gs_owner") as owner:
        owner.execute(
            "update access_session set expires_at = now() - interval '8 days' where kind = 'visitor'"
        )
    tasks.sweep_sessions.func(0)
    assert rows(as_app) == []


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_new_key_ring_ends_the_old_operator_and_opens_the_new(settings):
    from groundswell.ground import keys

    old = gate.secret_of("operator")
    with scope.session(old):
        assert column("select scope_all()") == [True]
    settings.KEYS = keys._new()
    gate.install(connections["owner"])
    with scope.session(old):
        assert column("select scope_all()") == [False]
    with scope.operator():
        assert column("select scope_all()") == [True]
