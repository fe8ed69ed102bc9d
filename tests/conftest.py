"""What every test may ask for. How to use the database:

- `def test_…(db)` or `@pytest.mark.django_db`: the test runs inside one transaction, as the role
  `gs_app` (row security binds it), and everything is rolled back. This is the rule.
- `transactional_db`, `live_server` or `@pytest.mark.django_db(transaction=True)`: real commits, more
  than one connection; the next test with a database gets a fresh clone of the template (about 0.1 s).
- `connections["owner"]` is the role `gs_owner`; ask for it with
  `@pytest.mark.django_db(databases=["default", "owner"])`. FORCE binds the owner too.
- `cluster`: the running server, for connections of your own:
  `psycopg.connect(**cluster.parameters("gs_app", database_name))`.

The database starts with what the migrations put there, and with no scope: a fresh connection sees
no row of any table with a unit or a person. `SET LOCAL` outlives a savepoint that is released, so
inside the one transaction of a test a scope that was set stays: set it at both ends of what stands
for a request, also to empty.

The server is a throw-away of its own (never the demo's), kept between runs, so that only changed
migrations cost time. With GROUNDSWELL_TEST_SUPERUSER_URL set, an installed PostgreSQL is used.
Tests that ask for no database do not start one.
"""

import gc
import os
import sys
from collections.abc import Iterator

import pytest
from django.utils import translation

import testbase

sys.path.insert(0, str(testbase.CHECKOUT))  # for `bench`, whose drills run here as samples
testbase.point_the_environment_here()
os.environ["DJANGO_SETTINGS_MODULE"] = "groundswell.site.settings"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make drills` ask for the rows of what it runs."""
    parser.addoption(
        "--figures", action="store_true", help="write what the drills told into bench/RESULTS.md"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Set Django up on the tests' home, with what would only cost time made cheap."""
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        return  # it hands the modules out to others and runs none itself
    if config.getoption("figures"):
        import drillbook

        config.pluginmanager.register(drillbook.Drillbook())
    import django
    import hypothesis
    from django.conf import settings

    # No test fails by the clock: a busy machine takes longer for the same.
    hypothesis.settings.register_profile("house", deadline=None)
    hypothesis.settings.load_profile("house")

    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["quickhash.QuickArgon2"]
    # Every test's client would list all static files anew, 18 ms; so each is looked for when asked.
    settings.WHITENOISE_AUTOREFRESH = True
    django.setup()


# A module goes to one process whole: the longest begin first, so that none is left over at the end.
LONGEST = (
    "journeys/test_every_page.py",
    "journeys/test_first_run.py",
    "ground/test_demo.py",
    "cli/test_found_command.py",
    "doors/test_matrix.py",
    "ground/test_cluster.py",
    "reports/test_figures_machine.py",
    "exchange/test_load.py",
    "structure/test_deed_pages.py",
    "doors/test_every_form.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest modules first; every other keeps its place (`--no-loadscope-reorder`)."""
    rank = {testbase.CHECKOUT / "tests" / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path, len(LONGEST)))


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what stays: modules, tests, Django (a twentieth of the time)."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Spare pytest five walks over all that was made: seven seconds of the processor, for nothing found."""
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let the database be as the template again after a test that wrote to it, and the language English.

    `kept_world` makes the database another's copy itself; a request leaves its language to what comes next.
    """
    translation.deactivate()
    names = item.fixturenames  # type: ignore[attr-defined] # of a function
    asks = "database_name" in names or item.get_closest_marker("django_db") is not None
    if asks and "kept_world" not in names:
        testbase.freshen()


@pytest.fixture(scope="session", autouse=True)
def plain_rendering(django_test_environment) -> None:
    """Render as a server does: Django's tests keep a copy of every context, a twentieth of the time."""
    from django.template.base import Template
    from django.test.utils import _TestState

    Template._render = _TestState.saved_data.template_render


@pytest.fixture(scope="session")
def cluster() -> Iterator[testbase.cluster.Cluster]:
    """Return the throw-away server, started or joined."""
    with testbase.server() as running:
        yield running


@pytest.fixture(scope="session")
def database_name(cluster, django_db_blocker) -> Iterator[str]:
    """Return the name of this process's clone of the migrated template."""
    name = testbase.clone_name()
    with django_db_blocker.unblock():
        testbase.clone(cluster, name)
    yield name
    testbase.drop(cluster, name)


@pytest.fixture(scope="session")
def django_db_setup(cluster, database_name, django_test_environment, django_db_blocker) -> Iterator[None]:
    """Take the place of pytest-django's set-up: our clone instead of a database of Django's making."""
    from django.db import connections
    from django.test import TransactionTestCase

    def left_written(_: TransactionTestCase) -> None:
        # Django would TRUNCATE, which gs_app may not, and would lose what the migrations put there.
        connections.close_all()
        testbase.leave(cluster, database_name, written=True)

    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        testbase.point_django_at(cluster, database_name)
        patch.setattr(TransactionTestCase, "_fixture_teardown", left_written)
        yield
        connections.close_all()


@pytest.fixture(scope="session")
def cast(cluster, database_name, django_db_setup, django_db_blocker) -> Iterator[tuple[str, object]]:
    """Return the name of a database of this process with the cast of `world.py` in it, and their world."""
    import world as play

    yield from testbase.kept_copy(cluster, database_name, "cast", play.build, django_db_blocker)
