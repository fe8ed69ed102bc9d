"""Restoring a backup into an empty database, in the order that row security allows.

Rows are loaded after the tables and before triggers, policies and row security exist (COPY is
refused under row security); the rows of the schema `keys` go in between. The rights are exactly
those of the dump. The clock's generation is advanced, so that stamps go on growing although the
new server counts its transactions from the beginning.

The database is marked meanwhile, and no command uses it: it has rows before it has row security, also
when whoever restores is killed and says nothing more.
"""

import contextlib
import re
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import psycopg

from groundswell.ground import backup, checks, errors, roles, sealed
from groundswell.ground.cluster import Cluster, Parameters, require_role, tables_to_itself
from groundswell.ground.errors import BackupProblem
from groundswell.ground.keys import KeyRing
from groundswell.ground.language import gettext as _

# Made by the superuser beforehand; gs_owner neither may nor need make or describe them.
_NOT_OURS: Final = re.compile(
    r"^\d+; \d+ \d+ (EXTENSION|COMMENT - EXTENSION|SCHEMA - public|ACL - SCHEMA public)"
)
_OWN_TABLES: Final = (
    "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace "
    "where c.relkind in ('r', 'p') and n.nspname in ('public', 'keys')"
)
# Independent of the order of rows, and without sorting them: a sum over 60 bits of each row's digest.
_HASH: Final = (
    "select count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint::numeric), 0) from {} t"
)
_MARK: Final = f"create schema {checks.UNFINISHED_RESTORE}"
_UNMARK: Final = f"drop schema if exists {checks.UNFINISHED_RESTORE}"
_ADVANCE: Final = "update kernel_clock set generation = generation + 1"


_DROP_ALL: Final = """
do $$
declare command text;
begin
    for command in
        select format('drop %s if exists %I.%I cascade',
                      case c.relkind when 'S' then 'sequence' when 'v' then 'view' else 'table' end,
                      n.nspname, c.relname)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'S')
        order by c.relkind = 'S'  -- those of a column that counts by itself go with it, and only so
    loop
        execute command;
    end loop;
    for command in
        select format('drop routine if exists %I.%I(%s) cascade',
                      n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'public' and pg_has_role(p.proowner, 'usage')
          and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
    loop
        execute command;
    end loop;
    for command in
        select format('drop type if exists %I.%I cascade', n.nspname, t.typname)
        from pg_type t join pg_namespace n on n.oid = t.typnamespace
        where n.nspname = 'public' and t.typtype in ('e', 'c', 'd') and pg_has_role(t.typowner, 'usage')
          and not exists (select from pg_depend d where d.objid = t.oid and d.deptype = 'e')
    loop
        execute command;
    end loop;
end $$
"""


def restore(
    running: Cluster,
    ring: KeyRing,
    data: Path,
    keys: Path | None,
    database: str = roles.DATABASE,
    *,
    then: Callable[[], object] = lambda: None,
) -> None:
    """Restore both files; a BackupProblem leaves the database empty, as it must have been.

    Without `keys` what was encrypted for the persons stays unreadable. `then` does what else belongs to
    it, before anybody may use the database. What a restore left that was killed is restored anew.
    """
    require_whole(ring, data, keys)
    require_role(running.environment, "gs_owner")
    parameters = running.parameters("gs_owner", database)
    with psycopg.connect(**parameters, autocommit=True) as owner:
        owner.execute("select pg_advisory_lock(%s)", [roles.RESTORE_LOCK])
        with tables_to_itself(running, database):
            _restore(running, ring, data, keys, parameters)
        then()
        owner.execute(_UNMARK)


def _restore(running: Cluster, ring: KeyRing, data: Path, keys: Path | None, parameters: Parameters) -> None:
    with psycopg.connect(**parameters) as owner:
        if checks.unfinished_restore(owner):
            _empty(owner)
        _require_empty(owner)
        owner.execute(_MARK)
        roles.withdraw_default_privileges(owner)
    try:
        _load(running, ring, data, keys, parameters)
    except BaseException:
        with psycopg.connect(**parameters) as owner:
            _empty(owner)
            roles.set_default_privileges(owner)
        raise


