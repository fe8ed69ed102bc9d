"""The loaded scenario, once for all modules of the room that ask for it (about 6 s).

Imports stand inside: Django is set up only after this file has been read.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

import testbase

if TYPE_CHECKING:
    from groundswell.exchange.scenario.load import SignIn


def load_however_long() -> "tuple[SignIn, ...]":
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
            return handed[0]
    pytest.fail("the server never settled")


@pytest.fixture(scope="package")
def loaded(
    django_db_setup: None, django_db_blocker: Any, cluster: Any, database_name: str
) -> "Iterator[tuple[SignIn, ...]]":
    from django.db import connections

    with django_db_blocker.unblock():
        yield load_however_long()
        connections.close_all()
        testbase.clone(cluster, database_name)
