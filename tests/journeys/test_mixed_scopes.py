"""Many people of different reach ask at once; each gets what she gets alone, and nobody else's rows."""

import re
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from random import Random
from urllib.request import Request, urlopen

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from groundswell.access import scope
from groundswell.accounts.models import Account

AT_ONCE = 24
ADDRESSES = (
    "/people/",
    "/people/?status=former",
    "/people/?q=ma",
    "/people/?q=maira",
    "/units/",
    "/trail/",
    "/",
)
# What differs from one answer to the next although nothing changed.
FRESH = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


@dataclass(frozen=True)
class Asking:
    """Somebody's secret, and the address she asks."""

    who: str
    secret: str
    address: str


def secrets_of(site) -> dict[str, str]:
    """Sign in every account of the demo, as Django does; return the secrets of their sessions."""
    secrets = {}
    with scope.operator("the crowd"):
        for (office, unit), account in site.sign_ins.items():
            client = Client()
            client.force_login(Account.objects.get(email=account.email.casefold()))
            secrets[f"{office} of {unit}"] = client.cookies[settings.SESSION_COOKIE_NAME].value
    connections.close_all()  # those of this thread
    return secrets


def answer(site, asking: Asking) -> tuple[int, str]:
    cookie = f"{settings.SESSION_COOKIE_NAME}={asking.secret}" if asking.secret else ""
    request = Request(site.address + asking.address, headers={"Cookie": cookie, "Accept-Language": "en"})  # noqa: S310 - our own server
    try:
        with urlopen(request) as response:  # noqa: S310 - the same
            return response.status, FRESH.sub("", response.read().decode())
    except OSError as problem:
        return getattr(problem, "code", 0), ""


def crowd(
    site, count: int, *, most: int
) -> tuple[list[Asking], list[tuple[int, str]], dict[Asking, tuple[int, str]]]:
    """Return who asked what, what each got in the crowd, and what each gets alone: `most` people ask."""
    # A thread of its own: the browser's loop runs in this one, and there Django asks no database.
    with ThreadPoolExecutor(1) as pool:
        signed_in = pool.submit(secrets_of, site).result()
    secrets = {"nobody": "", **dict(islice(signed_in.items(), most))}
    everything = [Asking(who, secret, address) for who, secret in secrets.items() for address in ADDRESSES]
    alone = {asking: answer(site, asking) for asking in everything}
    asked = Random(7).choices(everything, k=count)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        got = list(pool.map(lambda asking: answer(site, asking), asked))
    return asked, got, alone


def judge(asked: Sequence[Asking], got, alone) -> None:
    wrong = Counter(
        (asking.who, asking.address, body[0])
        for asking, body in zip(asked, got, strict=True)
        if body != alone[asking]
    )
    assert not wrong
    people = {
        alone[asking][1] for asking in alone if asking.address == "/people/" and alone[asking][0] == 200
    }
    assert len(people) > 2  # they do not all see the same


@pytest.mark.journey
def test_a_crowd_of_mixed_reach_gets_what_each_gets_alone(site):
    judge(*crowd(site, 60, most=5))


@pytest.mark.drill
def test_a_thousand_at_once_of_mixed_reach_get_what_each_gets_alone(site):
    judge(*crowd(site, 1_000, most=100))