def require_whole(ring: KeyRing, data: Path, keys: Path | None) -> None:
    """Read both files to their ends; a BackupProblem when one is damaged or does not belong here."""
    for path, kind in ((keys, "keys"), (data, "data")):
        if path is not None:
            backup.require_known(path, backup.require_kind(path, kind, ring))
    for path in (keys, data):
        if path is not None:
            backup.verify(path, ring)


def table_hashes(connection: "psycopg.Connection[Any]") -> dict[str, tuple[int, int]]:
    """Return for every table how many rows it has and a sum over their digests, whatever their order.

    The connection is gs_backup's, which sees every row. Tables that a backup leaves out are left out.
    """
    names = [
        row[0]
        for row in connection.execute(
            "select format('%I.%I', schemaname, tablename) from pg_tables "
            "where schemaname in ('public', 'keys') order by 1"
        )
    ]
    found = {}
    for name in names:
        if name not in backup.PASSING:
            row = connection.execute(_HASH.format(name)).fetchone()  # nosec B608 - quoted by the catalogue
            assert row is not None  # noqa: S101  # nosec B101 - an aggregate always has a row
            found[name] = (int(row[0]), int(row[1]))
    return found


def _load(running: Cluster, ring: KeyRing, data: Path, keys: Path | None, parameters: Parameters) -> None:
    _run(running, ring, data, parameters, ["--section=pre-data"])
    _run(running, ring, data, parameters, ["--section=data"])
    if keys is not None:
        _run(running, ring, keys, parameters, ["--data-only"])
    with psycopg.connect(**parameters) as owner:
        owner.execute(_ADVANCE)
    _run(running, ring, data, parameters, ["--section=post-data"])
    with psycopg.connect(**parameters) as owner:
        roles.set_default_privileges(owner)


def _run(running: Cluster, ring: KeyRing, path: Path, parameters: Parameters, options: list[str]) -> None:
    """Feed a sealed dump to pg_restore, without what is not ours to make."""
    program = backup.dump_program(running, "pg_restore")
    environ = backup.connection_environment(parameters)
    listing = _feed([program, "--list"], environ, ring, path)
    with tempfile.NamedTemporaryFile("w", suffix=".list") as wanted:
        wanted.writelines(f"{line}\n" for line in listing.splitlines() if not _NOT_OURS.match(line))
        wanted.flush()
        command: list[str | Path] = [
            program,
            "--exit-on-error",
            "--single-transaction",
            "--no-password",
            f"--use-list={wanted.name}",
            f"--dbname={parameters['dbname']}",
            *options,
        ]
        _feed(command, environ, ring, path)


def _feed(command: list[str | Path], environ: dict[str, str], ring: KeyRing, path: Path) -> str:
    with (
        tempfile.TemporaryFile() as messages,
        tempfile.TemporaryFile() as answer,
        subprocess.Popen(
            command, env=environ, stdin=subprocess.PIPE, stdout=answer, stderr=messages
        ) as process,
    ):
        assert process.stdin is not None  # noqa: S101  # nosec B101 - asked for above
        try:
            for piece in sealed.opened(path, ring.backup_key):
                process.stdin.write(piece)
            process.stdin.close()
        except BrokenPipeError:
            # It has read enough (a listing ends early), or it has failed and says so below.
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
        process.wait()
        messages.seek(0)
        answer.seek(0)
        if process.returncode != 0:
            lines = messages.read().decode(errors="replace").strip().splitlines() or [_("it said nothing")]
            said = next((line for line in lines if "error:" in line), lines[-1])
            if errors.NO_ROOM in said:
                raise errors.full()
            raise BackupProblem(
                _("The backup %(path)s cannot be restored: %(said)s") % {"path": path, "said": said}
            )
        return answer.read().decode()


def _require_empty(owner: "psycopg.Connection[Any]") -> None:
    row = owner.execute(_OWN_TABLES).fetchone()
    if row and row[0]:
        raise BackupProblem(
            _(
                "The database holds %(number)s tables already: restore into an empty home (another "
                "GROUNDSWELL_HOME, or an empty database)."
            )
            % {"number": row[0]}
        )


def _empty(owner: "psycopg.Connection[Any]") -> None:
    """Drop what a failed restore has made, and its mark; the superuser's extensions stay."""
    owner.execute("drop schema if exists keys cascade")
    owner.execute(_DROP_ALL)
    owner.execute(_UNMARK)
