"""The proof that the trail is whole: every chain, every entry under its seal, every payload."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection
from django.utils.translation import gettext, gettext_noop

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


# What can be found of a seal, of an entry, and of a seal that was published.
_REPLACED: Final = gettext_noop(
    "Seal %(number)s of section %(section)s does not follow the one before: a seal was removed or replaced."
)
_UNSIGNED: Final = gettext_noop(
    "Seal %(number)s of section %(section)s does not bear this installation's signature."
)
_FEWER: Final = gettext_noop(
    "Seal %(number)s of section %(section)s covers %(entries)s entries, and only %(there)s are there."
)
_MORE: Final = gettext_noop(
    "Seal %(number)s of section %(section)s covers %(entries)s entries, and %(there)s are there."
)
_CHANGED: Final = gettext_noop(
    "Seal %(number)s of section %(section)s covers an entry that was changed, or was changed itself."
)
_BEHIND: Final = gettext_noop("Entry %(number)s of the trail was put in behind the seals.")
_PAYLOAD: Final = gettext_noop("The payload of entry %(number)s was changed or removed.")
_PUBLISHED_UNSIGNED: Final = gettext_noop(
    "Seal %(number)s of section %(section)s as published does not bear this installation's signature."
)
_TRUNCATED: Final = gettext_noop(
    "Seal %(number)s of section %(section)s is not in the chain as it was written down: the trail was cut "
    "off, or an older backup restored, or the note is wrong."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was sealed; `what` is a stable word for programs.

    `said` is the sentence as the sources have it, with a place for each of the `values`.
    """

    what: str
    section: int | None
    number: int | None
    said: str
    values: Mapping[str, int]

    @property
    def sentence(self) -> str:
        """Return the sentence in the language of whoever reads it."""
        return _sentence(self.said, self.values)

    def to_keep(self) -> str:
        """Return what is written down of it: the sentence and its values apart, in nobody's language."""
        return json.dumps({"said": self.said, "values": dict(self.values)})


def kept(text: str) -> str:
    """Return the sentence of a finding that was written down, in the language of whoever reads it.

    Whole sentences were written down once: they stay as they are.
    """
    if not text.startswith("{"):
        return text
    found = json.loads(text)
    return _sentence(found["said"], found["values"])


def _sentence(said: str, values: Mapping[str, int]) -> str:
    return gettext(said) % values


def verify(published: Iterable[Checkpoint] = ()) -> list[Finding]:
    """Return everything that is not as it was sealed; an empty list when the trail is whole.

    `published` are checkpoints kept elsewhere: without them a truncated tail cannot show.
    """
    with scope.operator("verify the trail"):
        chains = {section: list(links) for section, links in groupby(seals(), key=lambda link: link.section)}
        return [
            *(found for links in chains.values() for found in _chain(links)),
            *(found for links in chains.values() for found in _entries(links)),
            *_numbers(_UNSEALED, "inserted", _BEHIND),
            *_numbers(_PAYLOADS, "payload", _PAYLOAD),
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
            yield _about(link, "chain", _REPLACED)
        if not _signed(link.hash, link.signature):
            yield _about(link, "signature", _UNSIGNED)
        before = link


def _entries(links: list[Seal]) -> Iterator[Finding]:
    """Check the entries under every seal of one section, in one pass over them."""
    with connection.cursor() as cursor:
        cursor.execute(_ROOTS, [[link.from_stamp for link in links] + [links[-1].to_stamp], links[0].section])
        found = {seal: (int(count), bytes(root)) for seal, count, root in cursor.fetchall()}
    for position, link in enumerate(links, start=1):
        count, root = found.get(position, (0, START))
        if count < link.entries:
            yield _about(link, "removed", _FEWER, entries=link.entries, there=count)
        elif count > link.entries:
            yield _about(link, "inserted", _MORE, entries=link.entries, there=count)
        elif link.hash_over(root) != link.hash:
            yield _about(link, "changed", _CHANGED)


def _numbers(query: str, what: str, said: str) -> list[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [Finding(what, None, number, said, {"number": number}) for (number,) in cursor.fetchall()]


def _compare(published: Iterable[Checkpoint], chains: dict[int, list[Seal]]) -> Iterator[Finding]:
    """Check that every published checkpoint is still in its chain."""
    held = {(link.section, link.number): link.hash for links in chains.values() for link in links}
    for point in published:
        if point.signature and not _signed(point.hash, point.signature):
            yield _about(point, "signature", _PUBLISHED_UNSIGNED)
        elif held.get((point.section, point.number)) != point.hash:
            yield _about(point, "truncated", _TRUNCATED)


def _signed(digest: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key()).verify(signature, digest)
    except InvalidSignature:
        return False
    return True


def _about(link: Seal | Checkpoint, what: str, said: str, **more: int) -> Finding:
    values = {"section": link.section, "number": link.number, **more}
    return Finding(what, link.section, link.number, said, values)
