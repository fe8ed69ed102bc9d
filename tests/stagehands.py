"""Fixtures for the rooms that play with the cast of `world.py`: `from stagehands import *` in a conftest.

The world is built once for each state of the code, in a database that is kept (`testbase.clone_kept`).
The tests of a module share one transaction on a copy of it; every test runs inside a savepoint that is
rolled back, in the operator's scope unless it takes up another. Tests that commit ask for
`committed_world` instead and stand in modules of their own. Imports stand inside: Django is set up only
after a conftest has been read.
"""

import contextlib
import copy
import dataclasses
from collections.abc import Iterator

import pytest

__all__ = ["browser_of", "committed_world", "kept_world", "own_connection", "shared_world", "world"]


@contextlib.contextmanager
def _rolled_back() -> Iterator[None]:
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextlib.contextmanager
def on_stage(kept, cluster, database_name, blocker):
    """Let Django's connections mean a database that is kept; yield its world, in one transaction."""
    import testbase
    import world as play

    name, world = kept
    with blocker.unblock():
        testbase.point_django_at(cluster, name)
        with _rolled_back():
            play.wake()
            yield copy.deepcopy(world)
        testbase.point_django_at(cluster, database_name)


@pytest.fixture(scope="module")
def shared_world(cast, cluster, database_name, django_db_blocker):
    with on_stage(cast, cluster, database_name, django_db_blocker) as world:
        yield world


@pytest.fixture
def world(shared_world):
    from groundswell.access import scope

    with _rolled_back(), scope.operator("a test"):
        # A test may add to the cast; the next one finds it as it was.
        cast = {one.name: dict(getattr(shared_world, one.name)) for one in dataclasses.fields(shared_world)}
        yield dataclasses.replace(shared_world, **cast)


@pytest.fixture
def kept_world(cluster, database_name, django_db_setup, django_db_blocker):
    import testbase
    import world as play

    with django_db_blocker.unblock():
        return testbase.clone_kept(cluster, database_name, "cast", play.build)


@pytest.fixture
def committed_world(kept_world, transactional_db):
    import world as play

    play.wake()
    return kept_world


@pytest.fixture
def own_connection(cluster, database_name):
    """Return a function that opens a connection of its own, as gs_app or another role."""
    import psycopg

    opened = []

    def connect(role: str = "gs_app", **more):
        connection = psycopg.connect(**cluster.parameters(role, database_name), **more)
        opened.append(connection)
        return connection

    yield connect
    for connection in opened:
        connection.close()


@pytest.fixture
def browser_of(world):
    """Return a function from one of the cast to a browser in which she is signed in."""
    from django.test import Client

    def of(who):
        client = Client(headers={"accept-language": "en"})
        client.force_login(world.account[who])
        return client

    return of
