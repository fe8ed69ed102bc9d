"""The database of the tests: a throw-away server, a migrated template, a clone for each process.

`tests/conftest.py` says how a test asks for it. Several runs of the same checkout may go on at the
same time: they share the server, and each works on clones of its own.
"""

import contextlib
import functools
import hashlib
import os
import pickle
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from groundswell.ground import cluster, collector, environment, files, keys, roles

CHECKOUT = Path(__file__).resolve().parent.parent
# What the worlds are made of that are kept, besides the code.
CASTS = ("world.py", "access/small_world.py", "access/test_sealing.py", "doors/aviary.py")
SUPERUSER = "GROUNDSWELL_TEST_SUPERUSER_URL"
MEMORY = Path("/dev/shm")  # noqa: S108 - every directory made in it is private
ROOM_NEEDED = 2 << 30  # bytes; a container often has 64 MB there
PASSWORD = "not-a-secret"  # noqa: S105 - of the roles of an installed server that only tests use


@functools.cache
def shelf() -> Path:
    """Return the directory in which servers are thrown away: in memory, or on the disk where it lacks room.

    A clone is a thousand small files; making and removing them costs 0.05 s in memory and 0.7 s on a disk.
    """
    try:
        roomy = shutil.disk_usage(MEMORY).free >= ROOM_NEEDED and os.access(MEMORY, os.W_OK)
    except OSError:
        roomy = False
    return MEMORY if roomy else Path(tempfile.gettempdir())


def home() -> Path:
    """Where the throw-away server lives: outside the checkout, one for each checkout and user."""
    given = os.environ.get("GROUNDSWELL_TEST_HOME")
    digest = hashlib.sha256(os.fsencode(CHECKOUT)).hexdigest()[:8]
    name = f"groundswell-test-{os.geteuid()}-{digest}{'-installed' if SUPERUSER in os.environ else ''}"
    return Path(given) if given else shelf() / name


def point_the_environment_here() -> None:
    """Make every later `environment.load()` of this process and its children mean the tests' home."""
    for name in [name for name in os.environ if name.startswith("GROUNDSWELL_")]:
        if not name.startswith("GROUNDSWELL_TEST_"):
            del os.environ[name]
    os.environ["GROUNDSWELL_HOME"] = str(home())
    os.environ["GROUNDSWELL_TRACEBACK"] = "1"  # what a command fails of is the test's to show
    os.environ["LC_ALL"] = "C.UTF-8"  # commands speak the language of the terminal, and tests read English
    superuser = os.environ.get(SUPERUSER)
    if superuser:
        parts = urlsplit(superuser)
        for setting, role in (("", "gs_app"), ("OWNER_", "gs_owner"), ("BACKUP_", "gs_backup")):
            netloc = f"{role}:{PASSWORD}@{parts.netloc.rpartition('@')[2]}"
            url = urlunsplit(parts._replace(netloc=netloc, path="/postgres"))
            os.environ[f"GROUNDSWELL_{setting}DATABASE_URL"] = url
        os.environ["GROUNDSWELL_SUPERUSER_DATABASE_URL"] = superuser
    keys.load_or_make(environment.load())
    (home() / "static").mkdir(exist_ok=True)  # the web server's; its absence is warned about


@contextlib.contextmanager
def server() -> Iterator[cluster.Cluster]:
    """Start or join the throw-away server; an installed one gets the roles."""
    settings = environment.load()
    files.private_directory(settings.home)
    if settings.superuser_database_url:
        with psycopg.connect(settings.superuser_database_url, autocommit=True) as superuser:
            roles.prepare_roles(superuser, dict.fromkeys(roles.SIGN_IN_ROLES, PASSWORD))
    with cluster.cluster(settings, settings=cluster.THROW_AWAY) as running:
        try:
            yield running
        finally:
            while _open:
                _open.popitem()[1].close()


# Which database a clone is a copy of, word for word, by its name.
_copies: dict[str, str] = {}
# How a database becomes a copy of the template again, by its name.
_stale: dict[str, Callable[[], None]] = {}


def leave(running: cluster.Cluster, name: str, *, written: bool) -> None:
    """Leave a database that is no copy of the template any more; `written` when something was committed."""
    if written:
        _copies.pop(name, None)
    _stale[name] = functools.partial(clone, running, name)


def freshen() -> None:
    """Let every database that tests have left be a copy of the template again."""
    from django.db import connections

    for name, make in list(_stale.items()):
        for one in connections.all(initialized_only=True):
            if one.settings_dict["NAME"] == name:
                one.close()
        make()


def template(running: cluster.Cluster) -> str:
    """Return the name of the migrated template database, making it when the migrations have changed."""
    name = f"template_{_fingerprint()}"
    with files.locked(home() / "template.lock"), _superuser(running) as superuser:
        there = _databases(superuser)
        if name in there:
            return name
        for old in there:
            if old.startswith("template_"):
                with contextlib.suppress(psycopg.errors.ObjectInUse):
                    _drop(superuser, old, force=False)
        partial = f"making_{name}"
        _drop(superuser, partial)
        roles.create_database(superuser, partial)
        with psycopg.connect(**running.superuser(partial)) as inside:
            roles.prepare_database(inside)
        migrate(running, partial)
        superuser.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(partial), sql.Identifier(name))
        )
        return name


def clone(running: cluster.Cluster, name: str) -> None:
    """Make the database `name` anew as a copy of the template."""
    _copy(running, name, template(running))


def _copy(running: cluster.Cluster, name: str, origin: str) -> None:
    _stale.pop(name, None)
    with files.locked(home() / "template.lock"), _superuser(running) as superuser:
        _drop_abandoned(superuser)
        _drop(superuser, name)
        roles.create_database(superuser, name, origin)
    _copies[name] = origin


