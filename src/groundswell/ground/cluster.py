"""The database server of an installation: started or joined, and left as it was found.

Many commands may use one home at the same time. `start.lock` lets one of them at a time start or
stop the server; every user holds `users.lock` shared, so the last one out finds itself alone and
stops the server. Locks die with their process: nothing has to be cleaned up after a `kill -9`.
"""

import contextlib
import fcntl
import hashlib
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from groundswell.ground import roles, server
from groundswell.ground.environment import Environment
from groundswell.ground.errors import ClusterProblem
from groundswell.ground.files import locked, private_directory, read_json, reason, write_private
from groundswell.ground.programs import programs

# What psycopg.connect takes; dict[str, str | int] would fit none of its keywords for the type checker.
Parameters = dict[str, Any]

_READY_SECONDS: Final = 300  # a long crash recovery is no failure
_SOCKET_PATH_LIMIT: Final = 107
_ROLE_SETTINGS: Final = {
    "gs_app": "database_url",
    "gs_owner": "owner_database_url",
    "gs_backup": "backup_database_url",
    "postgres": "superuser_database_url",
}
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
class Cluster:
    """A server that runs. `version` is PostgreSQL's number, 180006 for 18.6."""

    environment: Environment
    version: int
    started_here: bool = False

    def parameters(self, role: str, database: str = roles.DATABASE) -> Parameters:
        """Return the connection parameters of a role (gs_app, gs_owner, gs_backup)."""
        return connection(self.environment, role, database)

    def superuser(self, database: str = roles.DATABASE) -> Parameters:
        """Return the connection parameters of the superuser; a ClusterProblem when we have none."""
        return connection(self.environment, "postgres", database)


@dataclass(frozen=True, slots=True)
class _Home:
    """The files of the embedded server in the home."""

    environment: Environment
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def places(self) -> server.Places:
        return server.Places(self.environment.home / "postgres")

    @property
    def secrets(self) -> Path:
        return self.environment.home / "database.json"

    @property
    def start_lock(self) -> Path:
        return self.environment.home / "start.lock"

    @property
    def users_lock(self) -> Path:
        return self.environment.home / "users.lock"


@contextlib.contextmanager
def cluster(environment: Environment, *, settings: Mapping[str, str] | None = None) -> Iterator[Cluster]:
    """Start or join the server; the last user out stops it. `settings` overrule those of the server.

    With GROUNDSWELL_DATABASE_URL set, the installed server is asked once and never started or
    stopped. Raises ClusterProblem with one sentence.
    """
    if not environment.embedded:
        yield Cluster(environment, _ask_installed(environment))
        return
    home = _Home(environment, settings or {})
    private_directory(environment.home)
    with contextlib.ExitStack() as held:
        with locked(home.start_lock):
            users = held.enter_context(locked(home.users_lock, shared=True))
            try:
                started, version = _start_or_join(home)
            except BaseException:
                _leave(home, users)
                raise
        try:
            yield Cluster(environment, version, started)
        finally:
            with locked(home.start_lock):
                _leave(home, users)


def connection(environment: Environment, role: str, database: str = roles.DATABASE) -> Parameters:
    """Return a role's connection parameters from the settings and the home; start nothing.

    The keys host, port, user, password and dbname are always there; an address in the environment
    may add others (sslmode). Before the server is made for the first time the password is empty,
    and so it is for a role whose address is not set: see `require_role`.
    """
    if not environment.embedded:
        return _from_url(environment, role, database)
    home = _Home(environment)
    return {
        "host": str(_socket_directory(environment.home, home.places.run)),
        "port": server.PORT,
        "user": role,
        "password": read_json(home.secrets).get(role, ""),
        "dbname": database,
    }


def require_role(environment: Environment, role: str) -> None:
    """Refuse when an installed server is used and the address for this role is not set."""
    attribute = _ROLE_SETTINGS[role]
    if not environment.embedded and getattr(environment, attribute) is None:
        raise ClusterProblem(
            f"GROUNDSWELL_{attribute.upper()} is not set; this command signs in to the database as {role}."
        )


def running(environment: Environment) -> bool:
    """Whether the embedded server of this home runs now."""
    return server.pid(_Home(environment).places) is not None


def stop_now(environment: Environment) -> None:
    """Stop the embedded server whoever uses it: for the end of a demo and for drills."""
    server.stop(_Home(environment).places)


def _leave(home: _Home, users: int) -> None:
    """Stop the server if nobody else uses it; the start lock is held."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    server.stop(home.places)


def _start_or_join(home: _Home) -> tuple[bool, int]:
    places = home.places
    if server.pid(places) is not None:
        with contextlib.suppress(_Ended):
            return False, _wait_ready(home, lambda: server.pid(places) is not None)
    private_directory(places.root)
    found = programs(home.environment, places.data)
    known = read_json(home.secrets)
    if not places.made():
        # A directory without its secrets, or secrets without a directory, is never made anew in
        # silence; this is neither: nothing has been made here yet.
        known = {role: secrets.token_urlsafe(32) for role in ("postgres", *roles.SIGN_IN_ROLES)}
        write_private(home.secrets, _json(known))
        _hand_over_root(places, found.user.pw_uid if found.user else None)
        server.make(places, found, known["postgres"], durable=home.settings.get("fsync") != "off")
    elif "postgres" not in known:
        raise ClusterProblem(
            f"The file {home.secrets} with the passwords of the database is missing: restore it, "
            "or restore a backup into a new home."
        )
    version = _start(home, {**_SERVER_SETTINGS, **_for_release(found.major), **home.settings})
    _prepare(home, known)
    return True, version


def _start(home: _Home, settings: dict[str, str]) -> int:
    """Start the server and wait for it; start again while a killed one's memory is still held."""
    end = time.monotonic() + server.SHARED_MEMORY_SECONDS
    while True:
        since = home.places.log.stat().st_size if home.places.log.exists() else 0
        try:
            return _start_once(home, settings)
        except _Ended as ended:
            problem = server.failure(home.places, since)
            if "shared memory block" not in problem.sentence or time.monotonic() > end:
                raise problem from ended
            time.sleep(0.1)


