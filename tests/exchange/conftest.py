"""The loaded scenario for every module that asks for it: loaded once for each state of the code.

Imports stand inside: Django is set up only after this file has been read.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

import testbase
from stagehands import *  # noqa: F403 - fixtures

if TYPE_CHECKING:
    from groundswell.exchange.scenario.load import SignIn


def load_however_long() -> list[dict[str, str]]:
    """Load and return the sign-ins; other tests on this server keep transactions open for long."""
    from groundswell.exchange.scenario.load import SignIn, load
    from groundswell.kernel.errors import Refusal

    handed: list[tuple[SignIn, ...]] = []
    for _ in range(4):
        try:
            load(lambda _what, _share: None, hand_out=handed.append)
        except Refusal as refusal:
            if refusal.code != "unsettled":
                raise
        else:
            fields = ("office", "unit", "email", "password", "totp_secret")
            return [{name: getattr(one, name) for name in fields} for one in handed[0]]
    pytest.fail("the server never settled")


@pytest.fixture
def browser_of(world: Any) -> Any:
    """Return a function: one of the cast -> her browser."""
    from test_import_pages import Browser

    def of(who: str) -> Browser:
        client = Browser(headers={"accept-language": "en"})
        client.force_login(world.account[who])
        client.world, client.who = world, who
        return client

    return of


@pytest.fixture
def work(world: Any) -> Any:
    """Return a function: the worker does what the pages have asked of it."""
    from groundswell.exchange import tasks

    def worked(batch: Any) -> Any:
        batch.refresh_from_db()
        (tasks.take_back if batch.state == "undoing" else tasks.take_in)(batch=batch.pk)
        batch.refresh_from_db()
        return batch

    return worked


@pytest.fixture
def bring(world: Any, tmp_path: Any) -> Any:
    """Return a function: rows -> a staged list of the operator's."""
    import files

    from groundswell.access.actor import OPERATOR
    from groundswell.exchange import actions
    from stage import NOW

    def brought(*rows: Any, header: Any, unit: str = "DEPOT", **wanted: Any) -> Any:
        path = files.written(tmp_path, files.text(rows=rows, header=header, separator="|"))
        said = {"wanted": actions.Wanted(**wanted), "actor": OPERATOR, "at": NOW}
        return actions.stage(path, name="l", unit=world.unit[unit], **said)

    return brought


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: Any, cluster: Any, database_name: str
) -> "Iterator[tuple[SignIn, ...]]":
    from django.db import connections

    from groundswell.exchange.scenario.load import SignIn

    with django_db_blocker.unblock():
        sign_ins = testbase.clone_kept(cluster, database_name, "loaded", load_however_long)
        yield tuple(SignIn(**one) for one in sign_ins)
        connections.close_all()
        testbase.clone(cluster, database_name)
