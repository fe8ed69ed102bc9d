"""The key ring of an installation: one file, made once, and never made anew in silence.

What it opens cannot be opened without it: encrypted fields, backups, sessions. The database
remembers the fingerprint of its key ring, so a lost or foreign file is noticed at the start.
"""

import base64
import binascii
import hashlib
import json
import secrets
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from groundswell.ground import cluster, roles
from groundswell.ground.environment import Environment
from groundswell.ground.errors import KeyProblem
from groundswell.ground.files import locked, private_directory, read_json, write_private
from groundswell.ground.language import gettext as _
from groundswell.ground.language import gettext_noop

if TYPE_CHECKING:
    import psycopg

_BYTES: Final = 32
# In the order of the fields.
_KEYS: Final = ("wrap_key", "blind_key", "gate_key", "seal_key", "backup_key")
_TEXTS: Final = ("django_secret", "operator_secret")
_COMMENT: Final = "Groundswell, key "
_PUT_BACK: Final = gettext_noop(
    "put back your copy of it, which is in no backup; docs/running/backup.md says what is left without one"
)


@dataclass(frozen=True, slots=True, repr=False)
class KeyRing:
    """The keys; every `bytes` is 32 bytes of the system's randomness."""

    django_secret: str
    operator_secret: str
    wrap_key: bytes
    blind_key: bytes
    gate_key: bytes
    seal_key: bytes
    backup_key: bytes

    @property
    def fingerprint(self) -> str:
        """Return a digest that tells this ring from another and gives nothing of it away."""
        parts = [getattr(self, field.name) for field in fields(self)]
        raw = [part if isinstance(part, bytes) else part.encode() for part in parts]
        return hashlib.sha256(b"groundswell key ring\0" + b"\0".join(raw)).hexdigest()[:32]


def path(environment: Environment) -> Path:
    """Return where the key file lies."""
    return environment.home / "keys.json"


def load_if_there(environment: Environment) -> KeyRing | None:
    """Read the key file; None when there is none. A KeyProblem when it cannot be what it should."""
    file = path(environment)
    if not file.exists():
        return None
    return _parse(file, read_json(file, _(_PUT_BACK)))


def load_or_make(environment: Environment) -> KeyRing:
    """Read the key file, or make it for a home that has no data yet.

    A KeyProblem when the file is missing although there is a database, or is broken, or is another's
    while the home knows which it was.
    """
    private_directory(environment.home)
    with locked(environment.home / "keys.lock"):
        ring, expected = load_if_there(environment), _remembered(environment)
        if ring is None:
            if expected is not None or cluster.made(environment):
                raise KeyProblem(lost(environment, expected))
            ring = _new()
            write_private(path(environment), _text(ring))
        require_remembered(environment, ring)
        return ring


def require_remembered(environment: Environment, ring: KeyRing) -> None:
    """Raise a KeyProblem when the home remembers another key ring."""
    expected = _remembered(environment)
    if expected is not None and expected != ring.fingerprint:
        raise KeyProblem(_foreign(environment, expected, ring))


def remembered(connection: "psycopg.Connection[Any]") -> str | None:
    """Return the fingerprint that the database remembers, None before its first key."""
    row = connection.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    comment = str(row[0]) if row and row[0] else ""
    return comment.removeprefix(_COMMENT) if comment.startswith(_COMMENT) else None


def require_unclaimed(connection: "psycopg.Connection[Any]", environment: Environment) -> None:
    """Raise a KeyProblem when the database remembers a key ring: no other is made for it."""
    expected = remembered(connection)
    if expected is not None:
        raise KeyProblem(lost(environment, expected))


def require_fit(connection: "psycopg.Connection[Any]", environment: Environment, ring: KeyRing) -> None:
    """Raise a KeyProblem when the database remembers another key ring. Any role may ask."""
    expected = remembered(connection)
    if expected is not None and expected != ring.fingerprint:
        raise KeyProblem(_foreign(environment, expected, ring))


def remember(owner: "psycopg.Connection[Any]", environment: Environment, ring: KeyRing) -> None:
    """Let database and home remember this ring, once; a KeyProblem when they know another.

    The connection signs in as gs_owner.
    """
    from psycopg import sql

    # Two comments on a database at once are an error.
    owner.execute("SELECT pg_advisory_xact_lock(%s)", [roles.TABLES_LOCK])
    require_fit(owner, environment, ring)
    if remembered(owner) is None:
        comment = sql.SQL("COMMENT ON DATABASE {} IS {}").format(
            sql.Identifier(owner.info.dbname), sql.Literal(_COMMENT + ring.fingerprint)
        )
        owner.execute(comment)
    with locked(environment.home / "keys.lock"):
        file = environment.home / "key-fingerprint.json"
        if not file.exists():
            write_private(file, json.dumps({"fingerprint": ring.fingerprint}) + "\n")


def from_text(text: str, origin: Path) -> KeyRing:
    """Read a ring from the text of a key file that came from `origin`."""
    try:
        content = json.loads(text)
    except ValueError as problem:
        raise KeyProblem(_("%(path)s is not a key file.") % {"path": origin}) from problem
    return _parse(origin, content if isinstance(content, dict) else {})


def _new() -> KeyRing:
    texts = {name: secrets.token_urlsafe(48) for name in _TEXTS}
    raw = {name: secrets.token_bytes(_BYTES) for name in _KEYS}
    return _ring(texts, raw)


def _ring(texts: dict[str, str], raw: dict[str, bytes]) -> KeyRing:
    return KeyRing(texts["django_secret"], texts["operator_secret"], *(raw[name] for name in _KEYS))


def _text(ring: KeyRing) -> str:
    content = {name: getattr(ring, name) for name in _TEXTS}
    content |= {name: base64.b64encode(getattr(ring, name)).decode() for name in _KEYS}
    return json.dumps(content, indent=1) + "\n"


def _parse(file: Path, content: dict[str, Any]) -> KeyRing:
    try:
        texts = {name: str(content[name]) for name in _TEXTS}
        raw = {name: base64.b64decode(content[name], validate=True) for name in _KEYS}
    except (KeyError, TypeError, binascii.Error) as problem:
        raise KeyProblem(
            _("The key file %(path)s is damaged: %(put_back)s.") % {"path": file, "put_back": _(_PUT_BACK)}
        ) from problem
    if any(len(key) != _BYTES for key in raw.values()) or not all(texts.values()):
        raise KeyProblem(
            _("The key file %(path)s is damaged: %(put_back)s.") % {"path": file, "put_back": _(_PUT_BACK)}
        )
    return _ring(texts, raw)


def _remembered(environment: Environment) -> str | None:
    file = environment.home / "key-fingerprint.json"
    return read_json(file, _("remove it, and `groundswell migrate` writes it again")).get("fingerprint")


def lost(environment: Environment, expected: str | None = None) -> str:
    """Say that the key file is missing beside a database, and what to do."""
    known = _("fingerprint %(fingerprint)s…") % {"fingerprint": expected[:8]} if expected else ""
    which = f" ({known})" if known else ""
    return _("The key file %(path)s is missing, and this database needs it%(which)s: %(put_back)s.") % {
        "path": path(environment),
        "which": which,
        "put_back": _(_PUT_BACK),
    }


def _foreign(environment: Environment, expected: str, ring: KeyRing) -> str:
    return _(
        "The key file %(path)s (fingerprint %(fingerprint)s…) is not the one of this "
        "database (fingerprint %(expected)s…): put back the file that belongs to it."
    ) % {"path": path(environment), "fingerprint": ring.fingerprint[:8], "expected": expected[:8]}