def _start_once(home: _Home, settings: dict[str, str]) -> int:
    process = server.start(home.places, programs(home.environment, home.places.data), settings)
    return _wait_ready(home, lambda: process.poll() is None)


class _Ended(Exception):  # noqa: N818 - it is no error by itself
    """The server has ended while we waited for it."""


def _wait_ready(home: _Home, lives: Callable[[], bool]) -> int:
    """Wait until the server answers a signed-in question; return its version number."""
    import psycopg

    parameters = connection(home.environment, "postgres", "postgres")
    end = time.monotonic() + _READY_SECONDS
    while True:
        try:
            with psycopg.connect(**parameters, connect_timeout=10, autocommit=True) as question:
                return question.info.server_version
        except psycopg.OperationalError as problem:
            if "password authentication failed" in str(problem):
                raise ClusterProblem(
                    f"The passwords in {home.secrets} are not those of the database beside it: "
                    "put back the file that belongs to it."
                ) from problem
            if not lives():
                raise _Ended from problem
            if time.monotonic() > end:
                raise ClusterProblem(f"The database server does not become ready: {problem}") from problem
        time.sleep(0.02)


def _prepare(home: _Home, known: dict[str, str]) -> None:
    """Make roles, database and extensions once, and again when what they should be has changed."""
    import psycopg

    if known.get("prepared") == roles.fingerprint():
        return
    at_server = connection(home.environment, "postgres", "postgres")
    with psycopg.connect(**at_server, autocommit=True) as superuser:
        roles.prepare_roles(superuser, {role: known[role] for role in roles.SIGN_IN_ROLES})
        found = superuser.execute("SELECT 1 FROM pg_database WHERE datname = %s", [roles.DATABASE])
        if found.fetchone() is None:
            roles.create_database(superuser)
    with psycopg.connect(**connection(home.environment, "postgres")) as inside:
        roles.prepare_database(inside)
    # Read again: the key file notes its fingerprint in the same place.
    write_private(home.secrets, _json({**read_json(home.secrets), "prepared": roles.fingerprint()}))


def _for_release(major: int) -> dict[str, str]:
    # Three helper processes for reads that this server does not need.
    return {"io_method": "sync"} if major >= 18 else {}  # noqa: PLR2004 - a release


def _socket_directory(home: Path, run: Path) -> Path:
    """Return the socket's directory, through a short private link when its path is too long."""
    if len(os.fsencode(run / f".s.PGSQL.{server.PORT}")) <= _SOCKET_PATH_LIMIT:
        return run
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"groundswell-{os.geteuid()}-{digest}"
    with contextlib.suppress(FileExistsError):
        short.mkdir(mode=0o700)
    found = short.lstat()
    if found.st_uid != os.geteuid() or found.st_mode & 0o077 or short.is_symlink():
        raise ClusterProblem(f"The directory {short} is somebody else's: remove it and start again.")
    with contextlib.suppress(FileExistsError):
        (short / "s").symlink_to(run)
    return short / "s"


def _hand_over_root(places: server.Places, uid: int | None) -> None:
    if uid is not None:
        os.chown(places.root, uid, -1)


def _json(content: Mapping[str, str]) -> str:
    import json

    return json.dumps(content, indent=1) + "\n"


def _from_url(environment: Environment, role: str, database: str) -> Parameters:
    from psycopg.conninfo import conninfo_to_dict

    url = getattr(environment, _ROLE_SETTINGS[role])
    given = conninfo_to_dict(url or environment.database_url or "")
    parameters: Parameters = {"host": "", "port": server.PORT, "user": role, "password": ""}
    parameters.update({key: value for key, value in given.items() if value is not None})
    if url is None:
        parameters.update(user=role, password="")  # nosec B106 - `require_role` says what is missing
    if database != roles.DATABASE or "dbname" not in given:
        parameters["dbname"] = database
    return parameters


def _ask_installed(environment: Environment) -> int:
    import psycopg

    try:
        with psycopg.connect(
            **_from_url(environment, "gs_app", roles.DATABASE), connect_timeout=10
        ) as question:
            version = question.info.server_version
    except psycopg.OperationalError as problem:
        raise ClusterProblem(
            f"The database at GROUNDSWELL_DATABASE_URL does not answer: {reason(problem).splitlines()[0]}"
        ) from problem
    if version < 150000:  # noqa: PLR2004 - a release
        raise ClusterProblem(f"The database is PostgreSQL {version // 10000}; 15 or later is needed.")
    return version
