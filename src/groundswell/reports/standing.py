"""Where the units of a report lie: those that never moved all at once, by today's path; the rest by periods.

In an organisation of thousands of units few ever move. A unit is *settled* when it has lain in one parent
for good since it came, and so have all above it up to the report's unit: then its row stands in its path.
The database finds these in one statement and gives them as arrays that go back to it as they are.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from django.db import connection

from groundswell.kernel import clock
from groundswell.reports.placement import FOREVER, Lies
from groundswell.structure import queries as structure
from groundswell.structure.models import Unit
from groundswell.structure.queries import ParentPeriod


@dataclass(frozen=True)
class Settled:
    """The units below a report's unit that never moved: two lists of numbers as text, and who has a row."""

    units: str = ""
    row_ids: str = ""
    children: frozenset[int] = frozenset()

    @cached_property
    def row_of(self) -> Mapping[int, int]:
        """The row of each settled unit; few reports need it."""
        units, row_ids = (text.split(",") if text else [] for text in (self.units, self.row_ids))
        return dict(zip(map(int, units), map(int, row_ids), strict=True))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a report's units lie: the settled ones, and the periods of all others that may lie below."""

    lies: list[Lies] = field(default_factory=list)
    settled: Settled = Settled()


# A period leaves its unit settled when it is open, believed, and no older than its parent's own.
_SETTLED: Final = """
with moved as materialized (
  select unit_id from structure_unitparent p
  where absorbed or not upper_inf(valid) or not upper_inf(recorded) or not {believed}
  union
  select p.unit_id from structure_unitparent above
  join structure_unitparent p on p.parent_id = above.unit_id and lower(p.valid) < lower(above.valid)
  where lower(above.valid) > %(since)s
), tops as materialized (
  select u.path, left(u.path, -1) || '0' as past from moved join structure_unit u on u.id = moved.unit_id
  where u.id <> %(unit)s
), by_hand as materialized (
  -- Both ends stand there ready: row security lets an index compare, and not reckon.
  select distinct below.id from tops
  join structure_unit below on below.path >= tops.path and below.path < past
)
select exists (select from moved join structure_unit u on u.id = moved.unit_id
               where u.id <> %(unit)s and starts_with(%(path)s, u.path))
         or exists (select from structure_unitparent where unit_id = %(unit)s and absorbed),
       (select array_agg(id) from by_hand),
       string_agg(u.id::text, ','), string_agg(split_part(u.path, '/', %(depth)s), ','),
       array_agg(u.id) filter (where u.path = %(path)s || u.id || '/')
from structure_unit u join structure_unitparent p on p.unit_id = u.id
where u.path > %(path)s and u.path < left(%(path)s, -1) || '0'
  and lower(p.valid) <= %(as_of)s and u.id not in (select id from by_hand)
"""
_PERIODS: Final = """
select p.unit_id, p.parent_id, lower(p.valid), upper(p.valid), p.absorbed
from structure_unitparent p where {believed} and (p.unit_id = any (%(units)s) or p.unit_id in (
  select parent_id from structure_unitparent where unit_id = any (%(units)s)))
"""


def standing(
    unit: Unit, *, since: dt.date, as_of: dt.date, known_at: dt.datetime | None, structure_of: str
) -> Standing:
    """Return where the units that were ever below `unit` in the window lie: then, or as they lie now."""
    then = structure_of == "then"
    known_at = known_at if then else None
    parameters = {
        "unit": unit.pk,
        "path": unit.path,
        "depth": unit.path.count("/") + 1,
        "since": since if then else dt.date.max,
        "as_of": as_of if then else dt.date.max,
        "known_at": known_at,
    }
    ((above_moved, by_hand, units, row_ids, children),) = _rows(_SETTLED, parameters)
    if above_moved:
        # Today's path says too little of what lay where below a unit whose way up has moved, or which has
        # itself been merged into another.
        return Standing(all_lies(known_at, structure_of))
    settled = Settled(units or "", row_ids or "", frozenset(children or ()))
    if not by_hand:
        return Standing(settled=settled)
    rows = _rows(_PERIODS, {"units": by_hand, "known_at": known_at})
    lies = lies_of([ParentPeriod._make(row) for row in rows], structure_of)
    return Standing(_brought_near(lies, unit, frozenset(by_hand), settled), settled)


def lies_of(periods: Sequence[ParentPeriod], structure_of: str) -> list[Lies]:
    """Return where units lay when: then, as the periods say, or all the time as they lie now."""
    newest: dict[int, ParentPeriod] = {}
    for one in periods:
        if one.unit_id not in newest or newest[one.unit_id].start < one.start:
            newest[one.unit_id] = one
    if structure_of == "now":
        today = clock.latest_day()  # as their paths do
        current = {
            one.unit_id: one for one in periods if one.start <= today and (one.end is None or one.end > today)
        }
        return [
            Lies(one.unit_id, one.parent_id, dt.date.min, FOREVER, one.absorbed)
            for one in (current.get(key, last) for key, last in newest.items())
        ]
    # A unit that has ended stays where it lay last: what left it on its last day left it there.
    return [
        Lies(
            one.unit_id,
            one.parent_id,
            one.start,
            FOREVER if one.end is None or newest[one.unit_id] is one else one.end,
            one.absorbed,
        )
        for one in periods
    ]


def all_lies(known_at: dt.datetime | None, structure_of: str) -> list[Lies]:
    """Return where every unit lay when: then, as known at the moment, or all the time as it lies now."""
    return lies_of(structure.parent_periods(known_at if structure_of == "then" else None), structure_of)


def _brought_near(lies: Sequence[Lies], unit: Unit, moved: frozenset[int], settled: Settled) -> list[Lies]:
    """Let settled units that others moved through lie right in their rows: all between is settled too."""
    near, there, rows = [], set(), set()
    for one in lies:
        row_id = None if one.unit_id in moved else settled.row_of.get(one.unit_id)
        if row_id is None or row_id == one.unit_id:
            near.append(one)
            there.add(one.unit_id)
        else:
            near.append(one._replace(parent_id=row_id))
            rows.add(row_id)
    return [*near, *(Lies(row_id, unit.pk, dt.date.min, FOREVER, absorbed=False) for row_id in rows - there)]


def _rows(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(believed=structure.BELIEVED.format(t="p")), parameters)
        return list(cursor.fetchall())
