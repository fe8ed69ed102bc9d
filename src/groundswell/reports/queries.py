"""The organisational report, and what each of its figures counts."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.democracy.models import Resolution
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.kernel.periods import sensible_day
from groundswell.kernel.saying import said as day_said
from groundswell.reports.figures import ONE_DAY, Count, Sums, Window, count, month_ends
from groundswell.reports.milestones import passings
from groundswell.reports.models import Target as TargetRow
from groundswell.reports.models import Threshold
from groundswell.reports.placement import DIRECT
from groundswell.reports.standing import Standing, standing
from groundswell.structure import queries as structure
from groundswell.structure.models import Unit
from groundswell.structure.queries import Called, Named

STRUCTURES: Final = ("then", "now")
DIRECT_KIND: Final = "direct"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the report. `growth_pct` has one decimal, None when there were none before."""

    unit_id: int | None
    code: str
    name: str
    kind: str
    kind_name: str
    members: int
    previous: int
    joined: int
    left: int
    moved_in: int
    moved_out: int
    growth_pct: Decimal | None
    illustrative: bool


@dataclass(frozen=True, slots=True)
class Milestone:
    """The first day in the window on which a unit's count passed a threshold from below."""

    unit_code: str
    unit_name: str
    threshold: int
    on: dt.date


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that a body declared it would reach."""

    unit_code: str
    unit_name: str
    figure: str
    value: int
    by: dt.date
    declared_on: dt.date
    declared_by: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a body of the unit resolved within the window."""

    on: dt.date
    title: str
    kind: str
    result: str
    body: str


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a unit: its birth certificate first, then what it says.

    `series` holds the members of each row, of those directly in the unit under `direct`, and of the whole
    under the unit's code: at `since`, at every month's end and at `as_of`.
    """

    as_of: dt.date
    since: dt.date
    known_at: dt.datetime | None
    structure: str
    unit: Called
    total: Line
    lines: tuple[Line, ...]
    milestones: tuple[Milestone, ...]
    targets: tuple[Target, ...]
    decisions: tuple[Decision, ...]
    series: Mapping[str, tuple[tuple[dt.date, int], ...]]


def report(
    actor: Actor,
    *,
    unit_code: str | None,
    as_of: dt.date,
    since: dt.date,
    known_at: dt.datetime | None = None,
    structure_of: str = "then",
) -> Report:
    """Make the report of a unit over (since, as_of], as known at a moment (None: now).

    `structure_of` is `then` (each end in the structure of its own day) or `now` (both in today's).
    Raises Refusal for a window that cannot be, NotFound for a unit out of reach.
    """
    unit = structure.unit_by_code(actor, unit_code, "reports.read")
    check_window(unit, as_of, since, known_at, structure_of)
    window = Window(since, as_of, known_at)
    lying = standing(unit, since=since, as_of=as_of, known_at=known_at, structure_of=structure_of)
    counted = count(lying, unit_id=unit.pk, window=window)
    names = names_of(unit, _children(lying, unit, window), window, structure_of)
    own = names[unit.pk]
    lines = _lines(counted, names, own, since=since, as_of=as_of)
    rows_of: dict[str, set[int]] = {own.code: set(counted.steps)} | {
        line.code: {line.unit_id} for line in lines if line.unit_id is not None
    }
    return Report(
        as_of=as_of,
        since=since,
        known_at=known_at,
        structure=structure_of,
        unit=own,
        total=_total(own, lines),
        lines=lines,
        milestones=_milestones(counted, rows_of, names),
        targets=_targets(unit, names, as_of, known_at),
        decisions=_decisions(unit, since, as_of, known_at),
        series=_series(counted, rows_of | {DIRECT_KIND: {DIRECT}}, month_ends(since, as_of)),
    )


def check_window(
    unit: Unit, as_of: dt.date, since: dt.date, known_at: dt.datetime | None, structure_of: str
) -> None:
    """Refuse a report that cannot be made, in a sentence.

    Whatever of the window lies before the founding counts nobody (decision 0726). What will be known at a
    moment to come is not known; of today the end may be named, though it has not come.
    """
    sensible_day(as_of, field="as_of")
    sensible_day(since, field="since")
    if structure_of not in STRUCTURES:
        raise Refusal(_("The structure must be “then” or “now”."), field="structure", code="bad-structure")
    words = {"since": day_said(since), "as_of": day_said(as_of)}
    if since > as_of:
        sentence = _(
            "The report would begin on %(since)s and end before, on %(as_of)s; exchange the two days."
        )
        raise Refusal(sentence % words, field="since", code="backwards")
    now = clock.now()
    today = max(clock.day_of(now), clock.day_in(unit.time_zone, now))
    if as_of > today:
        sentence = _("The day %(as_of)s has not come yet; today is %(today)s.")
        raise Refusal(sentence % (words | {"today": day_said(today)}), field="as_of", code="in-the-future")
    if known_at is not None and known_at > clock.end_of(today):
        sentence = _("The day %(as_of)s has not come yet; today is %(today)s.")
        later = {"as_of": day_said(known_at.date()), "today": day_said(today)}
        raise Refusal(sentence % later, field="known_at", code="in-the-future")
    if as_of < unit.founded_on:
        sentence = _("%(unit)s was founded on %(founded)s; there is no report of an earlier day than that.")
        said = {"unit": Named(unit), "founded": day_said(unit.founded_on)}
        raise Refusal(sentence % said, field="as_of", code="before-founding")


def names_of(unit: Unit, keys: Iterable[int], window: Window, structure_of: str) -> dict[int, Called]:
    """Return what a unit and others of its report are called: then as known then, now as known now.

    Today's structure may place members, as known long ago, in a unit that nobody knew of yet.
    """
    if structure_of == "now":
        today = clock.latest_day()
        if window.known_at is not None:
            named(structure.called([unit.pk], today, window.known_at), unit, window.known_at)
        return structure.called([unit.pk, *keys], today)
    names = structure.called([unit.pk, *keys], window.as_of, window.known_at)
    named(names, unit, window.known_at)
    return names


def named(names: Mapping[int, Called], unit: Unit, known_at: dt.datetime | None) -> Called:
    """Return what a unit was called, or refuse a moment at which nothing was known of it yet."""
    if unit.pk not in names:
        sentence = _("Nothing was known of %(unit)s yet at %(moment)s; choose a later moment of knowledge.")
        moment = f"{day_said(known_at.date())}, {known_at:%H:%M %Z}" if known_at else ""
        words = {"unit": Named(unit), "moment": moment}
        raise Refusal(sentence % words, field="known_at", code="not-known-yet")
    return names[unit.pk]


def growth(members: int, previous: int) -> Decimal | None:
    """Return the growth in per cent with one decimal, halves away from zero; None from nothing."""
    if previous == 0:
        return None
    rounded = (Decimal(100 * (members - previous)) / previous).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return rounded + 0  # a fall too small to show is 0.0, not -0.0


def _children(lying: Standing, unit: Unit, window: Window) -> AbstractSet[int]:
    """Return the units that have a row of their own: those directly below within the window."""
    return lying.settled.children | {
        one.unit_id
        for one in lying.lies
        if one.parent_id == unit.pk
        and not one.absorbed
        and one.start <= window.as_of
        and one.end > window.since
    }


def _lines(
    counted: Count, names: Mapping[int, Called], own: Called, *, since: dt.date, as_of: dt.date
) -> tuple[Line, ...]:
    lines = []
    for key, name in names.items():
        if key == own.unit_id:
            continue
        sums = counted.sums(key)
        ended = name.dissolved_on is not None and name.dissolved_on <= since
        # In today's structure members may lie in a unit that came, or in one that ended, at another time.
        if (ended or name.founded_on > as_of) and sums == Sums():
            continue
        lines.append(_line(key, name, sums))
    direct = counted.sums(DIRECT)
    if direct != Sums():
        kind_name = _("directly in %(name)s") % {"name": own.name}
        lines.append(_line(None, own, direct, kind=DIRECT_KIND, kind_name=kind_name))
    return tuple(sorted(lines, key=lambda line: (-line.members, line.code)))


def _line(
    key: int | None, name: Called, sums: Sums, *, kind: str | None = None, kind_name: str | None = None
) -> Line:
    return Line(
        unit_id=key,
        code=name.code,
        name=name.name,
        kind=kind or name.kind,
        kind_name=kind_name or name.kind_name,
        members=sums.members,
        previous=sums.previous,
        joined=sums.joined,
        left=sums.left,
        moved_in=sums.moved_in,
        moved_out=sums.moved_out,
        growth_pct=growth(sums.members, sums.previous),
        illustrative=name.illustrative,
    )


def _total(own: Called, lines: Sequence[Line]) -> Line:
    """Return the sum of the rows, column by column; moves between rows stand in both of its columns."""
    sums = Sums()
    for line in lines:
        sums += Sums(line.members, line.previous, line.joined, line.left, line.moved_in, line.moved_out)
    return _line(own.unit_id, own, sums)


def _series(
    counted: Count, rows_of: Mapping[str, set[int]], days: Sequence[dt.date]
) -> dict[str, tuple[tuple[dt.date, int], ...]]:
    of_rows = {row_id: counted.series(row_id, days) for row_id in set().union(*rows_of.values())}
    nothing = [0] * len(days)
    return {
        code: tuple(
            zip(days, map(sum, zip(nothing, *(of_rows[one] for one in row_ids), strict=True)), strict=True)
        )
        for code, row_ids in rows_of.items()
    }


def _milestones(
    counted: Count, rows_of: Mapping[str, set[int]], names: Mapping[int, Called]
) -> tuple[Milestone, ...]:
    thresholds = list(Threshold.objects.values_list("members", flat=True))
    by_code = {name.code: name.name for name in names.values()}
    return tuple(
        Milestone(code, by_code[code], threshold, day)
        for code, threshold, day in passings(counted, rows_of, thresholds)
    )


def _targets(
    unit: Unit, names: Mapping[int, Called], as_of: dt.date, known_at: dt.datetime | None
) -> tuple[Target, ...]:
    rows = TargetRow.objects.filter(
        unit__path__startswith=unit.path, declared_on__lte=as_of, by__gte=as_of
    ).select_related("unit")
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    found = list(rows)
    missing = [row.unit_id for row in found if row.unit_id not in names]
    named = {**names, **(structure.called(missing, as_of, known_at) if missing else {})}
    return tuple(
        Target(
            row.unit.code,
            named[row.unit_id].name,
            row.figure,
            row.value,
            row.by,
            row.declared_on,
            row.declared_by,
        )
        for row in found
    )


def _decisions(
    unit: Unit, since: dt.date, as_of: dt.date, known_at: dt.datetime | None
) -> tuple[Decision, ...]:
    rows = Resolution.objects.filter(unit=unit, day__gt=since, day__lte=as_of).select_related("body")
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    languages = unit.languages
    return tuple(
        Decision(
            row.day,
            structure.localized(row.titles, languages),
            row.kind,
            row.result,
            structure.localized(row.body.names, languages),
        )
        for row in rows
    )


__all__ = ["ONE_DAY", "Decision", "Line", "Milestone", "Report", "Target", "growth", "report"]
