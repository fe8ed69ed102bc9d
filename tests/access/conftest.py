"""The small world as a fixture: in one transaction that is rolled back, or committed for many connections."""

from collections.abc import Iterator

import pytest
from small_world import World, make_world

import testbase


@pytest.fixture
def kept_world(cluster, database_name, django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock():
        yield testbase.clone_kept(cluster, database_name, "small", make_world, anew=False)
        testbase.leave(cluster, database_name, written=False)


@pytest.fixture
def world(kept_world, db) -> World:
    return kept_world


@pytest.fixture
def committed_world(kept_world, transactional_db) -> World:
    return kept_world


@pytest.fixture
def as_app(cluster, database_name):
    """Return a function that opens a connection of its own as gs_app: what an injection stands on."""
    import psycopg

    opened = []

    def connect(role: str = "gs_app"):
        connection = psycopg.connect(**cluster.parameters(role, database_name))
        opened.append(connection)
        return connection

    yield connect
    for connection in opened:
        connection.close()
