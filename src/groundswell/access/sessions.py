"""Django's sessions, kept where the runtime role cannot read them: the database holds digests alone.

The cookie's value is the session's secret and the token of its scope. The account a session stands for
is a column that only an opening with the gate's proof sets; the signed data repeats it, and a session
whose two accounts differ is none.
"""

import datetime as dt
import logging
import re
import secrets
import time
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.db import connection

from groundswell.access import gate

logger = logging.getLogger(__name__)

HANDLE = re.compile("[0-9a-f]{64}")


class SessionStore(SessionBase):
    """A session in `access_session`, reached through definer functions only."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._account: int | None = None
        # Whether this hour stands in the list of sessions already (`seen`).
        self.noted = False

    def _get_new_session_key(self) -> str:
        return secrets.token_urlsafe(32)

    def _validate_session_key(self, key: str | None) -> bool:
        return key is not None and gate.may_be_a_secret(key)

    def load(self) -> dict[str, Any]:
        """Return the data of a valid session; an unknown, ended or expired one is forgotten."""
        row = gate.ask("select data, account_id, noted from session_look(%s)", [self.session_key])
        if row is None:
            self._session_key = None
            return {}
        data: dict[str, Any] = self.decode(row[0])
        if _account_in(data) != row[1]:
            logger.warning("A session's data names another account than the session: it is not used.")
            self._session_key = None
            return {}
        self._account = row[1]
        self.noted = bool(row[2])
        return data

    def exists(self, session_key: str) -> bool:
        """Return whether a valid session has this secret."""
        return gate.ask("select 1 from session_read(%s)", [session_key]) is not None

    def create(self) -> None:
        """Open a session under a new secret."""
        self._session_key = self._get_new_session_key()
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Keep the data; opening a session, or giving it its account, needs the gate's proof.

        Nothing is kept of a request that is rolled back: the answer to its refusal stands.
        """
        if connection.in_atomic_block and connection.needs_rollback:
            return
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # missing in the stubs
        account = _account_in(data)
        if must_create or account != self._account:
            self._open(account, self.encode(data))
        elif gate.ask("select session_write(%s, %s)", [self.session_key, self.encode(data)]) != (True,):
            raise UpdateError("The session has ended meanwhile.")

    def _open(self, account: int | None, data: str) -> None:
        digest = gate.digest_of(self.session_key or "")
        kind = "visitor" if account is None else "person"
        expires = int(time.time()) + self.get_expiry_age()
        proof = gate.proof(f"open|{digest.hex()}|{kind}|{'-' if account is None else account}|{expires}")
        opened = gate.ask(
            "select session_open(%s, %s, %s, %s, %s, %s)", [digest, kind, account, expires, data, proof]
        )
        if opened != (True,):
            raise UpdateError("The session has ended meanwhile.")
        self._account = account

    def delete(self, session_key: str | None = None) -> None:
        """End the session; its secret opens nothing from now on."""
        secret = session_key or self.session_key
        if secret is not None:
            gate.ask("select session_end(%s)", [secret])

    @classmethod
    def clear_expired(cls) -> None:
        """Remove sessions that expired more than a week ago."""
        gate.ask("select session_sweep()", [])


def _account_in(data: dict[str, Any]) -> int | None:
    account = data.get(SESSION_KEY)
    return None if account is None else int(account)


def end_all_of(account: int) -> int:
    """End every session of an account: its own holder or the operator may; return how many."""
    row = gate.ask("select session_end_all(%s)", [account])
    return int(row[0]) if row else 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A session as its holder sees it. `handle` names it and opens nothing; `seen_at` is a full hour."""

    handle: str
    device: str
    created_at: dt.datetime
    seen_at: dt.datetime
    here: bool


def listed() -> list[Listed]:
    """Return the sessions of the account whose scope is taken up, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute("select * from session_list()")
        return [Listed(*row) for row in cursor.fetchall()]


def seen(secret: str, device: str) -> None:
    """Note that a session was used in this hour, and on what."""
    gate.ask("select session_seen(%s, %s)", [secret, device])


def end_one(handle: str) -> bool:
    """End one session of the account whose scope is taken up; return whether there was one."""
    if not HANDLE.fullmatch(handle):
        return False
    row = gate.ask("select session_end_one(%s)", [handle])
    return bool(row and row[0])


def end_others() -> int:
    """End all sessions of that account but the present one; return how many."""
    row = gate.ask("select session_end_others()", [])
    return int(row[0]) if row else 0
