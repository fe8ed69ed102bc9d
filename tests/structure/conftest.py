"""The cast on stage, and who of them is signed in."""

import pytest
from django.test import Client

from stagehands import *  # noqa: F403 - fixtures


@pytest.fixture
def browser_of(world):
    """Return a function from one of the cast to a browser in which she is signed in."""

    def of(who):
        client = Client(headers={"accept-language": "en"})
        client.force_login(world.account[who])
        return client

    return of
