"""What a figure of the report counts: unit by unit, and name by name where names may be seen."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.reports.figures import ONE_DAY, Window, moved_by_the_tree, special_rows, stock
from groundswell.reports.placement import DIRECT, Lies, Place, places, row_on
from groundswell.reports.queries import DIRECT_KIND, STRUCTURES, check_window, named, names_of
from groundswell.reports.standing import all_lies
from groundswell.structure import queries as structure
from groundswell.structure.models import Unit

STOCKS: Final = ("members", "previous")
FLOWS: Final[Mapping[str, tuple[str, ...]]] = {
    "joined": ("entry",),
    "left": ("exit",),
    "moved_in": ("move_in", "opening"),
    "moved_out": ("move_out",),
}
FIGURES: Final = (*STOCKS, *FLOWS)
MOST_NAMES: Final = 500


@dataclass(frozen=True, slots=True)
class Part:
    """What one unit adds to the figure; `by_the_tree` when the unit itself came or went with it."""

    unit_id: int
    code: str
    name: str
    number: int
    illustrative: bool
    by_the_tree: bool = False
    on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One membership or movement that the figure counts.

    `person` is None where the person was erased, lies beyond reach, or was never named (a return:
    then `signed_by` says who answers for the number).
    """

    day: dt.date
    unit_code: str
    number: int
    person_id: int | None
    person: str | None
    flow: str
    recorded_at: dt.datetime
    signed_by: str = ""


@dataclass(frozen=True, slots=True)
class DrillDown:
    """A figure opened: its value is the sum of `parts`; `entries` are those the reader may see."""

    unit_code: str
    row_code: str
    row_name: str
    illustrative: bool
    figure: str
    as_of: dt.date
    since: dt.date
    known_at: dt.datetime | None
    structure: str
    number: int
    parts: tuple[Part, ...]
    entries: tuple[Entry, ...]
    entries_cut: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    unit: Unit
    row: Unit
    direct: bool
    figure: str
    window: Window
    structure_of: str

    @property
    def day(self) -> dt.date:
        """The day whose stock is asked for."""
        return self.window.since if self.figure == "previous" else self.window.as_of


def drill(  # noqa: PLR0913 - each is a part of the question that stands in an address
    actor: Actor,
    *,
    unit_code: str | None,
    as_of: dt.date,
    since: dt.date,
    known_at: dt.datetime | None = None,
    structure_of: str = "then",
    row_code: str | None = None,
    figure: str = "members",
    direct: bool = False,
) -> DrillDown:
    """Open a figure of a report: of the whole (`row_code` None or the unit's own), or of one row.

    `direct` opens the row of persons directly in the unit. Raises like `report`.
    """
    unit = structure.unit_by_code(actor, unit_code, "reports.read")
    check_window(unit, as_of, since, structure_of)
    if figure not in FIGURES or structure_of not in STRUCTURES:
        raise Refusal(_("There is no such figure in the report."), field="figure", code="no-figure")
    row = structure.unit_by_code(actor, row_code, "reports.read") if row_code else unit
    asked = _Asked(unit, row, direct, figure, Window(since, as_of, known_at), structure_of)
    placed = _placed(asked, all_lies(known_at, structure_of))
    parts = _stocks(asked, placed) if figure in STOCKS else _flows(asked, placed)
    names = names_of(unit, {row.pk, *(key for key, _n, _t, _d in parts)}, asked.window, structure_of)
    entries = _entries(asked, placed)
    called = named(names, row, known_at)
    return DrillDown(
        unit_code=unit.code,
        row_code=row.code,
        row_name=called.name,
        illustrative=called.illustrative,
        figure=figure,
        as_of=as_of,
        since=since,
        known_at=known_at,
        structure=structure_of,
        number=sum(number for _key, number, _tree, _day in parts),
        parts=tuple(
            Part(key, names[key].code, names[key].name, number, names[key].illustrative, tree, day)
            for key, number, tree, day in parts
        ),
        entries=tuple(entries[:MOST_NAMES]),
        entries_cut=len(entries) > MOST_NAMES,
    )


def _placed(asked: _Asked, lies: Sequence[Lies]) -> dict[int, tuple[Place, ...]]:
    """Return where the units of the row counted when, with the days outside the row left out."""
    window = asked.window
    placed = places(lies, unit_id=asked.unit.pk, start=window.since, end=window.as_of + ONE_DAY)
    if asked.row.pk == asked.unit.pk and not asked.direct:
        return placed
    row_id = DIRECT if asked.direct else asked.row.pk
    kept = {
        unit: tuple(place for place in periods if place.row_id == row_id) for unit, periods in placed.items()
    }
    kept = {unit: periods for unit, periods in kept.items() if periods}
    if not kept:
        raise NotFound(_("The report has no such row."), field="row")
    return kept


def _stocks(
    asked: _Asked, placed: Mapping[int, tuple[Place, ...]]
) -> list[tuple[int, int, bool, dt.date | None]]:
    there = [unit for unit, periods in placed.items() if row_on(periods, asked.day) is not None]
    counts = stock(there, asked.day, asked.window.known_at)
    return [(unit, number, False, None) for unit, number in sorted(counts.items()) if number]


