"""The tests' world with no scope taken up, and browsers of its people.

A module's tests share one transaction; each runs inside a savepoint of its own, which is rolled back.
"""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from stagehands import shared_world

__all__ = ["shared_world"]


@contextlib.contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session", autouse=True)
def what_set_up_makes() -> None:
    from groundswell.web import catalogues

    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    catalogues.compile_all()


@pytest.fixture
def world(shared_world):
    with rolled_back():
        yield shared_world


@pytest.fixture
def browser_of(world) -> Callable[[str], Client]:
    """Return a function: first name -> a client that is signed in; '' -> one that is not."""

    def of(who: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        if who:
            client.force_login(world.account[who])
        return client

    return of