def clone_kept(
    running: cluster.Cluster, name: str, kind: str, make: Callable[[], Any], *, anew: bool = True
) -> Any:
    """Make the database `name` anew as `make` left an empty one; return what that handed out.

    Made once for each state of the code and kept beside the template, under the name of its kind; with
    `anew` false a copy of it in which no test has committed anything stays. Django's connections mean
    `name` afterwards.
    """
    from django.db import connections

    origin = f"{kind}_{_state_of_the_code()}"
    handed = home() / f"{kind}.pickle"
    with files.locked(home() / f"{kind}.lock"):
        with _superuser(running) as superuser:
            there = _databases(superuser)
        if origin not in there:
            partial = f"run_{os.getpid()}_making"
            clone(running, partial)
            point_django_at(running, partial)
            handed.write_bytes(pickle.dumps(make()))
            connections.close_all()
            with _superuser(running) as superuser:
                for old in there:
                    if old.startswith(f"{kind}_"):
                        _drop(superuser, old)
                rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
                superuser.execute(rename.format(sql.Identifier(partial), sql.Identifier(origin)))
        if anew or _copies.get(name) != origin:
            connections.close_all()
            _copy(running, name, origin)
            point_django_at(running, name)
        return pickle.loads(handed.read_bytes())  # noqa: S301 - written above, in a private directory


def kept_copy(
    running: cluster.Cluster, beside: str, kind: str, make: Callable[[], Any], blocker: Any
) -> Iterator[tuple[str, Any]]:
    """Yield the name of a copy of what is kept, and what was handed out; Django means `beside`, as before."""
    name = f"{beside}_{kind}"
    with blocker.unblock():
        handed = clone_kept(running, name, kind, make)
        point_django_at(running, beside)
    yield name, handed
    drop(running, name)


@functools.cache
def _state_of_the_code() -> str:
    digest = hashlib.sha256(_fingerprint().encode())
    package = CHECKOUT / "src" / "groundswell"
    casts = {CHECKOUT / "tests" / name for name in CASTS}
    for path in sorted({*casts, *package.glob("**/*.py"), *package.glob("exchange/scenario/data/*")}):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def drop(running: cluster.Cluster, name: str) -> None:
    """Drop a clone, whoever is still connected to it."""
    _stale.pop(name, None)
    _copies.pop(name, None)
    with files.locked(home() / "template.lock"), _superuser(running) as superuser:
        _drop(superuser, name)


def point_django_at(running: cluster.Cluster, name: str) -> None:
    """Let Django's connections mean the clone: `default` as gs_app, `owner` as gs_owner; no pool."""
    from django.db import connections

    for alias, role in (("default", "gs_app"), ("owner", "gs_owner")):
        parameters = running.parameters(role, name)
        connections[alias].close()
        connections[alias].settings_dict.update(
            NAME=parameters["dbname"],
            USER=parameters["user"],
            PASSWORD=parameters["password"],
            HOST=parameters["host"],
            PORT=parameters["port"],
            OPTIONS={},
        )


def migrate(running: cluster.Cluster, name: str) -> None:
    """Migrate the database `name`; Django's connections mean it afterwards."""
    from django.core.management import call_command
    from django.db import connections

    point_django_at(running, name)
    with collector.resting():
        call_command("migrate", database="owner", verbosity=0, interactive=False)
    for alias in connections:
        connections[alias].close()


@functools.cache
def _fingerprint() -> str:
    """Return a digest of everything that decides what the template holds."""
    import django
    import procrastinate
    from django.conf import settings

    digest = hashlib.sha256(
        repr(
            (django.VERSION, procrastinate.__version__, settings.INSTALLED_APPS, roles.fingerprint())
        ).encode()
    )
    package = CHECKOUT / "src" / "groundswell"
    inputs = {*package.glob("*/migrations/*.py"), *package.glob("*/migrations/*.sql")}
    inputs |= {*package.glob("*/personal.py")}  # mirrored into the database after migrations
    for path in sorted(
        inputs | set((package / "access").glob("*.py")) | set((package / "kernel").glob("*.py"))
    ):
        digest.update(f"\0{path.relative_to(package)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


_open: dict[str, psycopg.Connection[Any]] = {}  # by the server; to connect costs as much as to copy


@contextlib.contextmanager
def _superuser(running: cluster.Cluster) -> Iterator[psycopg.Connection[Any]]:
    """Yield this process's connection as superuser, which commits by itself and stays open."""
    parameters = running.superuser("postgres")
    where = repr(parameters)
    if where not in _open or _open[where].closed:
        _open[where] = psycopg.connect(**parameters, autocommit=True)
    yield _open[where]


def _databases(superuser: psycopg.Connection[Any]) -> list[str]:
    return [row[0] for row in superuser.execute("SELECT datname FROM pg_database").fetchall()]


def _drop(superuser: psycopg.Connection[Any], name: str, *, force: bool = True) -> None:
    statement = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    superuser.execute(statement + sql.SQL(" WITH (FORCE)") if force else statement)


def _drop_abandoned(superuser: psycopg.Connection[Any]) -> None:
    """Drop the clones of runs that were killed; a clone's name carries its process."""
    for name in _databases(superuser):
        if name.startswith("run_") and not Path(f"/proc/{name.split('_')[1]}").exists():
            _drop(superuser, name)


def clone_name() -> str:
    """Return this process's name for its clone."""
    return f"run_{os.getpid()}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


if __name__ == "__main__":
    sys.stdout.write(f"{home()}\n")
