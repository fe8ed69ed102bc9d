"""Many people of different reach ask at once; each gets what she gets alone, and nobody else's rows."""

import re
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookiejar import CookieJar
from itertools import islice
from random import Random
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import pytest
from codes import code_of
from django.conf import settings
from django.db import connections
from django.test import Client
from shots import demo

from groundswell.access import scope
from groundswell.accounts.models import Account

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


def signed_in_at(address: str, account: dict[str, str]) -> str:
    """Sign in as a browser does, with a second factor where one is demanded; return the session's secret."""
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))

    def step(path: str, **form: str) -> str:
        page = browser.open(address + path).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', page)[1]
        headers = {"Referer": address + path}
        body = urlencode({"csrfmiddlewaretoken": token, **form}).encode()
        return browser.open(Request(address + path, body, headers)).geturl()  # noqa: S310 - our own server

    there = step("/accounts/login/", email=account["email"], password=account["password"])
    if account["totp_secret"]:
        there = step(there.removeprefix(address), code=code_of(account["totp_secret"]))
    assert "/accounts/" not in there
    (secret,) = (one.value for one in jar if one.name == settings.SESSION_COOKIE_NAME)
    return secret


def answer(address: str, asking: Asking) -> tuple[int, str]:
    cookie = f"{settings.SESSION_COOKIE_NAME}={asking.secret}" if asking.secret else ""
    request = Request(address + asking.address, headers={"Cookie": cookie, "Accept-Language": "en"})  # noqa: S310 - our own server
    try:
        with urlopen(request) as response:  # noqa: S310 - the same
            return response.status, FRESH.sub("", response.read().decode())
    except OSError as problem:
        return getattr(problem, "code", 0), ""


def crowd(
    address: str, secrets: dict[str, str], count: int, *, at_once: int
) -> tuple[list[Asking], list[tuple[int, str]], dict[Asking, tuple[int, str]]]:
    """Return who asked what, what each got in the crowd, and what each gets alone.

    `at_once` of the requests are on their way at the same time.
    """
    everybody = {"nobody": "", **secrets}
    everything = [Asking(who, secret, path) for who, secret in everybody.items() for path in ADDRESSES]
    alone = {asking: answer(address, asking) for asking in everything}
    asked = Random(7).choices(everything, k=count)
    with ThreadPoolExecutor(at_once) as pool:
        got = list(pool.map(lambda asking: answer(address, asking), asked))
    return asked, got, alone


def judge(asked: Sequence[Asking], got, alone) -> int:
    """Return how many different lists of people they see; fail where the crowd changed an answer."""
    wrong = Counter(
        (asking.who, asking.address, body[0])
        for asking, body in zip(asked, got, strict=True)
        if body != alone[asking]
    )
    assert not wrong
    people = {
        alone[asking][1] for asking in alone if asking.address == "/people/" and alone[asking][0] == 200
    }
    assert len(people) > 1  # they do not all see the same, and who stands above names sees no list
    return len(people)


@pytest.mark.journey
def test_a_crowd_of_mixed_reach_gets_what_each_gets_alone(site):
    # A thread of its own: the browser's loop runs in this one, and there Django asks no database.
    with ThreadPoolExecutor(1) as pool:
        signed_in = pool.submit(secrets_of, site).result()
    judge(*crowd(site.address, dict(islice(signed_in.items(), 5)), 60, at_once=24))


@pytest.mark.drill
def test_a_thousand_at_once_of_mixed_reach_get_what_each_gets_alone(record_property):
    # Two web processes with their pools, as an installation has them.
    with demo() as (address, accounts):
        offices = islice(accounts.items(), 24)
        secrets = {f"{office} of {unit}": signed_in_at(address, one) for (office, unit), one in offices}
        asked, got, alone = crowd(address, secrets, 1_000, at_once=1_000)
    record_property("requests at once", len(asked))
    record_property("reaches told apart", judge(asked, got, alone))
