"""The cast on stage, with Dana as the data protection officer of the tramworkers, and browsers of them."""

import re

import pytest

from stagehands import *  # noqa: F403 - fixtures


@pytest.fixture
def officers(world):
    """Let Dana be the data protection officer of the tramworkers."""
    from groundswell.access.actor import OPERATOR
    from groundswell.accounts import actions as accounts
    from stage import NOW
    from world import day

    give = {"unit": world.unit["TRAM"], "office": "dpo", "day": day("1 January 2020")}
    accounts.give_mandate(world.person["dana"], actor=OPERATOR, at=NOW, **give)
    world.account["dana"] = accounts.create_account(
        world.person["dana"], email="dana@example.org", actor=OPERATOR
    )
    return world


@pytest.fixture
def browsers(officers):
    """Return a function: first name -> a client that is signed in."""
    from django.test import Client

    def of(who):
        client = Client(headers={"accept-language": "en"})
        client.force_login(officers.account[who])
        return client

    return of


@pytest.fixture
def read():
    """Return a function: an answer -> the words of its page."""

    def text_of(answer):
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))

    return text_of
