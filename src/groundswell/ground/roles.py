"""The roles, the database, and who may do what in it before any table exists.

`gs_owner` migrates, `gs_app` serves (no owner, no superuser, bound by row security), `gs_search`
owns the definer functions and cannot sign in, `gs_backup` reads everything for the backup.
"""

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from groundswell.ground.language import gettext as _

if TYPE_CHECKING:  # psycopg is loaded when a connection is made, not when a command starts
    import psycopg

SIGN_IN_ROLES: Final = ("gs_owner", "gs_app", "gs_backup")
DATABASE: Final = "groundswell"
# Of the advisory lock that whoever makes, changes or restores tables holds: one at a time in a database.
TABLES_LOCK: Final = 7_310_448_201
# And of the one that whoever restores holds besides, until the database is as it was in every respect.
RESTORE_LOCK: Final = 7_310_448_202
EXTENSIONS: Final = ("btree_gist", "citext", "fuzzystrmatch", "pg_trgm", "unaccent")

_BUILTIN_LOCALES: Final = 170000  # the release that brought them
_LOCALE_BUILTIN: Final = " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
_LOCALE_LIBC: Final = " LOCALE 'C.UTF-8'"

_ROLES: Final = {
    "gs_owner": "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS",
    "gs_app": "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS",
    "gs_search": "NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS",
    "gs_backup": "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS",
}

# What each role gets on the tables and sequences that gs_owner makes from now on.
_DEFAULTS: Final = (
    ("SELECT, INSERT, UPDATE, DELETE ON TABLES", "gs_app, gs_search"),
    ("USAGE, SELECT ON SEQUENCES", "gs_app, gs_search"),
    ("SELECT ON TABLES", "gs_backup"),
    ("SELECT ON SEQUENCES", "gs_backup"),
)
_SCHEMA: Final = (
    "GRANT CREATE, USAGE ON SCHEMA public TO gs_owner, gs_search",
    "GRANT USAGE ON SCHEMA public TO gs_app, gs_backup",
)


def fingerprint() -> str:
    """Return a digest of what `prepare_roles` and `prepare_database` do; it changes with them."""
    return hashlib.sha256(repr((_ROLES, _SCHEMA, _DEFAULTS, EXTENSIONS)).encode()).hexdigest()[:16]


def wrong(found: Mapping[str, tuple[bool, bool, bool]]) -> list[str]:
    """Say which roles are not as they must be, from (may sign in, is superuser, passes row security)."""
    sentences = []
    for role, attributes in _ROLES.items():
        words = attributes.split()
        must = ("LOGIN" in words, "SUPERUSER" in words, "BYPASSRLS" in words)
        if role not in found:
            sentences.append(_("The role %(role)s is missing.") % {"role": role})
        elif found[role] != must:
            sentences.append(
                _("The role %(role)s must be %(attributes)s.") % {"role": role, "attributes": attributes}
            )
    return sentences


def wrong_in(connection: "psycopg.Connection[Any]") -> list[str]:
    """Say which roles of a server are not as they must be; any role may ask."""
    rows = connection.execute(
        "select rolname, rolcanlogin, rolsuper, rolbypassrls from pg_roles where rolname like 'gs\\_%'"
    ).fetchall()
    return wrong({row[0]: (row[1], row[2], row[3]) for row in rows})


def prepare_roles(superuser: "psycopg.Connection[Any]", passwords: Mapping[str, str]) -> None:
    """Make or mend the four roles; the connection is a superuser's and commits by itself."""
    from psycopg import sql

    known = {row[0] for row in superuser.execute("SELECT rolname FROM pg_roles").fetchall()}
    for role, attributes in _ROLES.items():
        verb = sql.SQL("ALTER ROLE") if role in known else sql.SQL("CREATE ROLE")
        statement = verb + sql.SQL(" {} {}").format(sql.Identifier(role), sql.SQL(attributes))
        if role in passwords:
            statement += sql.SQL(" PASSWORD {}").format(sql.Literal(passwords[role]))
        superuser.execute(statement)
    # The owner hands definer functions over to gs_search, which it can only do as a member.
    superuser.execute("GRANT gs_search TO gs_owner")


def create_database(
    superuser: "psycopg.Connection[Any]", name: str = DATABASE, template: str = "template0"
) -> None:
    """Make a database of the owner's; the connection is a superuser's and commits by itself."""
    from psycopg import sql

    statement = sql.SQL("CREATE DATABASE {} OWNER gs_owner TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template)
    )
    if template == "template0":  # an installed server's own locale may sort in another order
        builtin = superuser.info.server_version >= _BUILTIN_LOCALES
        statement += sql.SQL(" ENCODING 'UTF8'") + sql.SQL(_LOCALE_BUILTIN if builtin else _LOCALE_LIBC)
    else:  # a copy of a database of our own: its files as they are, twice as fast as through the log
        statement += sql.SQL(" STRATEGY FILE_COPY")
    superuser.execute(statement)


def prepare_database(inside: "psycopg.Connection[Any]") -> None:
    """Make the extensions and the default privileges; the connection is a superuser's, in the database."""
    for extension in EXTENSIONS:
        inside.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    for statement in _SCHEMA:
        inside.execute(statement)
    set_default_privileges(inside)


def set_default_privileges(owner: "psycopg.Connection[Any]") -> None:
    """Let new tables belong to the roles as agreed; the connection is gs_owner's or a superuser's."""
    for what, whom in _DEFAULTS:
        owner.execute(f"ALTER DEFAULT PRIVILEGES FOR ROLE gs_owner GRANT {what} TO {whom}")


def withdraw_default_privileges(owner: "psycopg.Connection[Any]") -> None:
    """Undo `set_default_privileges` for a restore.

    A dump notes only how rights differ from PostgreSQL's own defaults: restored under ours, a table
    that gs_app must not read would be given to it.
    """
    for what, whom in _DEFAULTS:
        owner.execute(f"ALTER DEFAULT PRIVILEGES FOR ROLE gs_owner REVOKE {what} FROM {whom}")
