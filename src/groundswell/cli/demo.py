"""`groundswell demo`: the synthetic international, from nothing to a page in a browser.

One parent makes the installation, loads the scenario, starts the web server and the worker, tends
them and the database, and ends them all. `--no-serve` stops after the loading.
"""

import argparse
import contextlib
import datetime as dt
import fcntl
import http.client
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from groundswell.cli.errors import CommandError
from groundswell.cli.joined import joined, refusals
from groundswell.ground import environment, files, processes
from groundswell.ground.environment import Environment
from groundswell.ground.errors import ProcessProblem

TODAY: Final = dt.date(2024, 6, 15)
_PORT_SECONDS: Final = 10.0
_READY_SECONDS: Final = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--no-serve", action="store_true", help="make and load everything, then stop")


def run(options: argparse.Namespace) -> int:
    """Run the demo until Ctrl-C or SIGTERM."""
    os.environ["GROUNDSWELL_DEMO"] = "1"
    with refusals():
        settings = environment.load()
        files.private_directory(settings.home)
    with refusals(), contextlib.suppress(processes.Ending), processes.ending_on_signals():
        if options.no_serve:
            _prepare()
            sys.stdout.write(f"The demo is loaded in {settings.home}.\n")
        else:
            with _alone(settings):
                _run(settings)
    return 0


@contextlib.contextmanager
def _alone(settings: Environment) -> Iterator[None]:
    """Be the only demo of this home; say where the other one is."""
    path = settings.home / "demo.lock"
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            where = file.read().strip() or "another address"
            raise ProcessProblem(
                f"A demo of {settings.home} already runs at {where}: use that one, stop it with Ctrl-C, "
                "or give this one a GROUNDSWELL_HOME and a PORT of its own."
            ) from None
        file.truncate(0)
        file.write(settings.address)
        file.flush()
        yield


def _run(settings: Environment) -> None:
    # A killed parent's web server notices within a moment and lets the port go.
    if not processes.wait_for_port(settings.host, settings.port, _leftover_seconds(settings)):
        raise ProcessProblem(
            f"Port {settings.port} is taken by another program: run `make demo PORT={settings.port + 1}`."
        )
    marker = settings.home / "demo.running"
    with joined(make=True, keep=True):
        _load()
        family = processes.Family({**os.environ, "GROUNDSWELL_DEMO": "1"})
        try:
            marker.touch()
            family.start("web server", ["serve"])
            family.start("worker", ["worker"])
            _wait_ready(settings, family)
            _print_sign_ins(settings)
            family.tend(lambda: None)
        finally:
            family.end()
            marker.unlink(missing_ok=True)


def _prepare() -> None:
    with joined(make=True):
        _load()


def _load() -> None:
    """Migrate, and load the scenario when it has not been loaded; Django is set up."""
    from django.db import connections

    from groundswell.cli.joined import pending
    from groundswell.cli.loading import load_scenario
    from groundswell.cli.migrate import migrate

    if pending():
        migrate()
    load_scenario(TODAY)
    connections.close_all()


def _leftover_seconds(settings: Environment) -> float:
    """Return how long to wait for the port: a demo that was not ended in order may still be ending."""
    return _PORT_SECONDS if (settings.home / "demo.running").exists() else 0.0


def _wait_ready(settings: Environment, family: processes.Family) -> None:
    """Wait until `/healthz` says that everything works."""
    end = time.monotonic() + _READY_SECONDS
    answer = "no answer"
    while time.monotonic() < end:
        family.check()
        with contextlib.suppress(OSError, http.client.HTTPException):
            status, answer = _ask_health(settings)
            if status == http.HTTPStatus.OK:
                return
        time.sleep(0.1)
    raise ProcessProblem(f"The demo does not become ready: {answer.strip()}.")


def _ask_health(settings: Environment) -> tuple[int, str]:
    connection = http.client.HTTPConnection(settings.host, settings.port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"localhost:{settings.port}"})
        response = connection.getresponse()
        return response.status, response.read().decode(errors="replace")
    finally:
        connection.close()


def _print_sign_ins(settings: Environment) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    console.print(f"\nGroundswell runs at [bold]{settings.address}[/bold]  (Ctrl-C ends it)\n")
    accounts = Path(settings.home / "demo-accounts.json")
    table = Table("sign in as", "of", "e-mail", "password", box=None, header_style="dim")
    for account in json.loads(accounts.read_text()):
        table.add_row(account["office"], account["unit"], account["email"], account["password"])
    console.print(table)
    console.print(f"\nThe same in {accounts}. All persons are synthetic.", style="dim")
    sys.stdout.flush()


def require_demo(settings: Environment) -> None:
    """Refuse to touch a home that serves a real organisation."""
    if settings.public_url is not None:
        raise CommandError(
            "demo", "GROUNDSWELL_PUBLIC_URL is set: the demo does not run where people are served."
        )
