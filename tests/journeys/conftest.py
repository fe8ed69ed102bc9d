"""The demo's scenario behind a real server, and a real browser in front of it.

The scenario is loaded once for each state of the code and copied into this process's clone. Journeys
only read, sign in and sign out; one that changes something asks for `changed`: those
after it get the demo as it was loaded.
"""

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from codes import give_code
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

import chromium
import testbase

QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
AXE = Path(__file__).parent.parent / "data/axe.min.js"
RECORD = """addEventListener("securitypolicyviolation", (event) =>
  (window.violations ||= []).push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));"""
REAL_FILES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Silent(WSGIRequestHandler):
    def log_message(self, *words: Any) -> None:
        """Say nothing: the tests speak."""


@dataclass(frozen=True)
class Site:
    """Where the demo is served, and the sign-ins by (office, unit)."""

    address: str
    sign_ins: dict[tuple[str, str], Any]


@dataclass
class Visit:
    """A browser's window with all that it did wrong."""

    page: Page
    site: Site
    wrong: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        answer = self.page.goto(self.site.address + path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        return self.page

    def sign_in(self, office: str, unit: str) -> Page:
        account = self.site.sign_ins[office, unit]
        self.go("/accounts/login/")
        self.page.get_by_label("E-mail").fill(account.email)
        self.page.get_by_label("Password").fill(account.password)
        self.page.locator("main").get_by_role("button", name="Sign in").click()
        give_code(self.page, account.totp_secret)
        return self.page

    def check(self, *, refused: Collection[int] = ()) -> None:
        """Fail on a foreign request, a message of an error, or a broken policy.

        `refused` are the statuses with which pages refused what the journey asked on purpose.
        """
        self.wrong += self.page.evaluate("window.violations || []")
        said = [f"Failed to load resource: the server responded with a status of {one} " for one in refused]
        assert [one for one in self.wrong if not one.startswith(tuple(said))] == []


@pytest.fixture(scope="session")
def site(cluster, database_name, django_db_setup, django_db_blocker) -> Iterator[Site]:
    from groundswell.exchange.scenario.load import SignIn
    from groundswell.web import assets, catalogues

    catalogues.compile_all()
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        stack.enter_context(
            override_settings(STORAGES=REAL_FILES, DEMO=True, SIMULATED_AFTER=dt.date(2024, 1, 31))
        )
        assets.collect()
        handed = [SignIn(**one) for one in testbase.clone_kept(cluster, database_name, "loaded", _load)]
        server = make_server("127.0.0.1", 0, WSGIHandler(), Server, Silent)
        Thread(target=server.serve_forever, daemon=True).start()
        sign_ins = {(one.office, one.unit): one for one in handed}
        yield Site(f"http://127.0.0.1:{server.server_port}", sign_ins)
        server.shutdown()
        server.server_close()
        from django.db import connections

        connections.close_all()
        testbase.clone(cluster, database_name)


def _load() -> list[dict[str, str]]:
    from groundswell.exchange.scenario.load import load

    handed: list[Any] = []
    load(lambda *_: None, hand_out=handed.extend)
    fields = ("office", "unit", "email", "password", "totp_secret")
    return [{name: getattr(one, name) for name in fields} for one in handed]


def apart(work: Callable[[], Any]) -> Any:
    """Do something with the database in a thread of its own: the browser's loop runs in the tests' one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


@pytest.fixture(scope="module")
def changed(site, cluster, database_name) -> Iterator[None]:
    """Let the journeys of a file change what they like: afterwards the demo is there as it was loaded."""
    yield
    apart(partial(testbase.clone_kept, cluster, database_name, "loaded", _load))


@pytest.fixture(scope="session")
def work(site) -> Callable[[], None]:
    """Return a function that does the jobs on lists that pages have asked for, as the worker does them."""

    def due() -> None:
        from django.db import connections
        from procrastinate.contrib.django import app

        with app.replace_connector(app.connector.get_worker_connector()):
            app.run_worker(
                queues=["lists"],
                wait=False,
                concurrency=1,
                delete_jobs="successful",
                install_signal_handlers=False,
            )
        connections.close_all()

    return lambda: apart(due)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    assert path, "The journeys need Chromium: `python tests/chromium.py` says how to get it."
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, args=[*QUIET, *chromium.launch_arguments()]
        )
        yield started
        started.close()


@pytest.fixture
def visit(site, browser) -> Iterator[Callable[..., Visit]]:
    """Return a function that opens a window: width, height, scheme, language, script or none."""
    contexts: list[BrowserContext] = []

    def open_window(width: int = 1360, height: int = 900, **options: Any) -> Visit:
        options = {"locale": "en-GB", "color_scheme": "light"} | options
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        opened = Visit(context.new_page(), site)
        opened.page.add_init_script(RECORD)
        opened.page.on("pageerror", lambda error: opened.wrong.append(str(error)))
        opened.page.on(
            "console", lambda said: opened.wrong.append(said.text) if said.type == "error" else None
        )
        opened.page.on("request", lambda request: _judge(opened, request.url))
        return opened

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def phone(visit) -> Callable[..., Visit]:
    """Return a function that opens a window of a phone."""
    return partial(visit, 390, 844, has_touch=True, is_mobile=True)


def _judge(opened: Visit, url: str) -> None:
    if urlsplit(url).netloc != urlsplit(opened.site.address).netloc:
        opened.wrong.append(f"a request to {url}")


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """Return a function: the violations of WCAG 2.2 A and AA that axe-core finds on a page."""
    script = AXE.read_text(encoding="utf-8")
    rules = json.dumps(
        {
            "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
            "resultTypes": ["violations"],
        }
    )

    def run(page: Page) -> list[str]:
        if not page.evaluate("window.axe !== undefined"):
            page.evaluate(script)
        found = page.evaluate(f"axe.run({rules})")["violations"]
        return [
            f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
            for one in found
        ]

    return run
