"""Where the pool only says that it got no connection, the database is asked itself why."""

import psycopg_pool
import pytest

from groundswell.cli.joined import _asked_why
from groundswell.ground import errors
from groundswell.ground.cluster import Cluster
from groundswell.ground.environment import Environment
from groundswell.ground.errors import ClusterProblem

NONE = psycopg_pool.PoolTimeout("couldn't get a connection after 10.00 sec")


def fail(running, fault):
    with _asked_why(running):
        raise fault


def test_a_server_that_has_ended_is_said_and_one_that_answers_changes_nothing(tmp_path, cluster):
    places = tmp_path / "postgres"
    places.mkdir()
    with pytest.raises(ClusterProblem, match="The database ended while this ran"):
        fail(Cluster(Environment(tmp_path), 180000), NONE)
    with pytest.raises(psycopg_pool.PoolTimeout):
        fail(cluster, NONE)
    with pytest.raises(ZeroDivisionError):
        fail(Cluster(Environment(tmp_path), 180000), ZeroDivisionError())


def test_only_the_pool_keeps_its_reason_to_itself():
    wrapped = RuntimeError("as Django wraps it")
    wrapped.__cause__ = NONE
    assert errors.gives_no_reason(wrapped)
    assert not errors.gives_no_reason(RuntimeError("couldn't get a connection"))
