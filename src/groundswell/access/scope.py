"""What a transaction sees: the secret of a session, set for the length of the transaction."""

import contextlib
from collections.abc import Iterator

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from groundswell.access import gate

# Temporary tables outlive a transaction on a pooled connection: named last, none stands in for a real one.
_SET = (
    "select set_config('app.session', %s, true), set_config('app.purpose', %s, true),"
    " set_config('search_path', 'public, pg_temp', true)"
)
_GET = "select current_setting('app.session', true), current_setting('app.purpose', true)"


def take_up(secret: str, purpose: str = "", *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Let the current transaction see what the session of `secret` may see; '' sees nothing.

    `purpose` stands in the trail beside every change. Refused outside a transaction, where the
    setting would not hold.
    """
    if not connections[using].in_atomic_block:
        raise transaction.TransactionManagementError("A scope is taken up inside a transaction.")
    gate.ask(_SET, [secret, purpose], using=using)


@contextlib.contextmanager
def session(secret: str, purpose: str = "", *, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Run a block in one transaction under the scope of `secret`, and give the former scope back."""
    with transaction.atomic(using=using):
        former = gate.ask(_GET, [], using=using)
        take_up(secret, purpose, using=using)
        yield
        # After an error the transaction is rolled back, and the setting with it.
        take_up(*(value or "" for value in former or ("", "")), using=using)


def operator(purpose: str = "", *, using: str = DEFAULT_DB_ALIAS) -> contextlib.AbstractContextManager[None]:
    """Run a block with the reach of the one who runs the server: everything, and it stands in the trail."""
    return session(gate.secret_of(gate.OPERATOR), purpose, using=using)


def worker(purpose: str = "", *, using: str = DEFAULT_DB_ALIAS) -> contextlib.AbstractContextManager[None]:
    """Run a block with the reach of the background worker."""
    return session(gate.secret_of(gate.WORKER), purpose, using=using)


def nobody(*, using: str = DEFAULT_DB_ALIAS) -> contextlib.AbstractContextManager[None]:
    """Run a block that sees what someone signed out sees."""
    return session("", using=using)
