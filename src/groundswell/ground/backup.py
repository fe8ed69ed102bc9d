"""Backups: the database in one sealed file, the keys of the persons in a second, short-lived one.

Both are taken from one snapshot by `pg_dump` as gs_backup. The first holds everything but the rows
of the schema `keys`; the second holds those rows and nothing else. So what has been erased (its key
is gone) is unreadable in every backup as soon as the key backups of that day have expired.
"""

import contextlib
import datetime as dt
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg

from groundswell.ground import checks, files, programs, roles, sealed
from groundswell.ground.cluster import Cluster, Parameters, require_role
from groundswell.ground.errors import BackupProblem
from groundswell.ground.keys import KeyRing
from groundswell.ground.language import gettext as _

KEEP_DAYS: Final = 35
KEEP_KEY_DAYS: Final = 7
_DATA_SUFFIX: Final = ".backup"
_KEYS_SUFFIX: Final = ".keys"
_KINDS: Final = ("data", "keys")
_PART: Final = ".part"
_COMMON_LANGUAGE: Final = 17
_READ_BYTES: Final = 1 << 18
# Rows that mean nothing elsewhere or later: who is signed in, which workers run.
PASSING: Final = ("public.access_session", "public.procrastinate_workers")


@dataclass(frozen=True, slots=True)
class Written:
    """The two files of a backup, and those that have expired and were removed."""

    data: Path
    keys: Path
    expired: tuple[Path, ...]


def write(
    running: Cluster, ring: KeyRing, folder: Path, at: dt.datetime, database: str = roles.DATABASE
) -> Written:
    """Write both files into `folder` and remove those that have expired; `at` is machine time, UTC."""
    require_role(running.environment, "gs_backup")
    files.private_directory(folder)
    # First, too: where the disk is full of them, none would be written any more. The newest stays until then.
    expired = _remove_expired(folder, at, but=newest(folder))
    parameters = running.parameters("gs_backup", database)
    name = f"groundswell-{at:%Y%m%dT%H%M%SZ}"
    data, keys = folder / (name + _DATA_SUFFIX), folder / (name + _KEYS_SUFFIX)
    without = [f"--exclude-table-data={table}" for table in ("keys.*", *PASSING)]
    with contextlib.ExitStack() as both, psycopg.connect(**parameters) as holder:
        holder.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = holder.execute("SELECT pg_export_snapshot()").fetchone()
        snapshot = f"--snapshot={row[0] if row else ''}"
        had = sorted(map(list, checks.migrations_done(holder) & checks.own_migrations()))
        for path, kind, chosen in (
            (data, "data", without),
            (keys, "keys", ["--data-only", "--schema=keys"]),
        ):
            header = {
                "kind": kind,
                "key": ring.fingerprint,
                "taken_at": at.isoformat(),
                "server": running.version,
                "migrations": had,
                "demo": running.environment.is_demo,
            }
            dump = _dump(running, parameters, [snapshot, *chosen])
            # Neither gets its name before both are whole: one alone would be taken for a backup.
            both.enter_context(_written(path, ring, header, dump))
    return Written(data, keys, expired + _remove_expired(folder, at))


def newest(folder: Path) -> dt.datetime | None:
    """Return when the newest backup of the folder was taken, None when there is none."""
    taken = [_taken_at(path) for path in folder.glob(f"groundswell-*{_DATA_SUFFIX}")]
    return max((at for at in taken if at is not None), default=None)


def require_kind(path: Path, kind: str, ring: KeyRing) -> dict[str, Any]:
    """Return the header of a backup file of this kind and of these keys; a BackupProblem otherwise."""
    header = sealed.read_header(path)
    if header.get("kind") not in _KINDS:
        raise BackupProblem(_("%(path)s is not a backup of Groundswell.") % {"path": path})
    if header.get("kind") != kind:
        raise BackupProblem(
            _("%(path)s is not the file of the %(kind)s; its kind is %(found)s.")
            % {"path": path, "kind": kind, "found": header.get("kind")}
        )
    if header.get("key") != ring.fingerprint:
        raise BackupProblem(
            _(
                "%(path)s was sealed with other keys than those of this home (fingerprint "
                "%(fingerprint)s…): put that installation's key file into the home."
            )
            % {"path": path, "fingerprint": str(header.get("key"))[:8]}
        )
    return header


def require_known(path: Path, header: Mapping[str, Any]) -> None:
    """Refuse the backup of a newer release: its rooms have had migrations that this one does not have.

    Whose header tells of none is older than that it would.
    """
    had = {(str(room), str(name)) for room, name in header.get("migrations", [])}
    later = sorted(had - checks.own_migrations())
    if later:
        raise BackupProblem(
            _(
                "%(path)s was written by a newer release of Groundswell (%(migration)s is unknown here): "
                "restore it with that one or a later one."
            )
            % {"path": path, "migration": ".".join(later[0])}
        )


