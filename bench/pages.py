"""What a page costs over HTTP, from two web processes as an installation runs them, beside a bare floor."""

import contextlib
import datetime as dt
import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import organisation as build

TIMES = 60
WORKERS = 2
SEARCHER = "secretary.s0@bench.example.org"


class Browser:
    """One connection that keeps its cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Return status and body of one request."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request("POST" if form is not None else "GET", path, body, headers)
        answer = self.connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.strip().partition("=")
            self.cookies[name] = value.partition(";")[0]
        return answer.status, answer.read()

    def sign_in(self, email: str, password: str) -> None:
        """Sign in by password."""
        _, page = self.ask("/accounts/login/")
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        form = {
            "email": email,
            "password": password,
            "csrfmiddlewaretoken": token[1].decode() if token else "",
        }
        status, _ = self.ask("/accounts/login/", form)
        if status != 302:
            raise ConnectionError(f"The sign-in answered {status}.")

    def median(self, path: str, times: int = TIMES) -> tuple[float, float]:
        """Return the median and the 95th percentile in milliseconds; anything but 200 is an error."""
        taken = []
        for _ in range(times + 5):
            began = time.perf_counter()
            status, _ = self.ask(path)
            taken.append((time.perf_counter() - began) * 1000)
            if status != 200:
                raise ConnectionError(f"{path} answered {status}.")
        return statistics.median(taken[5:]), statistics.quantiles(taken[5:], n=20)[18]


def of_large(made: build.Organisation, email: str, since: dt.date, as_of: dt.date) -> list[str]:
    """Return the rows of the large organisation: its report and its people over HTTP, and the memory."""
    path = f"/report/?as_of={as_of}&since={since}&structure=then"
    with serving(made.home) as (port, parent):
        browser = Browser(port)
        browser.sign_in(email, build.PASSWORD)
        median, high = browser.median(path, 20)
        before = memory(parent)
        browser.median(path, 100)
        after = memory(parent)
        searched = _searched(port)
    return [
        f"the report's page over HTTP, 60 months | {median:.0f} ms (p95 {high:.0f}) | ",
        (
            "memory (PSS) of two web processes, after 25 and after 130 such pages"
            f" | {before:.0f} and {after:.0f} MiB | "
        ),
        *searched,
    ]


def _searched(port: int) -> list[str]:
    """Return the rows on the list of people of a section's secretary: as it stands, and asked for names."""
    browser = Browser(port)
    browser.sign_in(SEARCHER, build.PASSWORD)
    listed, _ = browser.median("/people/", 40)
    rows = [f"a section's list of people over HTTP | {listed:.0f} ms | "]
    for what, names in (("a name", _names(slip=False)), ("a misspelt name", _names(slip=True))):
        taken = []
        for name in names:
            began = time.perf_counter()
            status, _ = browser.ask(f"/people/?{urlencode({'q': name})}")
            taken.append((time.perf_counter() - began) * 1000)
            if status != 200:
                raise ConnectionError(f"{name} answered {status}.")
        high = statistics.quantiles(taken[5:], n=20)[18]
        rows.append(f"the same asked for {what} | {statistics.median(taken[5:]):.0f} ms (p95 {high:.0f}) | ")
    return rows


def _names(*, slip: bool) -> list[str]:
    """Return names of people of the section, each once; with one letter left out where there is a slip."""
    from groundswell.access import scope
    from groundswell.people.models import Person

    with scope.operator("bench"):
        named = list(
            Person.objects.filter(unit__section__code="S0").order_by("pk").values_list("name", flat=True)[:65]
        )
    return [name[:3] + name[4:] if slip else name for name in named]


def run() -> str:
    """Return the Markdown section on the list of units."""
    own = subprocess.run([sys.executable, __file__], check=True, capture_output=True, text=True)
    return own.stdout


def lists() -> str:
    """Measure a list of 50 units beside the same page of a bare Django."""
    with build.organisation(2_000, (4, 1, 41)) as made:
        email = secretary()
        with serving(made.home) as (port, _parent):
            browser = Browser(port)
            browser.sign_in(email, build.PASSWORD)
            ours, high = browser.median("/units/")
        queries = _queries(email)
        with bare(made) as port:
            floor, _ = Browser(port).median("/bare/")
    return (
        "## A list of 50 units over HTTP\n\n"
        "| page | p50 | p95 | queries | floor: the same rows and template in a bare Django |\n"
        "|---|---|---|---|---|\n"
        f"| /units/ | {ours:.1f} ms | {high:.1f} ms | {queries} | {floor:.1f} ms: {ours / floor:.2f}× |\n"
    )


def _queries(email: str) -> int:
    """Return how many statements the list asks of the database."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from groundswell.access import scope

    client = Client(headers={"host": "localhost"})
    client.post("/accounts/login/", {"email": email, "password": build.PASSWORD})
    client.get("/units/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/units/")
    with scope.nobody():
        return len([one for one in captured if "SAVEPOINT" not in one["sql"]])


def secretary(code: str = "INT") -> str:
    """Make a secretary of a unit who signs in by password; return her e-mail."""
    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.accounts import actions as accounts
    from groundswell.kernel import clock
    from groundswell.people import actions as people
    from groundswell.structure.models import Unit

    email = f"secretary.{code.lower()}@bench.example.org"
    with scope.operator("bench"):
        unit = Unit.objects.get(code=code)
        person = people.add_person(unit, name="Bench Secretary", actor=OPERATOR, at=clock.now())
        accounts.create_account(person, email=email, password=build.PASSWORD, actor=OPERATOR)
        accounts.demand_factors((), actor=OPERATOR)  # the bench signs in by password alone
        accounts.give_mandate(
            person,
            unit=unit,
            office="secretary",
            day=dt.date(2020, 1, 1),
            actor=OPERATOR,
            at=clock.now(),
        )
    return email


@contextlib.contextmanager
def serving(home: Path) -> Iterator[tuple[int, int]]:
    """Run `groundswell serve` on a home; yield its port and process number."""
    port = _free_port()
    environment = {**os.environ, "GROUNDSWELL_HOME": str(home), "PORT": str(port)}
    command = [sys.executable, "-m", "groundswell.cli", "serve"]
    with subprocess.Popen(command, env=environment) as server:
        try:
            _wait(port)
            yield port, server.pid
        finally:
            server.terminate()


@contextlib.contextmanager
def bare(made: build.Organisation) -> Iterator[int]:
    """Run a bare Django with the same rows and the same template; yield its port."""
    port = _free_port()
    parameters = made.running.parameters("gs_backup")
    settings = {f"BARE_{name.upper()}": str(value) for name, value in parameters.items()}
    environment = {**os.environ, **settings, "GROUNDSWELL_HOME": str(made.home)}
    here = Path(__file__).parent
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", str(WORKERS),
        "--blocking-threads", "4", "--port", str(port), "--log-level", "error", "bare:application",
    ]  # fmt: skip
    with subprocess.Popen(command, env=environment, cwd=here) as server:
        try:
            _wait(port)
            yield port
        finally:
            server.terminate()


def memory(parent: int) -> float:
    """Return the proportional memory, in MiB, of the children of a process: its web processes."""
    total = 0.0
    for task in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int((task / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                rollup = (task / "smaps_rollup").read_text()
                found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
                total += int(found[1]) / 1024 if found else 0
    return total


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


if __name__ == "__main__":
    sys.stdout.write(lists())
