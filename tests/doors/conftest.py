"""The cast on stage, the same among canaries and furniture, and the table of rights beside it."""

import sys
from pathlib import Path

import pytest

import stagehands
import testbase
from stagehands import *  # noqa: F403 - fixtures

sys.path.insert(0, str(Path(__file__).parent.parent / "access"))  # test_rights holds the table by hand


@pytest.fixture(scope="session")
def kept_aviary(cluster, database_name, django_db_setup, django_db_blocker):
    import aviary

    yield from testbase.kept_copy(cluster, database_name, "aviary", aviary.built, django_db_blocker)


@pytest.fixture(scope="module")
def furnished(kept_aviary, cluster, database_name, django_db_blocker):
    """The world among canaries and furniture; the tests of a module share one transaction."""
    with stagehands.on_stage(kept_aviary, cluster, database_name, django_db_blocker) as world:
        yield world
