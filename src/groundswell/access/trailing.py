"""Reading the trail: its entries by key, their contents where they may be seen, and whether it is whole.

The database decides who reads what (row security of `access_trail` and of its payloads); the query
carries the reach itself as well, so that a page costs the same however long the trail is. Machine time.
"""

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from groundswell.access import proving, scope

# What a filter of the page means by each kind of entry.
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "people": ("people\\_%",),
    "offices": ("accounts\\_%",),
    "structure": ("structure\\_%",),
    "reading": ("access\\_reading", "exchange\\_export%"),
    "decisions": ("democracy\\_%",),
    "reports": ("reports\\_%",),
}
_ENTRIES: Final = """
with reach as materialized (
    select scope_all() as everything, scope_reach('{dpo,auditor}', false) as whole,
           scope_structure_units() as structure, scope_reach('{treasurer}', false) as money
)
select t.id, t.at, t.table_name, t.row_id, t.op, t.by_kind, t.account_id, t.purpose, t.unit_id, a.person_id
from access_trail t cross join reach left join accounts_account a on a.id = t.account_id
where (reach.everything or t.unit_id = any (reach.whole)
       or t.unit_id = any (reach.structure)
          and (t.table_name like 'structure\\_%%' or t.table_name = 'accounts_mandate')
       or t.unit_id = any (reach.money) and t.table_name like 'finance\\_%%')
  and t.id < %(before)s and t.id >= %(first)s and t.id <= %(last)s
  and (%(units)s::bigint[] is null or t.unit_id = any (%(units)s))
  and (%(tables)s::text[] is null or t.table_name like any (%(tables)s))
order by t.id desc limit %(most)s
"""
_CONTENTS: Final = """
select trail_id, person_id, old, new from access_trailpayload
where trail_id between %s and %s and trail_id = any (%s)
"""
_OF_A_DAY: Final = "select min(id), max(id) from access_trail where at >= %s and at < %s"
_NEWEST_OF: Final = """
select distinct on (p.person_id) p.person_id, p.new
from access_trailpayload p join access_trail t on t.id = p.trail_id
where p.person_id = any (%s) and t.op = %s and t.at > now() - make_interval(days => %s)
order by p.person_id, t.id desc
"""
LARGEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `content` is None where it may not be seen or was erased."""

    number: int
    at: dt.datetime
    table: str
    row: str | None
    op: str
    by_kind: str
    account_id: int | None
    purpose: str
    unit_id: int | None
    by_person: int | None
    person_id: int | None = None
    old: Mapping[str, Any] | None = None
    new: Mapping[str, Any] | None = None
    content: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """The last time the whole trail was checked: how many seals and entries, and what was found.

    What was found is said in the language that was on when this was read.
    """

    at: dt.datetime
    seals: int
    entries: int
    findings: tuple[str, ...]


def entries(
    *,
    before: int = LARGEST,
    day: dt.date | None = None,
    units: Sequence[int] | None = None,
    kind: str = "",
    most: int = 50,
) -> list[Entry]:
    """Return the newest entries that the session may read, older than the entry `before`.

    `day` is one of machine time (UTC), `units` keys of units, `kind` a word of KINDS.
    """
    first, last = (0, LARGEST) if day is None else _numbers_of(day)
    asked = {
        "before": before,
        "first": first,
        "last": last,
        "units": None if units is None else list(units),
        "tables": list(KINDS[kind]) if kind else None,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, asked)
        found = [
            Entry(number, at, table, row, op, by, account, purpose or "", unit, by_person)
            for number, at, table, row, op, by, account, purpose, unit, by_person in cursor.fetchall()
        ]
    return _with_contents(found)


def _numbers_of(day: dt.date) -> tuple[int, int]:
    start = dt.datetime.combine(day, dt.time.min, dt.UTC)
    with connection.cursor() as cursor:
        cursor.execute(_OF_A_DAY, [start, start + dt.timedelta(days=1)])
        first, last = cursor.fetchone()
    return (first, last) if first is not None else (1, 0)


def _with_contents(found: list[Entry]) -> list[Entry]:
    if not found:
        return found
    numbers = [one.number for one in found]
    with connection.cursor() as cursor:
        cursor.execute(_CONTENTS, [min(numbers), max(numbers), numbers])
        seen = {number: rest for number, *rest in cursor.fetchall()}
    return [_filled(one, seen.get(one.number)) for one in found]


def _filled(entry: Entry, seen: list[Any] | None) -> Entry:
    if seen is None:
        return entry
    person, old, new = seen
    parts = {name: getattr(entry, name) for name in Entry.__slots__}
    old, new = (_read(text) for text in (old, new))
    return Entry(**{**parts, "person_id": person, "old": old, "new": new, "content": bool(old or new)})


def _read(held: Any) -> Mapping[str, Any] | None:
    # Django leaves JSON of a plain cursor as text.
    content: Mapping[str, Any] | None = json.loads(held) if isinstance(held, str) else held
    return content


def newest_of(event: str, persons: Collection[int], *, days: int) -> dict[int, Mapping[str, Any]]:
    """Return the detail of the newest event of a name within some days, of each of these persons who has one.

    Only where the session may see it.
    """
    if not persons:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST_OF, [list(persons), event, days])
        return {person: _read(new) or {} for person, new in cursor.fetchall()}


def last_proof() -> Proof | None:
    """Return the newest check of the whole trail, None before the first."""
    with connection.cursor() as cursor:
        cursor.execute("select at, seals, entries, findings from access_proof order by at desc limit 1")
        row = cursor.fetchone()
    return Proof(row[0], row[1], row[2], tuple(map(proving.kept, row[3]))) if row else None


def prove() -> Proof:
    """Check the whole trail and write down what came of it. For the worker: it reads every entry."""
    findings = [found.to_keep() for found in proving.verify()]
    with scope.worker("prove the trail"), connection.cursor() as cursor:
        cursor.execute(
            "select write_proof(%s)",
            [findings[:100]],
        )
    with scope.worker():
        proof = last_proof()
    if proof is None:
        raise LookupError("The check of the trail was not written down.")
    return proof
