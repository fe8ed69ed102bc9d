"""What a figure that is reckoned from others opens to: those others, and how it is reckoned.

A target opens to who declared it when, and what is missing; a decision to the body that took it.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.access.actor import Actor
from groundswell.kernel.errors import NotFound
from groundswell.reports import pages, queries, sheet
from groundswell.reports.asking import Opened
from groundswell.reports.opening import cell
from groundswell.reports.queries import Line, Report
from groundswell.reports.question import Question, replaced
from groundswell.reports.sentences import DIRECT, decision_note, language, number
from groundswell.web import figures

_Told = dict[str, Any]


def context(actor: Actor, opened: Opened) -> _Told:
    """Return all that the template needs. Raises like `report`, and NotFound for a row that it has not."""
    question = opened.question
    report = queries.report(actor, **question.arguments())
    line = _line(report, opened)
    return {
        "question": question,
        "title": _("What a figure counts"),
        "report_href": question.address(),
        "made": sheet.made(question),
        "illustrative": line.illustrative,
        "daggers": line.illustrative,
        **_TOLD[opened.figure](question, report, line),
    }


def _line(report: Report, opened: Opened) -> Line:
    if opened.row in {"", report.unit.code} and not opened.direct:
        return report.total
    for line in report.lines:
        if line.code == opened.row and (line.kind == DIRECT) is opened.direct:
            return line
    raise NotFound(_("The report has no such row."), field="row")


def _name(line: Line) -> str:
    return _("Directly in %(unit)s") % {"unit": line.name} if line.kind == DIRECT else line.name


def _days(report: Report) -> dict[str, str]:
    lang = language()
    return {"since": figures.day(report.since, lang), "as_of": figures.day(report.as_of, lang)}


def _growth(question: Question, report: Report, line: Line) -> _Told:
    lang, days = language(), _days(report)
    value = figures.growth_per_cent(line.members, line.previous)
    more = figures.signed(line.members - line.previous, lang)
    if value is None:
        sentence, rule = _("{gain} members: {unit} from the end of {since} to the end of {as_of}."), ""
    else:
        sentence = _("{gain} members, {growth}: {unit} from the end of {since} to the end of {as_of}.")
        rule = format_html(
            _("Growth is what came in addition, in per cent of the members before: {gain} of {previous}."),
            gain=more,
            previous=number(line.previous),
        )
    shown = "" if value is None else figures.signed_per_cent(value, lang)
    known = {"gain": format_html("<em>{}</em>", more), "growth": shown, "unit": _name(line)}
    whole = line.code == report.unit.code
    return {
        "headline": format_html(sentence, **known, **days),
        "terms": [
            (
                "",
                _("Members at the end of %(day)s") % {"day": days["since"]},
                cell(question, line, "previous"),
            ),
            ("+", _("Joined"), cell(question, line, "joined")),
            (figures.MINUS, _("Left"), cell(question, line, "left")),
            ("+", _("Moved in"), cell(question, line, "moved_in")),
            (figures.MINUS, _("Moved out"), cell(question, line, "moved_out")),
        ],
        "result": (
            _("Members at the end of %(day)s") % {"day": days["as_of"]},
            cell(question, line, "members"),
        ),
        "rule": rule or _("Where there was nobody before, there is no growth in per cent."),
        "unit_href": "" if whole else replaced(question, unit=line.code).address(),
    }


def _rate(question: Question, report: Report, line: Line) -> _Told:
    shown = pages.rate(line) if line.left else figures.NONE
    return {
        "headline": format_html(
            _("{number} joined for each who left: {unit} after {since}, up to {as_of}."),
            number=format_html("<em>{}</em>", shown),
            unit=_name(line),
            **_days(report),
        ),
        "terms": [
            ("", _("Joined"), cell(question, line, "joined")),
            ("÷", _("Left"), cell(question, line, "left")),
        ],
        "result": (_("Joined for each who left"), shown),
        "rule": _("Rounded to one decimal."),
    }


def _share(question: Question, report: Report, line: Line) -> _Told:
    whole = report.total
    value = figures.share_per_cent(line.members, whole.members)
    shown = figures.NONE if value is None else figures.per_cent(value, language())
    return {
        "headline": format_html(
            _("{share} of all members: {unit} at the end of {as_of}."),
            share=format_html("<em>{}</em>", shown),
            unit=_name(line),
            **_days(report),
        ),
        "terms": [
            ("", _name(line), cell(question, line, "members")),
            ("÷", whole.name, cell(question, whole, "members")),
        ],
        "result": (_("Share"), shown),
        "rule": _("Rounded to a whole per cent."),
    }


def _course(question: Question, report: Report, line: Line) -> _Told:
    if line is report.total:
        points = pages.whole_series(report)
    else:
        points = report.series.get(DIRECT if line.kind == DIRECT else line.code, ())
    return {
        "headline": format_html(
            _("{run} members: {unit} from the end of {since} to the end of {as_of}."),
            run=format_html("<em>{}</em>", figures.capitalised(pages.spark_label(points))),
            unit=_name(line),
            **_days(report),
        ),
        "course": pages.course(question, line, points),
    }


def _targets(question: Question, report: Report, line: Line) -> _Told:
    lang = language()
    found = [one for one in report.targets if one.unit_code == line.code]
    sentence = ngettext(
        "%(count)s target is declared: %(unit)s at the end of %(as_of)s.",
        "%(count)s targets are declared: %(unit)s at the end of %(as_of)s.",
        len(found),
    )
    return {
        "headline": sentence % {"count": number(len(found)), "unit": _name(line), **_days(report)},
        "targets": [
            {
                "value": number(one.value),
                "by": figures.day(one.by, lang),
                "declared": _("declared on %(day)s by the %(body)s")
                % {"day": figures.day(one.declared_on, lang), "body": one.declared_by},
                "now": cell(question, line, "members"),
                "missing": number(max(0, one.value - line.members)),
            }
            for one in found
        ],
    }


def _decisions(_question: Question, report: Report, line: Line) -> _Told:
    sentence = ngettext(
        "%(count)s decision: %(unit)s after %(since)s, up to %(as_of)s.",
        "%(count)s decisions: %(unit)s after %(since)s, up to %(as_of)s.",
        len(report.decisions),
    )
    return {
        "headline": sentence % {"count": number(len(report.decisions)), "unit": _name(line), **_days(report)},
        "decisions": [
            {
                "title": one.title,
                "day": figures.day(one.on, language()),
                "body": one.body,
                "note": decision_note(one.kind, one.result),
            }
            for one in report.decisions
        ],
    }


_TOLD: Final[Mapping[str, Callable[[Question, Report, Line], _Told]]] = {
    "growth": _growth,
    "rate": _rate,
    "share": _share,
    "course": _course,
    "targets": _targets,
    "decisions": _decisions,
}