def verify(path: Path, ring: KeyRing) -> int:
    """Open the whole file and return how many bytes it holds; a BackupProblem when it is damaged."""
    return sum(map(len, sealed.opened(path, ring.backup_key)))


def dump_program(running: Cluster, name: str) -> Path:
    """Return the pg_dump or pg_restore that fits the server.

    Since 17, pg_restore says `SET transaction_timeout`, which an older server does not know; so an
    older server needs programs of its own release, for both, because they do not read newer dumps.
    """
    packaged, major = programs.directory(running.environment), running.version // 10000
    if running.environment.postgres_bin is not None or major >= _COMMON_LANGUAGE:
        return packaged / name
    own = Path(f"/usr/lib/postgresql/{major}/bin") / name
    if not own.exists():
        raise BackupProblem(
            _(
                "The server is PostgreSQL %(major)s, and its own %(name)s is needed: install "
                "postgresql-client-%(major)s, or set GROUNDSWELL_POSTGRES_BIN to where it is."
            )
            % {"major": major, "name": name}
        )
    return own


def connection_environment(parameters: Parameters) -> dict[str, str]:
    """Return the environment variables under which PostgreSQL's own programs reach a database."""
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "dbname": "PGDATABASE",
        "sslmode": "PGSSLMODE",
        "sslrootcert": "PGSSLROOTCERT",
    }
    given = {names[key]: str(value) for key, value in parameters.items() if key in names}
    return {**given, "LC_ALL": "C", "PATH": "/usr/bin:/bin"}


def _dump(running: Cluster, parameters: Parameters, options: list[str]) -> Iterator[bytes]:
    program = dump_program(running, "pg_dump")
    command: list[str | Path] = [program, "--format=custom", "--compress=6", "--no-password", *options]
    with subprocess.Popen(
        command, env=connection_environment(parameters), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None  # noqa: S101  # nosec B101 - asked for two lines above
        assert process.stderr is not None  # noqa: S101  # nosec B101 - the same
        while piece := process.stdout.read(_READ_BYTES):
            yield piece
        messages = process.stderr.read().decode(errors="replace")
    if process.returncode != 0:
        last = (messages.strip().splitlines() or [_("it said nothing")])[-1]
        raise BackupProblem(_("The database cannot be dumped: %(said)s") % {"said": last})


@contextlib.contextmanager
def _written(path: Path, ring: KeyRing, header: dict[str, Any], content: Iterator[bytes]) -> Iterator[None]:
    """Write the file, read it once more, and give it its name when the block ends well."""
    partial = path.with_name(f".{path.name}{_PART}")
    if path.exists():
        raise _of_this_second(path)
    try:
        with files.private_file(partial) as file:
            sealer = sealed.Sealer(file, ring.backup_key, header)
            for piece in content:
                sealer.write(piece)
            sealer.close()
        verify(partial, ring)
        yield
        files.settle(partial, path)
    except FileExistsError as problem:  # it is somebody else's, who writes it at this moment
        raise _of_this_second(path) from problem
    except BaseException as problem:
        partial.unlink(missing_ok=True)
        if isinstance(problem, OSError):
            raise BackupProblem(
                _("The backup %(path)s cannot be written: %(reason)s.")
                % {"path": path, "reason": files.reason(problem)}
            ) from problem
        raise


def _of_this_second(path: Path) -> BackupProblem:
    return BackupProblem(
        _("The backup %(path)s cannot be written: there is one of this very second.") % {"path": path}
    )


def _taken_at(path: Path) -> dt.datetime | None:
    """Read the moment from a backup's name; None for a file that is not ours."""
    stamp = path.name.lstrip(".").removeprefix("groundswell-").partition(".")[0]
    try:
        return dt.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    except ValueError:
        return None


def _remove_expired(folder: Path, at: dt.datetime, but: dt.datetime | None = None) -> tuple[Path, ...]:
    expired = []
    whole = ((f"groundswell-*{_DATA_SUFFIX}", KEEP_DAYS), (f"groundswell-*{_KEYS_SUFFIX}", KEEP_KEY_DAYS))
    # What a backup that was killed has left is nobody's after a day.
    for pattern, days in (*whole, (f".groundswell-*{_PART}", 1)):
        for path in sorted(folder.glob(pattern)):
            taken = _taken_at(path)
            if taken is not None and taken != but and taken < at - dt.timedelta(days=days):
                path.unlink()
                expired.append(path)
    return tuple(expired)
