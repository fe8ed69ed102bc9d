"""What the report's page shows, ready for its template: words, figures with their addresses, charts.

Pure functions of a report and of the question that was asked; the template only lays them out.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from groundswell.reports import sentences
from groundswell.reports.opening import cell, cells, gain, growth, moved, opens
from groundswell.reports.queries import Line, Report
from groundswell.reports.question import Question, within
from groundswell.reports.sentences import DIRECT, language, number, when
from groundswell.structure.pages import unit_href
from groundswell.web import charts, figures


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table."""

    name: str
    href: str
    kind: str
    illustrative: bool
    previous: SafeString
    joined: SafeString
    left: SafeString
    moved: SafeString
    members: SafeString
    growth: SafeString
    tone: str
    spark: SafeString


@dataclass(frozen=True, slots=True)
class Big:
    """One of the four figures at the top."""

    label: str
    figures: SafeString
    note: SafeString | str
    illustrative: bool


def row(question: Question, report: Report, line: Line, country: str = "") -> Row:
    """Return a line of the report as the table shows it; `country` tells units of one name apart."""
    shown, tone = growth(question, line)
    direct = line.kind == DIRECT
    return Row(
        name=_("Directly in %(unit)s") % {"unit": line.name} if direct else line.name,
        href="" if direct else unit_href(line.code, report.as_of),
        kind="" if direct else f"{line.kind_name}, {country}" if country else line.kind_name,
        illustrative=line.illustrative,
        previous=cell(question, line, "previous"),
        joined=cell(question, line, "joined"),
        left=cell(question, line, "left"),
        moved=moved(question, line),
        members=cell(question, line, "members"),
        growth=shown,
        tone=tone,
        spark=spark(question, line, report.series.get(DIRECT if direct else line.code, ())),
    )


def total_row(question: Question, report: Report) -> Row:
    """Return the last row: the whole."""
    line = report.total
    shown, tone = growth(question, line)
    return Row(
        name=_("Total"),
        href="",
        kind="",
        illustrative=line.illustrative,
        previous=cell(question, line, "previous"),
        joined=cell(question, line, "joined"),
        left=cell(question, line, "left"),
        moved=moved(question, line),
        members=cell(question, line, "members"),
        growth=shown,
        tone=tone,
        spark=spark(question, line, whole_series(report)),
    )


def spark(question: Question, line: Line, points: Sequence[charts.Point]) -> SafeString:
    """Return the course of a row as a small line, which opens to its month ends."""
    drawn = charts.spark(points, spark_label(points))
    return opens(question, line, "course", drawn) if drawn else drawn


def whole_series(report: Report) -> Sequence[charts.Point]:
    """Return the month ends of the report's own unit."""
    return report.series.get(sentences.WHOLE) or report.series.get(report.unit.code) or ()


def spark_label(points: Sequence[charts.Point]) -> str:
    """Return what a spark line says to somebody who cannot see it."""
    if not points:
        return ""
    return _("from %(first)s to %(last)s") % {"first": number(points[0][1]), "last": number(points[-1][1])}


def big_figures(question: Question, report: Report) -> list[Big]:
    """Return the four figures at the top."""
    total = report.total
    since = when(report.since)
    more = format_html("<strong>{}</strong>", gain(question, total))
    return [
        Big(
            _("Members"),
            cell(question, total, "members"),
            format_html(_("{gain} since {day}"), gain=more, day=since),
            total.illustrative,
        ),
        Big(
            _("Joined · left"),
            cells(question, total, "joined", "left"),
            joined_for_each_left(question, total),
            total.illustrative,
        ),
        fastest(question, report),
        target(question, report),
    ]


def joined_for_each_left(question: Question, total: Line) -> SafeString | str:
    """Return how many joined for each who left, at one decimal below ten."""
    if total.left == 0:
        return _("nobody left")
    shown = opens(question, total, "rate", rate(total))
    return format_html(_("{number} joined for each who left"), number=shown)


def rate(line: Line) -> str:
    """Return how many joined for each who left, where somebody did: '4.5'."""
    return figures.tenths(figures.rounded(Fraction(line.joined * 10, line.left)), language())


