"""The gate: the one place where the application proves to the database that it is the application.

Secrets travel as parameters of the protocol, never inside the text of a statement: every connection
of the runtime role may read the text of the others' statements in `pg_stat_activity`.
"""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any, Final

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from groundswell.ground.keys import KeyRing

OPERATOR: Final = "operator"
WORKER: Final = "worker"
_LONGEST: Final = 128


def keyring() -> KeyRing:
    """Return the installation's keys; without a key file the message tells what to do."""
    keys: KeyRing | None = settings.KEYS
    if keys is None:
        raise LookupError("There is no key file yet: run `groundswell migrate` first.")
    return keys


def secret_of(kind: str, keys: KeyRing | None = None) -> str:
    """Return the secret of the operator's or the worker's scope.

    It begins as `scope_all()` in the database expects it, so that no other secret is looked up there.
    """
    ring = keys or keyring()
    return "all-" + hmac.new(ring.operator_secret.encode(), kind.encode(), hashlib.sha256).hexdigest()


def may_be_a_secret(text: str) -> bool:
    """Return whether a text from outside has the form of a secret (and can be asked for at all)."""
    return len(text) <= _LONGEST and text.isascii() and text.isprintable()


def digest_of(secret: str) -> bytes:
    """Return what the database keeps of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def proof(message: str) -> bytes:
    """Return the proof that `message` comes from the application (`gate_proves` in the database)."""
    gate = keyring().gate_key
    inner = hashlib.sha256(gate + message.encode()).digest()
    return hashlib.sha256(gate + inner).digest()


def vouch(table: str, *values: object, using: str = DEFAULT_DB_ALIAS) -> None:
    """Vouch for the next row written to a `Vouched` table: these values, in the order its columns have.

    Holds until the next voucher or the end of the transaction; for one row at a time.
    """
    said = "|".join("-" if value is None else _said(value) for value in values)
    ask("select set_config('app.proof', %s, true)", [proof(table + said).hex()], using=using)


def _said(value: object) -> str:
    """Return a value as the database writes it, its length in bytes before it."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"{len(text.encode())}:{text}"


def ask(
    statement: str, parameters: Sequence[Any], *, using: str = DEFAULT_DB_ALIAS
) -> tuple[Any, ...] | None:
    """Run a statement whose parameters are secret, and return its first row.

    Errors are Django's database errors. The statement takes part in the current transaction.
    """
    return _ask(connections[using], statement, parameters)


def _ask(
    connection: BaseDatabaseWrapper, statement: str, parameters: Sequence[Any]
) -> tuple[Any, ...] | None:
    connection.validate_no_broken_transaction()
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement.encode(), parameters)
        return cursor.fetchone() if cursor.description else None


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the gate's key and the digests of the operator's and the worker's secrets into the database.

    `connection` is the owner's. Runs at every migration; a changed key takes effect at once, and
    secrets of an older key end.
    """
    keys = keyring()
    digests = {kind: digest_of(secret_of(kind, keys)) for kind in (OPERATOR, WORKER)}
    _ask(
        connection,
        "insert into access_gate (id, gate_key) values (1, %s)"
        " on conflict (id) do update set gate_key = excluded.gate_key",
        [keys.gate_key],
    )
    _ask(
        connection,
        "delete from access_session where kind in ('operator', 'worker') and digest <> all (%s)",
        [list(digests.values())],
    )
    for kind, digest in digests.items():
        _ask(
            connection,
            "insert into access_session (digest, kind, expires_at) values (%s, %s, 'infinity')"
            " on conflict do nothing",
            [digest, kind],
        )


def act_as_operator(connection: BaseDatabaseWrapper) -> None:
    """Give this connection the operator's scope until it is closed: for migrations that move data.

    Forced row security binds the owner too; without a scope its updates would change no row, in silence.
    """
    _ask(connection, "select set_config('app.session', %s, false)", [secret_of(OPERATOR)])
    _ask(connection, "select set_config('app.purpose', %s, false)", ["migrate"])


def prepare_migrations(connection: BaseDatabaseWrapper) -> None:
    """Install the gate if its tables are there, and let the migrations that follow act on all rows."""
    found = _ask(connection, "select to_regclass('access_gate') is not null", [])
    if found and found[0]:
        install(connection)
        act_as_operator(connection)
