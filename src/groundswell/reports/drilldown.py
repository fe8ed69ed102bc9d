"""What a figure of the report counts: unit by unit, and name by name where names may be seen.

A figure of a single unit opens further: who came and who went day by day, how many there are year by year.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

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
    """What one unit adds to the figure; of it `carried`, on a day, as the unit itself came or went."""

    unit_id: int
    code: str
    name: str
    number: int
    illustrative: bool
    carried: tuple[tuple[dt.date, int], ...] = ()


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


class Day(NamedTuple):
    """What a unit adds to a flow on a day; `by_the_tree` when the unit itself came or went."""

    unit_id: int
    on: dt.date
    number: int
    by_the_tree: bool


class Year(NamedTuple):
    """How a single unit came to its members: what each year brought, and how many it ended with."""

    year: int
    joined: int
    left: int
    moved_in: int
    moved_out: int
    members: int


@dataclass(frozen=True, slots=True)
class DrillDown:
    """A figure opened: its value is the sum of `parts`; `entries` are those the reader may see.

    `row_name` is the row's, or the part's where one of its units is opened; of a single unit `days` (of a
    flow) or `years` (of a stock) say how its number came about.
    """

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
    days: tuple[Day, ...] = ()
    years: tuple[Year, ...] = ()


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
    part_code: str | None = None,
) -> DrillDown:
    """Open a figure of a report: of the whole (`row_code` None or the unit's own), or of one row.

    `direct` opens the row of persons directly in the unit, `part_code` what one unit adds to the row. Raises
    like `report`.
    """
    unit = structure.unit_by_code(actor, unit_code, "reports.read")
    check_window(unit, as_of, since, known_at, structure_of)
    if figure not in FIGURES or structure_of not in STRUCTURES:
        raise Refusal(_("There is no such figure in the report."), field="figure", code="no-figure")
    row = structure.unit_by_code(actor, row_code, "reports.read") if row_code else unit
    asked = _Asked(unit, row, direct, figure, Window(since, as_of, known_at), structure_of)
    placed = _placed(asked, all_lies(known_at, structure_of))
    opened = row if part_code is None else _part(part_code, placed)
    only = opened.pk if part_code or set(placed) == {row.pk} else None
    days = () if figure in STOCKS else _days(asked, placed, only)
    by_the_tree = [day for day in days if day.by_the_tree]
    parts = _stocks(asked, placed, only) if figure in STOCKS else _added(days)
    names = names_of(unit, {opened.pk, *parts}, asked.window, structure_of)
    entries, cut = _entries(asked, placed, only)
    called = named(names, opened, known_at)
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
        number=sum(parts.values()),
        parts=tuple(
            Part(
                key,
                names[key].code,
                names[key].name,
                number,
                names[key].illustrative,
                tuple((day.on, day.number) for day in by_the_tree if day.unit_id == key),
            )
            for key, number in parts.items()
        ),
        entries=tuple(entries[:MOST_NAMES]),
        entries_cut=cut,
        days=tuple(days) if only else (),
        years=_years(only, asked) if only and figure in STOCKS else (),
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


def _part(code: str, placed: Mapping[int, tuple[Place, ...]]) -> Unit:
    """Return the unit of a code that counts in the row."""
    unit = Unit.objects.filter(code=code, pk__in=list(placed)).first()
    if unit is None:
        raise NotFound(_("The report has no such row."), field="part")
    return unit


def _stocks(asked: _Asked, placed: Mapping[int, tuple[Place, ...]], only: int | None) -> dict[int, int]:
    there = [
        unit
        for unit, periods in placed.items()
        if only in {None, unit} and row_on(periods, asked.day) is not None
    ]
    counts = stock(there, asked.day, asked.window.known_at)
    return {unit: number for unit, number in sorted(counts.items()) if number}


def _added(days: Sequence[Day]) -> dict[int, int]:
    counts: Counter[int] = Counter()
    for day in days:
        counts[day.unit_id] += day.number
    return {unit: number for unit, number in sorted(counts.items()) if number}


def _days(asked: _Asked, placed: Mapping[int, tuple[Place, ...]], only: int | None) -> list[Day]:
    """Return what each unit of the row, or `only` one, adds to a flow on each day, in their order."""
    window, flows = asked.window, FLOWS[asked.figure]
    sign = -1 if asked.figure in {"left", "moved_out"} else 1
    counts: Counter[tuple[int, dt.date]] = Counter()
    units = sorted(placed) if only is None else [only]
    steps: dict[int, list[tuple[dt.date, int]]] = {unit: [] for unit in units}
    for unit, other, day, flow, delta in special_rows([], units, window):
        steps[unit].append((day, delta))
        row_id = row_on(placed[unit], day) if day > window.since else None
        if row_id is None or flow not in flows:
            continue
        within = other is not None and row_on(placed.get(other, ()), day) == row_id
        if not (within and flow.startswith("move")):
            counts[unit, day] += sign * delta
    days = [Day(unit, on, number, by_the_tree=False) for (unit, on), number in counts.items() if number]
    for unit in units if asked.figure in {"moved_in", "moved_out"} else ():
        for step in moved_by_the_tree(window, placed[unit], steps[unit]):
            number = step.moved_in if asked.figure == "moved_in" else step.moved_out
            if number:
                days.append(Day(unit, step.day, number, by_the_tree=True))
    return sorted(days, key=lambda one: (one.on, one.unit_id))


def _years(unit: int, asked: _Asked) -> tuple[Year, ...]:
    """Return how a unit by itself came to its members of the day, year by year."""
    flows: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for _unit, _other, day, flow, delta in special_rows([], [unit], asked.window):
        if day <= asked.day:
            flows[day.year]["move_in" if flow == "opening" else flow] += delta
    members, years = 0, []
    for year, of in sorted(flows.items()):
        members += of.total()
        years.append(Year(year, of["entry"], -of["exit"], of["move_in"], -of["move_out"], members))
    return tuple(years)


def _entries(
    asked: _Asked, placed: Mapping[int, tuple[Place, ...]], only: int | None
) -> tuple[list[Entry], bool]:
    """Return what row security lets through of what stands behind the figure, and whether there is more."""
    statement, flows = (_STAYS, ()) if asked.figure in STOCKS else (_STEPS, FLOWS[asked.figure])
    parameters = {
        "units": sorted(placed) if only is None else [only],
        "day": asked.day,
        "since": asked.window.since,
        "as_of": asked.window.as_of,
        "known_at": asked.window.known_at,
        "flows": list(flows),
        "most": 2 * MOST_NAMES,
    }
    entries = []
    rows = _rows(statement, parameters)
    for unit, other, entry in rows:
        day = asked.day if asked.figure in STOCKS else entry.day
        row_id = row_on(placed[unit], day)
        other_row = None if other is None else row_on(placed.get(other, ()), day)
        moved_within = entry.flow.startswith("move") and other_row == row_id
        if row_id is not None and (asked.figure in STOCKS or not moved_within):
            entries.append(entry)
    # Of those read some move within the row and are left out: the limit may cut before many remain.
    return entries, len(entries) > MOST_NAMES or len(rows) == 2 * MOST_NAMES


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