def fastest(question: Question, report: Report) -> Big:
    """Return the unit that grew most by share, with both its figures."""
    grown = [
        line
        for line in report.lines
        if line.previous and line.kind != DIRECT and line.members > line.previous
    ]
    if not grown:
        shown = cells(question, report.total, "moved_in", "moved_out")
        said = _("transfers and changes of structure")
        return Big(_("Moved in · out"), shown, said, report.total.illustrative)
    line = max(grown, key=lambda one: Fraction(one.members, one.previous))
    note = format_html(
        # A month's end is told by its month, and a month has no "on".
        _("{growth}, the fastest; {number} at the end of {day}")
        if sentences.is_month_end(report.since)
        else _("{growth}, the fastest; {number} on {day}"),
        growth=format_html("<strong>{}</strong>", growth(question, line)[0]),
        number=cell(question, line, "previous"),
        day=when(report.since),
    )
    return Big(line.name, cell(question, line, "members"), note, line.illustrative)


def target(question: Question, report: Report) -> Big:
    """Return the nearest declared target, else the largest unit."""
    lines = {line.code: line for line in (*report.lines, report.total)}
    targets = [one for one in report.targets if one.unit_code in lines]
    if not targets:
        line = max(report.lines, key=lambda one: one.members, default=report.total)
        share = figures.share_per_cent(line.members, report.total.members) or 0
        shown = opens(question, line, "share", figures.per_cent(share, language()))
        note = format_html(_("{share} of all members"), share=shown)
        return Big(line.name, cell(question, line, "members"), note, line.illustrative)
    goal = min(targets, key=lambda one: one.by)
    line = lines[goal.unit_code]
    note = format_html(
        _("{now} now; target declared on {day}"),
        now=format_html("<strong>{}</strong>", cell(question, line, "members")),
        day=figures.day(goal.declared_on, language()),
    )
    label = _("%(unit)s by %(day)s") % {"unit": goal.unit_name, "day": when(goal.by)}
    return Big(label, opens(question, line, "targets", number(goal.value)), note, line.illustrative)


def chart(report: Report, frame: charts.Frame) -> SafeString:
    """Return the line of the whole with its milestones."""
    points = whole_series(report)
    marks = [
        charts.Mark(
            one.on,
            one.threshold,
            _("%(number)s on %(day)s")
            % {"number": number(one.threshold), "day": figures.long_day_and_month(one.on, language())},
        )
        for one in report.milestones
        if sentences.of_the_whole(report, one)
    ]
    label = _("Members from %(since)s to %(as_of)s: %(run)s.") % {
        "since": figures.day(report.since, language()),
        "as_of": figures.day(report.as_of, language()),
        "run": spark_label(points),
    }
    return charts.line_chart(points, marks, label=label, figure=number, tick=tick, frame=frame)


def tick(day: dt.date) -> str:
    """Return a month for the scale of a chart, January with its year."""
    short = figures.short_month(day, language())
    return f"{short} {day.year}" if day.month == 1 else short


def course(
    question: Question, line: Line, points: Sequence[charts.Point]
) -> list[tuple[str, SafeString, SafeString]]:
    """Return a row's month ends: the day, the members on it, and how many more than on the one before."""
    lang = language()
    rows = []
    for before, (on, value) in zip((None, *points), points, strict=False):
        asked = within(question, on if before is None else before[0], on)
        members = opens(asked, line, "members", number(value)) if value else escape(number(value))
        change = SafeString("")
        if before is not None:
            more = figures.signed(value - before[1], lang)
            change = opens(asked, line, "growth", more) if value or before[1] else more
        rows.append((figures.day(on, lang), members, change))
    return rows


def titled(report: Report, *, whole: bool) -> str:
    """Return the report's name with its day."""
    day = figures.day(report.as_of, language())
    if whole:
        return _("Organisational report to the executive, %(day)s") % {"day": day}
    return _("Organisational report of %(unit)s, %(day)s") % {"unit": report.unit.name, "day": day}
