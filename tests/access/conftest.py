"""The small world as a fixture: in one transaction that is rolled back, or committed for many connections."""

import pytest
from small_world import World, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def committed_world(transactional_db) -> World:
    return make_world()


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
