"""The embedded server of a home: who may start and stop it, and what it is told.

Many commands may use one home at the same time. `start.lock` lets one of them at a time start or
stop the server; every user holds `users.lock` shared, so the last one out finds itself alone and
stops the server. Locks die with their process: nothing has to be cleaned up after a `kill -9`.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from groundswell.ground import roles, server
from groundswell.ground.environment import Environment
from groundswell.ground.errors import ClusterProblem, DiskProblem, GroundProblem, of_exception
from groundswell.ground.files import locked, private_directory, read_json, write_private
from groundswell.ground.language import gettext as _
from groundswell.ground.language import gettext_noop
from groundswell.ground.programs import programs

_T = TypeVar("_T")
# What psycopg.connect takes; dict[str, str | int] would fit none of its keywords for the type checker.
Parameters = dict[str, Any]

_READY_SECONDS: Final = 300  # a long crash recovery is no failure
_LOOKING_SECONDS: Final = 0.5
_SAYING_SECONDS: Final = 60.0
_SOCKET_PATH_LIMIT: Final = 107
_PUT_BACK: Final = gettext_noop(
    "put back your copy of it, or restore a backup into a new home, as docs/running/backup.md says"
)
_SERVER_SETTINGS: Final = {
    "listen_addresses": "",
    "unix_socket_directories": "../run",  # relative to the data, so that no length limit is met
    "unix_socket_permissions": "0700",
    "port": str(server.PORT),
    "timezone": "UTC",
    "max_connections": "100",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",  # compiles for longer than these queries run
    "dynamic_shared_memory_type": "mmap",  # leaves nothing in /dev/shm, whose room containers limit
    "password_encryption": "scram-sha-256",
    # Members' data must not stand in a log: neither statements nor the values in a DETAIL line.
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}
# For a server that is thrown away, such as the tests': speed, no promise about a power cut.
THROW_AWAY: Final = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@dataclass(frozen=True, slots=True)
class Home:
    """The files of the embedded server in the home."""

    environment: Environment
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def places(self) -> server.Places:
        """Return where the server keeps its things."""
        return server.Places(self.environment.home / "postgres")

    @property
    def secrets(self) -> Path:
        """Return the file of the roles' passwords."""
        return self.environment.home / "database.json"

    def passwords(self) -> dict[str, str]:
        """Return the roles' passwords, and how the database was prepared; {} before it is made."""
        return read_json(self.secrets, _(_PUT_BACK))

    def nothing_there(self) -> str:
        """Say that there is no data directory, and what to do: of one in use, the disk may be missing."""
        if "prepared" in self.passwords():
            return _(
                "The database of this home is gone: %(data)s is missing. Put it back (is its disk "
                "mounted?), or restore a backup into a new home, as docs/running/backup.md says."
            ) % {"data": self.places.data}
        return _(
            "There is no database in %(home)s yet: `groundswell restore` fills it from a backup, "
            "`groundswell found` makes your own."
        ) % {"home": self.environment.home}

    @property
    def start_lock(self) -> Path:
        """Return the lock of whoever starts or stops the server."""
        return self.environment.home / "start.lock"

    @property
    def users_lock(self) -> Path:
        """Return the lock that every user of the server shares."""
        return self.environment.home / "users.lock"


@contextlib.contextmanager
def used(home: Home, *, make: bool, keep: bool) -> Iterator[tuple[bool, int]]:
    """Use the server: start or join it, and stop it when nobody else uses it afterwards.

    Yields whether it was started here, and PostgreSQL's version number. `make` lets a database that is
    not there yet be made; `keep` starts the server again should it die meanwhile.
    """
    if not make and not home.places.made():
        raise ClusterProblem(home.nothing_there())
    private_directory(home.environment.home)
    with locked(home.users_lock, shared=True) as users:
        try:
            with locked(home.start_lock):
                answer = _start_or_join(home)
            with _kept(home) if keep else contextlib.nullcontext():
                yield answer
        finally:
            # Also of a signal that came while we waited our turn: another who left meanwhile saw our share,
            # and left the server to us.
            with locked(home.start_lock):
                _leave(home, users)


