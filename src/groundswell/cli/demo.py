"""`groundswell demo`: the synthetic international, from nothing to a page in a browser.

One parent makes the installation, loads the scenario, starts the web server and the worker, tends
them and the database, and ends them all. `--no-serve` stops after the loading.
"""

import argparse
import contextlib
import fcntl
import hashlib
import http.client
import json
import os
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from groundswell.cli import streams
from groundswell.cli.joined import Joined, joined, pending, refusals, require_demo_kept_here, require_keys
from groundswell.cli.loading import ACCOUNTS, load_scenario, require_scenario
from groundswell.cli.migrate import migrate
from groundswell.ground import cluster, environment, files, keys, lastout, processes
from groundswell.ground.environment import Environment
from groundswell.ground.errors import ProcessProblem
from groundswell.ground.language import gettext as _

_LOADED: Final = "demo.loaded"
_PORT_SECONDS: Final = 10.0
_READY_SECONDS: Final = 60.0
_COLUMNS: Final = 80


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--no-serve", action="store_true", help=_("make and load everything, then stop"))


def run(options: argparse.Namespace) -> int:
    """Run the demo until Ctrl-C or SIGTERM."""
    os.environ["GROUNDSWELL_DEMO"] = "1"
    with refusals():
        settings = environment.load()
        require_demo_kept_here(settings)
        files.private_directory(settings.home)
    with refusals(), processes.ending_on_signals():
        if options.no_serve:
            _prepare(settings)
            streams.answer(_("The demo is loaded in %(home)s.") % {"home": settings.home} + "\n")
        else:
            with contextlib.suppress(processes.Ending), _alone(settings):
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
            where = file.read().strip() or _("another address")
            raise ProcessProblem(
                _(
                    "A demo of %(home)s already runs at %(where)s: use that one, stop it with Ctrl-C, or "
                    "give this one a GROUNDSWELL_HOME and a PORT of its own."
                )
                % {"home": settings.home, "where": where}
            ) from None
        file.truncate(0)
        file.write(settings.address)
        file.flush()
        yield


def _run(settings: Environment) -> None:
    # A killed parent's web server notices within a moment and lets the port go.
    if not processes.wait_for_port(settings.host, settings.port, _leftover_seconds(settings)):
        raise ProcessProblem(
            _("Port %(port)s is taken by another program: run `make demo PORT=%(other)s`.")
            % {"port": settings.port, "other": settings.port + 1}
        )
    if _loaded_by_this_release(settings):
        # Nothing to make: without Django the parent is up at once and stays small.
        ring = keys.load_or_make(settings)
        with cluster.cluster(settings, make=False, keep=True) as running:
            require_keys(running, ring)
            _tend(settings)
    else:
        require_scenario()
        with lastout.stopping_behind(settings), joined(make=True, keep=True) as installation:
            _load(installation)
            _tend(settings)


def _tend(settings: Environment) -> None:
    marker = settings.home / "demo.running"
    family = processes.Family({**os.environ, "GROUNDSWELL_DEMO": "1"})
    try:
        marker.touch()
        family.start(_("web server"), ["serve"])
        family.start(_("worker"), ["worker"])
        _wait_ready(settings, family)
        _print_sign_ins(settings)
        family.tend()
    finally:
        family.end()
        marker.unlink(missing_ok=True)


def _prepare(settings: Environment) -> None:
    require_scenario()
    with lastout.stopping_behind(settings), joined(make=True) as installation:
        _load(installation)


def _load(installation: Joined) -> None:
    """Migrate, and load the scenario when it has not been loaded; Django is set up."""
    from django.db import connections

    if pending():
        streams.say(_("Making the tables …"))
    migrate(installation.cluster)  # also where none is due: a restore that was killed has made no operator
    with cluster.tables_to_itself(installation.cluster):  # who loads beside finds it loaded
        load_scenario(installation.environment)
    connections.close_all()
    (installation.environment.home / _LOADED).write_text(_release())


def _loaded_by_this_release(settings: Environment) -> bool:
    """Whether this very code has migrated and loaded this home already."""
    try:
        loaded_by = (settings.home / _LOADED).read_text()
    except FileNotFoundError:
        return False
    return loaded_by == _release() and (settings.home / ACCOUNTS).exists()


def _release() -> str:
    """Return a digest of the files that decide what migrating and loading do."""
    package = Path(__file__).resolve().parent.parent
    files_of_it = sorted([*package.glob("*/migrations/*.py"), *package.glob("exchange/scenario/**/*.*")])
    stats = [(path, path.stat()) for path in files_of_it]
    text = "".join(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n" for path, stat in stats)
    return hashlib.sha256(text.encode()).hexdigest()


def _leftover_seconds(settings: Environment) -> float:
    """Return how long to wait for the port: a demo that was not ended in order may still be ending."""
    return _PORT_SECONDS if (settings.home / "demo.running").exists() else 0.0


def _wait_ready(settings: Environment, family: processes.Family) -> None:
    """Wait until `/healthz` says that everything works."""
    end = time.monotonic() + _READY_SECONDS
    answer = _("no answer")
    while time.monotonic() < end:
        family.check()
        with contextlib.suppress(OSError, http.client.HTTPException):
            status, answer = _ask_health(settings)
            if status == http.HTTPStatus.OK:
                return
        time.sleep(0.1)
    raise ProcessProblem(_("The demo does not become ready: %(answer)s.") % {"answer": answer.strip()})


def _ask_health(settings: Environment) -> tuple[int, str]:
    connection = http.client.HTTPConnection(settings.host, settings.port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"localhost:{settings.port}"})
        response = connection.getresponse()
        return response.status, response.read().decode(errors="replace")
    finally:
        connection.close()


def _print_sign_ins(settings: Environment) -> None:
    """Print the address and the sign-ins, each whole on its line: cut off, it signs nobody in."""
    accounts = settings.home / ACCOUNTS
    listed = json.loads(accounts.read_text())
    lines = [
        _("Groundswell runs at %(address)s  (Ctrl-C ends it)") % {"address": settings.address},
        "",
        _("Sign in as:"),
        "",
    ]
    width = max(len(account["email"]) for account in listed)
    for account in listed:
        lines.append(f"  {account['email']:<{width}}  {account['password']}")
        if account["totp_secret"]:
            lines.append("    " + _("its second factor: %(secret)s") % {"secret": account["totp_secret"]})
    lines += [
        "",
        *textwrap.wrap(
            _(
                "Each e-mail names the office and the unit. One office shows how a second factor is: "
                "type its secret into an authenticator app on your phone."
            ),
            _COLUMNS,
        ),
        _("The same in %(path)s. All persons are synthetic.") % {"path": accounts},
    ]
    streams.answer("\n" + "\n".join(lines) + "\n")
