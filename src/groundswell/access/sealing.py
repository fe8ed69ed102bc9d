"""Seals over the trail: a hash chain for each section, signed, and the proof that it is whole.

A seal covers the entries whose stamps lie in `[from_stamp, to_stamp)`. It is written when every
transaction below `to_stamp` has ended, so that one that commits late is never missed. Section 0 is
what lies above the sections. A truncated tail shows only against a checkpoint that was published
elsewhere: publish them.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection
from django.utils import timezone

from groundswell.access import gate, scope

START: Final = hashlib.sha256(b"").digest()

# Two levels of hashes keep the memory bounded when one load writes millions of entries.
_ROOTS: Final = """
    select section, sum(entries)::bigint, sha256(string_agg(part, ''::bytea order by chunk)) from (
        select coalesce(t.section_id, 0) as section, t.id >> 16 as chunk, count(*) as entries,
               sha256(string_agg(trail_leaf(t), ''::bytea order by t.id)) as part
        from access_trail t where t.stamp >= %s and t.stamp < %s group by 1, 2) parts
    group by section order by section
"""
_LAST: Final = """
    select distinct on (section_id) section_id, number, to_stamp, hash from access_seal
    order by section_id, number desc
"""
_COLUMNS: Final = "section_id, number, from_stamp, to_stamp, entries, previous, hash, sealed_at, signature"


@dataclass(frozen=True, slots=True)
class Seal:
    """One link of a section's chain; `root` is the hash over the entries, which the chain's hash holds."""

    section: int
    number: int
    from_stamp: int
    to_stamp: int
    entries: int
    previous: bytes
    sealed_at: dt.datetime
    hash: bytes = b""
    signature: bytes = b""

    def hash_over(self, root: bytes) -> bytes:
        """Return the hash of this link: the one before, what it says of itself, and its entries."""
        said = "|".join(
            (
                "groundswell seal 1",
                str(self.section),
                str(self.number),
                str(self.from_stamp),
                str(self.to_stamp),
                str(self.entries),
                self.sealed_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
                root.hex(),
            )
        )
        return hashlib.sha256(self.previous + said.encode()).digest()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is published elsewhere: the newest seal of a section, by its hash and signature.

    Written down as `SECTION:NUMBER:HASH` it is without its signature: the hash alone finds it in the chain.
    """

    section: int
    number: int
    hash: bytes
    signature: bytes = b""

    def __str__(self) -> str:
        return f"{self.section}:{self.number}:{self.hash.hex()}"


def seal() -> list[Seal]:
    """Seal what has settled since the last run, for every section; return the new seals."""
    with scope.worker("seal the trail"):
        with connection.cursor() as cursor:
            # One sealer at a time; the number is arbitrary and used nowhere else.
            cursor.execute("select pg_advisory_xact_lock(4718305)")
            cursor.execute("select org_settled()")
            (settled,) = cursor.fetchone()
            cursor.execute(_LAST)
            last = {row[0]: row[1:] for row in cursor.fetchall()}
            # Everything below the newest seal of any section was sealed by the same run.
            begun = max((row[1] for row in last.values()), default=0)
            cursor.execute(_ROOTS, [begun, settled])
            roots = cursor.fetchall()
        at = timezone.now()
        return [_write(section, int(count), bytes(root), last, settled, at) for section, count, root in roots]


def _write(
    section: int, count: int, root: bytes, last: dict[int, Any], settled: int, at: dt.datetime
) -> Seal:
    number, start, previous = last.get(section, (0, 0, START))
    link = Seal(section, number + 1, start, settled, count, bytes(previous), at)
    digest = link.hash_over(root)
    link = replace(link, hash=digest, signature=_signer().sign(digest))
    with connection.cursor() as cursor:
        cursor.execute(
            "select seal_write(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                link.section,
                link.number,
                link.from_stamp,
                link.to_stamp,
                link.entries,
                link.previous,
                link.hash,
                link.sealed_at,
                link.signature,
            ],
        )
    return link


def seals(section: int | None = None) -> list[Seal]:
    """Return the seals of one section or of all, in the order of their chains."""
    chosen = "" if section is None else "where section_id = %s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {_COLUMNS} from access_seal {chosen} order by section_id, number",  # noqa: S608  # nosec B608 - constants
            [] if section is None else [section],
        )
        return [_seal(row) for row in cursor.fetchall()]


def checkpoints() -> list[Checkpoint]:
    """Return the newest seal of every section, to be published where this installation cannot change it."""
    newest = {link.section: link for link in seals()}
    return [Checkpoint(link.section, link.number, link.hash, link.signature) for link in newest.values()]


def public_key() -> bytes:
    """Return the 32 bytes by which anybody checks the signatures (Ed25519, RFC 8032)."""
    return _signer().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _signer() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(gate.keyring().seal_key)


def _seal(row: tuple[Any, ...]) -> Seal:
    section, number, start, end, entries, previous, digest, at, signature = row
    return Seal(
        section,
        number,
        start,
        end,
        entries,
        bytes(previous),
        at,
        hash=bytes(digest),
        signature=bytes(signature),
    )