def stop_what_is_left(home: Home) -> None:
    """Stop the server that a killed process has left, unless somebody else uses it.

    It may have been about to start one: that is waited for, until nothing holds the directory any more.
    """
    end = time.monotonic() + server.HELD_SECONDS
    with contextlib.suppress(FileNotFoundError):  # nothing had been made yet, or it is gone again
        while time.monotonic() < end:
            with locked(home.users_lock, shared=True) as users, locked(home.start_lock):
                _leave(home, users)
            if not server.is_held(home.places):
                return
            time.sleep(0.1)


def parameters(environment: Environment, role: str, database: str) -> Parameters:
    """Return a role's connection parameters; before the server is made the password is empty."""
    home = Home(environment)
    return {
        "host": str(_socket_directory(environment.home, home.places.run)),
        "port": server.PORT,
        "user": role,
        "password": home.passwords().get(role, ""),
        "dbname": database,
    }


@contextlib.contextmanager
def _kept(home: Home) -> Iterator[None]:
    """Look after the server from a thread while the block runs."""
    over = threading.Event()
    thread = threading.Thread(
        target=_look_after, args=(home, over), name="look-after-the-database", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _look_after(home: Home, over: threading.Event) -> None:
    """Start the server whenever it has ended, and say so; or once a minute why it cannot be started."""
    refused, at = "", 0.0
    while not over.wait(_LOOKING_SECONDS):
        if server.pid(home.places) is not None:
            continue
        with locked(home.start_lock):
            if over.is_set():
                return
            try:
                started = _start_or_join(home)[0]
            except GroundProblem as problem:
                if problem.sentence != refused or time.monotonic() - at > _SAYING_SECONDS:
                    refused, at = problem.sentence, time.monotonic()
                    _say(refused)
            else:
                if started:
                    _say(_("The database server had ended; it is started again."))


def _say(sentence: str) -> None:
    with contextlib.suppress(OSError):  # the log may lie on the very disk that is full
        sys.stderr.write(f"{sentence}\n")
        sys.stderr.flush()


def _leave(home: Home, users: int) -> None:
    """Stop the server if nobody else uses it; the start lock is held."""
    try:
        # Asking for more gives up the share that was held, also when it is refused (on Linux): of
        # two that leave at once, the second finds itself alone.
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    server.stop(home.places)


def _start_or_join(home: Home) -> tuple[bool, int]:
    places = home.places
    if server.pid(places) is not None:
        with contextlib.suppress(_Ended):
            version = _wait_ready(home, lambda: server.pid(places) is not None)
            if "prepared" not in home.passwords():  # whoever started it was killed meanwhile
                _prepare(home, home.passwords())
            return False, version
    private_directory(places.root)
    found = programs(home.environment, places.data)
    known = home.passwords()
    if not places.made():
        if "prepared" in known:
            raise ClusterProblem(home.nothing_there())
        known = {role: secrets.token_urlsafe(32) for role in ("postgres", *roles.SIGN_IN_ROLES)}
        write_private(home.secrets, _json(known))
        _hand_over_root(places, found.user.pw_uid if found.user else None)
        durable = home.settings.get("fsync") != "off"
        _patiently(home, lambda: server.make(places, found, known["postgres"], durable=durable))
    elif "postgres" not in known:
        raise ClusterProblem(
            _("The file %(path)s with the passwords of the database is missing: %(put_back)s.")
            % {"path": home.secrets, "put_back": _(_PUT_BACK)}
        )
    version = _start(home, {**_SERVER_SETTINGS, **_for_release(found.major), **home.settings})
    _prepare(home, known)
    return True, version


def _patiently(home: Home, deed: Callable[[], _T]) -> _T:
    """Do what a program that outlives its starter may hold up; a ClusterProblem when it does not end."""
    end = time.monotonic() + server.HELD_SECONDS
    while True:
        try:
            return deed()
        except server.Held as held:
            if time.monotonic() > end:
                raise ClusterProblem(
                    _(
                        "What is left of a database server that was killed still has %(path)s: wait until it "
                        "has ended, or end its processes, and start again."
                    )
                    % {"path": home.places.root}
                ) from held
        time.sleep(0.1)


def _start(home: Home, settings: dict[str, str]) -> int:
    """Start the server and wait for it, or for one that somebody who was killed has just started."""
    since = home.places.log.stat().st_size if home.places.log.exists() else 0
    try:
        return _patiently(home, lambda: _start_once(home, settings))
    except _Ended as ended:
        raise server.failure(home.places, since) from ended


def _start_once(home: Home, settings: dict[str, str]) -> int:
    with contextlib.suppress(_Ended):
        if server.pid(home.places) is not None:
            return _wait_ready(home, lambda: server.pid(home.places) is not None)
    process = server.start(home.places, programs(home.environment, home.places.data), settings)
    try:
        return _wait_ready(home, lambda: process.poll() is None)
    except (_Ended, DiskProblem):  # it has ended, or goes on as soon as there is room
        raise
    except BaseException:  # it may have no claim yet by which it would be found
        server.end(process)
        raise


class _Ended(Exception):  # noqa: N818 - it is no error by itself
    """The server has ended while we waited for it."""


def _wait_ready(home: Home, lives: Callable[[], bool]) -> int:
    """Wait until the server answers a signed-in question; return its version number."""
    import psycopg

    at_server = parameters(home.environment, "postgres", "postgres")
    end = time.monotonic() + _READY_SECONDS
    while True:
        try:
            with psycopg.connect(**at_server, connect_timeout=10, autocommit=True) as question:
                return question.info.server_version
        except psycopg.OperationalError as problem:
            if "password authentication failed" in str(problem):
                raise ClusterProblem(
                    _(
                        "The passwords in %(path)s are not those of the database beside it: put back the "
                        "file that belongs to it."
                    )
                    % {"path": home.secrets}
                ) from problem
            full = of_exception(problem)
            if isinstance(full, DiskProblem):  # it runs, and takes no connection before there is room
                raise full from problem
            if not lives():
                raise _Ended from problem
            if time.monotonic() > end:
                raise ClusterProblem(
                    _("The database server does not become ready: %(said)s") % {"said": problem}
                ) from problem
        time.sleep(0.02)


def _prepare(home: Home, known: dict[str, str]) -> None:
    """Make roles, database and extensions once, and again when what they should be has changed."""
    import psycopg

    if known.get("prepared") == roles.fingerprint():
        return
    at_server = parameters(home.environment, "postgres", "postgres")
    with psycopg.connect(**at_server, autocommit=True) as superuser:
        roles.prepare_roles(superuser, {role: known[role] for role in roles.SIGN_IN_ROLES})
        found = superuser.execute("SELECT 1 FROM pg_database WHERE datname = %s", [roles.DATABASE])
        if found.fetchone() is None:
            roles.create_database(superuser)
    with psycopg.connect(**parameters(home.environment, "postgres", roles.DATABASE)) as inside:
        roles.prepare_database(inside)
    # Read again: the key file notes its fingerprint in the same place.
    write_private(home.secrets, _json({**home.passwords(), "prepared": roles.fingerprint()}))


def _for_release(major: int) -> dict[str, str]:
    # Three helper processes for reads that this server does not need.
    return {"io_method": "sync"} if major >= 18 else {}  # noqa: PLR2004 - a release


def _socket_directory(home: Path, run: Path) -> Path:
    """Return the socket's directory, through a short private link when its path is too long or no text."""
    name = os.fsencode(run / f".s.PGSQL.{server.PORT}")
    if len(name) <= _SOCKET_PATH_LIMIT and str(run).isprintable():
        return run
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"groundswell-{os.geteuid()}-{digest}"
    with contextlib.suppress(FileExistsError):
        short.mkdir(mode=0o700)
    found = short.lstat()
    if found.st_uid != os.geteuid() or found.st_mode & 0o077 or short.is_symlink():
        raise ClusterProblem(
            _("The directory %(path)s is somebody else's: remove it and start again.") % {"path": short}
        )
    with contextlib.suppress(FileExistsError):
        (short / "s").symlink_to(run)
    return short / "s"


def _hand_over_root(places: server.Places, uid: int | None) -> None:
    if uid is not None:
        os.chown(places.root, uid, -1)


def _json(content: Mapping[str, str]) -> str:
    return json.dumps(content, indent=1) + "\n"