def _flows(
    asked: _Asked, placed: Mapping[int, tuple[Place, ...]]
) -> list[tuple[int, int, bool, dt.date | None]]:
    window, flows = asked.window, FLOWS[asked.figure]
    sign = -1 if asked.figure in {"left", "moved_out"} else 1
    counts: Counter[int] = Counter()
    steps: dict[int, list[tuple[dt.date, int]]] = {unit: [] for unit in placed}
    for unit, other, day, flow, delta in special_rows([], sorted(placed), window):
        steps[unit].append((day, delta))
        row_id = row_on(placed[unit], day) if day > window.since else None
        if row_id is None or flow not in flows:
            continue
        within = other is not None and row_on(placed.get(other, ()), day) == row_id
        if not (within and flow.startswith("move")):
            counts[unit] += sign * delta
    parts: list[tuple[int, int, bool, dt.date | None]] = [
        (unit, number, False, None) for unit, number in sorted(counts.items()) if number
    ]
    for unit, periods in placed.items():
        for step in moved_by_the_tree(window, periods, steps[unit]):
            number = step.moved_in if asked.figure == "moved_in" else step.moved_out
            if asked.figure in {"moved_in", "moved_out"} and number:
                parts.append((unit, number, True, step.day))
    return parts


def _entries(asked: _Asked, placed: Mapping[int, tuple[Place, ...]]) -> list[Entry]:
    """Return the memberships or movements behind the figure that row security lets through."""
    statement, flows = (_STAYS, ()) if asked.figure in STOCKS else (_STEPS, FLOWS[asked.figure])
    parameters = {
        "units": sorted(placed),
        "day": asked.day,
        "since": asked.window.since,
        "as_of": asked.window.as_of,
        "known_at": asked.window.known_at,
        "flows": list(flows),
        "most": 2 * MOST_NAMES,
    }
    entries = []
    for unit, other, entry in _rows(statement, parameters):
        day = asked.day if asked.figure in STOCKS else entry.day
        row_id = row_on(placed[unit], day)
        other_row = None if other is None else row_on(placed.get(other, ()), day)
        moved_within = entry.flow.startswith("move") and other_row == row_id
        if row_id is not None and (asked.figure in STOCKS or not moved_within):
            entries.append(entry)
    return entries


def _rows(statement: str, parameters: dict[str, Any]) -> list[tuple[int, int | None, Entry]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [(unit, other, Entry(*rest)) for unit, other, *rest in cursor.fetchall()]


# The state of a membership as known at a moment: its end counts only once it was recorded.
_STAYS: Final = """
select m.unit_id, null::bigint, lower(m.valid), u.code, 1, p.id, p.name, m.entry_flow, lower(m.recorded), ''
from people_membership m
join structure_unit u on u.id = m.unit_id
left join people_person p on p.id = m.person_id
where m.unit_id = any (%(units)s) and m.home and lower(m.valid) <= %(day)s
  and exists (select from people_movement s where s.membership_id = m.id and s.counts)
  and (upper_inf(m.valid) or upper(m.valid) > %(day)s
       or (m.ended_at > %(known_at)s or m.ended_stamp >= org_known_below(%(known_at)s)))
  and (case when %(known_at)s::timestamptz is null then upper_inf(m.recorded)
       else lower(m.recorded) <= %(known_at)s and m.recorded_stamp < org_known_below(%(known_at)s)
        and (upper_inf(m.recorded) or upper(m.recorded) > %(known_at)s
             or m.superseded_stamp >= org_known_below(%(known_at)s)) end)
union all
select r.unit_id, null, r.as_of, u.code, r.members, null, null, 'opening', r.recorded_at, r.signed_by
from people_return r join structure_unit u on u.id = r.unit_id
where r.unit_id = any (%(units)s) and r.id = (
  select o.id from people_return o
  where o.unit_id = r.unit_id and o.as_of <= %(day)s
    and (case when %(known_at)s::timestamptz is null then o.superseded_at is null
         else o.recorded_at <= %(known_at)s and o.recorded_stamp < org_known_below(%(known_at)s) end)
  order by o.as_of desc, o.id desc limit 1)
order by 7, 3 limit %(most)s
"""
_STEPS: Final = """
select m.unit_id, m.other_id, m.day, u.code, m.delta, p.id, p.name, m.flow, m.recorded_at,
       coalesce(r.signed_by, '')
from people_movement m
join structure_unit u on u.id = m.unit_id
left join people_person p on p.id = m.person_id
left join people_return r on r.id = m.return_id
where m.unit_id = any (%(units)s) and m.counts and m.flow = any (%(flows)s)
  and m.day > %(since)s and m.day <= %(as_of)s
  and (%(known_at)s::timestamptz is null
       or (m.recorded_at <= %(known_at)s and m.recorded_stamp < org_known_below(%(known_at)s)))
order by m.day, m.id limit %(most)s
"""

__all__ = ["DIRECT_KIND", "FIGURES", "DrillDown", "Entry", "Part", "drill"]
