"""The proof that the trail is whole: every chain, every entry under its seal, every payload."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection

from groundswell.access import scope
from groundswell.access.sealing import START, Checkpoint, Seal, public_key, seals

# `width_bucket` finds the seal of an entry: 0 before the first, one more than there are behind the last.
_ROOTS: Final = """
    select seal, sum(entries)::bigint, sha256(string_agg(part, ''::bytea order by chunk)) from (
        select width_bucket(t.stamp, %s::bigint[]) as seal, t.id >> 16 as chunk, count(*) as entries,
               sha256(string_agg(trail_leaf(t), ''::bytea order by t.id)) as part
        from access_trail t where coalesce(t.section_id, 0) = %s group by 1, 2) parts
    group by seal
"""
_UNSEALED: Final = """
    select t.id from access_trail t
    left join (select section_id, max(to_stamp) as to_stamp from access_seal group by 1) s
      on s.section_id = coalesce(t.section_id, 0)
    where t.stamp >= coalesce(s.to_stamp, 0) and t.stamp < (select max(to_stamp) from access_seal)
    order by t.id
"""
_PAYLOADS: Final = """
    select t.id from access_trail t left join access_trailpayload p on p.trail_id = t.id
    where p.trail_id is null
       or (p.salt is null and (p.old is not null or p.new is not null or p.person_id is not null))
       or (p.salt is not null and trail_digest(p.salt, p.old, p.new) is distinct from t.digest)
    order by t.id
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was sealed; `what` is a stable word for programs."""

    what: str
    section: int | None
    number: int | None
    sentence: str


def verify(published: Iterable[Checkpoint] = ()) -> list[Finding]:
    """Return everything that is not as it was sealed; an empty list when the trail is whole.

    `published` are checkpoints kept elsewhere: without them a truncated tail cannot show.
    """
    with scope.operator("verify the trail"):
        chains = {section: list(links) for section, links in groupby(seals(), key=lambda link: link.section)}
        return [
            *(found for links in chains.values() for found in _chain(links)),
            *(found for links in chains.values() for found in _entries(links)),
            *_numbers(_UNSEALED, "inserted", "Entry {} of the trail was put in behind the seals."),
            *_numbers(_PAYLOADS, "payload", "The payload of entry {} was changed or removed."),
            *_compare(published, chains),
        ]


def _chain(links: list[Seal]) -> Iterator[Finding]:
    """Check numbers, ranges, hashes of those before, and signatures."""
    before = Seal(links[0].section, 0, 0, 0, 0, START, links[0].sealed_at, hash=START)
    for link in links:
        joined = (
            link.number == before.number + 1
            and link.from_stamp == before.to_stamp
            and link.previous == before.hash
        )
        if not joined:
            yield _about(link, "chain", "does not follow the one before: a seal was removed or replaced.")
        if not _signed(link.hash, link.signature):
            yield _about(link, "signature", "does not bear this installation's signature.")
        before = link


def _entries(links: list[Seal]) -> Iterator[Finding]:
    """Check the entries under every seal of one section, in one pass over them."""
    with connection.cursor() as cursor:
        cursor.execute(_ROOTS, [[link.from_stamp for link in links] + [links[-1].to_stamp], links[0].section])
        found = {seal: (int(count), bytes(root)) for seal, count, root in cursor.fetchall()}
    for position, link in enumerate(links, start=1):
        count, root = found.get(position, (0, START))
        if count < link.entries:
            yield _about(link, "removed", f"covers {link.entries} entries, and only {count} are there.")
        elif count > link.entries:
            yield _about(link, "inserted", f"covers {link.entries} entries, and {count} are there.")
        elif link.hash_over(root) != link.hash:
            yield _about(link, "changed", "covers an entry that was changed, or was changed itself.")


def _numbers(query: str, what: str, sentence: str) -> list[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [Finding(what, None, number, sentence.format(number)) for (number,) in cursor.fetchall()]


def _compare(published: Iterable[Checkpoint], chains: dict[int, list[Seal]]) -> Iterator[Finding]:
    """Check that every published checkpoint is still in its chain."""
    held = {(link.section, link.number): link.hash for links in chains.values() for link in links}
    for point in published:
        if not _signed(point.hash, point.signature):
            yield _about(point, "signature", "as published does not bear this installation's signature.")
        elif held.get((point.section, point.number)) != point.hash:
            yield _about(point, "truncated", "was published and is no longer in the chain.")


def _signed(digest: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key()).verify(signature, digest)
    except InvalidSignature:
        return False
    return True


def _about(link: Seal | Checkpoint, what: str, sentence: str) -> Finding:
    return Finding(
        what, link.section, link.number, f"Seal {link.number} of section {link.section} {sentence}"
    )
