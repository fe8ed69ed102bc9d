"""Whether an installation works, question by question; `/healthz` and `groundswell doctor` ask them.

Every question takes a psycopg connection of the named role, or the settings, and answers with a
sentence about what is wrong, or None.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from groundswell.ground import keys
from groundswell.ground.environment import Environment
from groundswell.ground.errors import GroundProblem
from groundswell.ground.language import gettext as _
from groundswell.ground.language import ngettext

if TYPE_CHECKING:
    import psycopg

DISK_BYTES: Final = 200_000_000
HEARTBEAT_SECONDS: Final = 40  # a worker reports every 10 seconds

# A schema with nothing in it, from the first row of a restore until its last rule; any role may look for it.
UNFINISHED_RESTORE: Final = "unfinished_restore"

_MIGRATIONS_TABLE: Final = "select to_regclass('django_migrations') is not null"
_WORKERS_TABLE: Final = "select to_regclass('procrastinate_workers') is not null"
_HEARTBEAT: Final = (
    "select extract(epoch from clock_timestamp() - max(last_heartbeat)) from procrastinate_workers"
)
# The declared exception: the e-mail somebody signs in with must be found before any scope is known.
_BEFORE_ANY_SCOPE: Final = ["accounts_account"]
_UNGUARDED: Final = """
select c.relname
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and n.nspname = 'public'
  and not (c.relrowsecurity and c.relforcerowsecurity)
  and c.relname <> all (%s)
  and exists (select from pg_attribute a
              where a.attrelid = c.oid and not a.attisdropped and a.attname in ('unit_id', 'person_id'))
order by 1
"""
# A trigger that is switched off; one of the trail that hangs on its table for less than every kind of change;
# a function of ours for a trigger that is nowhere.
_SILENCED: Final = """
select c.relname::text
from pg_trigger t
join pg_class c on c.oid = t.tgrelid
where c.relnamespace = 'public'::regnamespace and t.tgenabled in ('D', 'R')
union
select regexp_replace(p.proname, '^trail_', '')
from pg_proc p
where p.pronamespace = 'public'::regnamespace and p.prorettype = 'trigger'::regtype
  and pg_get_userbyid(p.proowner) in ('gs_owner', 'gs_search')
  and (select count(*) from pg_trigger t where t.tgfoid = p.oid)
      < case when starts_with(p.proname, 'trail_') then 3 else 1 end
order by 1
"""


def missing_migrations(
    connection: "psycopg.Connection[Any]", expected: Iterable[tuple[str, str]]
) -> list[str]:
    """Return the expected migrations that the database has not had, as `room.name`."""
    return sorted(f"{app}.{name}" for app, name in set(expected) - migrations_done(connection))


def migrations_done(connection: "psycopg.Connection[Any]") -> set[tuple[str, str]]:
    """Return the migrations that the database has had, each as (room, name)."""
    row = connection.execute(_MIGRATIONS_TABLE).fetchone()
    if not (row and row[0]):
        return set()
    return {(app, name) for app, name in connection.execute("select app, name from django_migrations")}


def own_migrations() -> frozenset[tuple[str, str]]:
    """Return the migrations of this release's rooms, each as (room, name), as their files are called."""
    package = Path(__file__).resolve().parent.parent
    return frozenset((path.parts[-3], path.stem) for path in package.glob("*/migrations/[0-9]*.py"))


def migrations(connection: "psycopg.Connection[Any]", expected: Iterable[tuple[str, str]]) -> str | None:
    """Ask whether the database has had the migrations of this release."""
    missing = missing_migrations(connection, expected)
    if not missing:
        return None
    return ngettext(
        "One migration is missing, %(first)s.",
        "%(number)s migrations are missing, the first is %(first)s.",
        len(missing),
    ) % {"number": len(missing), "first": missing[0]}


def newer_release(connection: "psycopg.Connection[Any]", expected: Iterable[tuple[str, str]]) -> str | None:
    """Ask whether a newer release has changed the database, of which this one does not know what holds."""
    unknown = sorted(migrations_done(connection) - set(expected))
    if not unknown:
        return None
    return _(
        "A newer release of Groundswell has changed this database (%(migration)s is unknown here): use that "
        "one or a later one, or restore a backup of before into a new home."
    ) % {"migration": ".".join(unknown[0])}


def unfinished_restore(connection: "psycopg.Connection[Any]") -> str | None:
    """Ask whether a restore has come to its end: before, rows are there that no row security guards yet."""
    row = connection.execute("select to_regnamespace(%s) is not null", [UNFINISHED_RESTORE]).fetchone()
    if not (row and row[0]):
        return None
    return _(
        "A backup is being restored into this database, or its restore was cut off: if it no longer runs, "
        "give the same `groundswell restore` once more."
    )


def key_file(connection: "psycopg.Connection[Any]", environment: Environment) -> str | None:
    """Ask whether the key file is there and is the one of this database."""
    try:
        ring = keys.load_if_there(environment)
        if ring is None:
            return keys.lost(environment, keys.remembered(connection))
        keys.require_remembered(environment, ring)
        keys.require_fit(connection, environment, ring)
    except GroundProblem as problem:
        return problem.sentence
    return None


def worker(connection: "psycopg.Connection[Any]") -> str | None:
    """Ask whether a worker has reported lately."""
    row = connection.execute(_WORKERS_TABLE).fetchone()
    if not (row and row[0]):
        return _("The tables of the worker are missing.")
    beat = connection.execute(_HEARTBEAT).fetchone()
    if beat is None or beat[0] is None:
        return _("No worker runs.")
    if beat[0] > HEARTBEAT_SECONDS:
        return _("The worker last reported %(seconds)s seconds ago.") % {"seconds": int(beat[0])}
    return None


def disk(environment: Environment) -> str | None:
    """Ask whether the disk of the home has room."""
    system = os.statvfs(environment.home)
    free = system.f_bavail * system.f_frsize
    if free >= DISK_BYTES:
        return None
    return _("The disk of %(home)s has %(free)s MB left.") % {
        "home": environment.home,
        "free": free // 1_000_000,
    }


def unguarded_tables(connection: "psycopg.Connection[Any]") -> list[str]:
    """Return the tables with a unit or a person whose row security is not enabled and forced."""
    return [row[0] for row in connection.execute(_UNGUARDED, [_BEFORE_ANY_SCOPE])]


def silenced(connection: "psycopg.Connection[Any]") -> list[str]:
    """Return the tables with a trigger that is switched off or gone; of some the name of its function."""
    return [row[0] for row in connection.execute(_SILENCED)]
