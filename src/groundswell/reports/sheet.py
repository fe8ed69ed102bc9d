"""The report's page put together: chips, headline, figures, chart, happenings, table, how they were made."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from groundswell.reports import happenings, pages, sentences
from groundswell.reports.queries import Line, Report
from groundswell.reports.question import Question, other_structure, replaced
from groundswell.reports.sentences import Happening, language, when
from groundswell.web import charts, figures

# More rows than these are no table to read on a phone.
PAGE: Final = 100


def context(
    question: Question,
    report: Report,
    events: Sequence[Happening],
    *,
    whole: bool,
    countries: Mapping[int, str],
    after: int = 0,
) -> dict[str, Any]:
    """Return all that the report's template needs; `countries` are ISO codes by unit.

    Of many rows a page is shown, those after so many; the total is of all.
    """
    shown, paged = page_of(report.lines, after, question, "reports:report", "units-head")
    every = happenings.everything(question, report, events)
    chief = happenings.chief(question, report, events)
    return {
        "report": report,
        "question": question,
        "title": pages.titled(report, whole=whole),
        "whole": whole,
        "whole_href": replaced(question, unit="").address(),
        "headline": sentences.headline(report),
        "lede": sentences.lede(report),
        "chips": chips(question),
        "figures": pages.big_figures(question, report),
        "chart": pages.chart(report, charts.WIDE),
        "chart_narrow": pages.chart(report, charts.NARROW),
        "points": pages.course(question, report.total, pages.whole_series(report)),
        "happened": chief,
        "all_happened": every if len(every) > len(chief) else [],
        "rows": rows(question, report, shown, countries),
        **paged,
        "total": pages.total_row(question, report),
        "labels": labels(question),
        "table_head": table_head(report),
        "window": window(question),
        "csv_href": question.address("reports:csv"),
        "json_href": question.address("reports:json"),
        "daggers": daggers(report),
        "made": made(question),
    }


def page_of(
    lines: Sequence[Line], after: int, question: Question, name: str, table: str
) -> tuple[Sequence[Line], dict[str, str]]:
    """Return the lines that come after so many, which they are, and the addresses of others.

    They lead right to the table of the page `name`. Nothing is said where these are all.
    """
    after = min(max(after, 0), len(lines))
    shown = lines[after : after + PAGE]
    said = (figures.number(one, language()) for one in (after + 1, after + len(shown), len(lines)))
    which = dict(zip(("first", "last", "count"), said, strict=True))

    def href(first: int) -> str:
        return f"{question.address(name, **({'after': str(first)} if first else {}))}#{table}"

    return shown, {
        "shown": _("rows %(first)s to %(last)s of %(count)s") % which if len(shown) < len(lines) else "",
        "next_href": href(after + PAGE) if len(lines) > after + PAGE else "",
        "first_href": href(0) if after else "",
    }


def daggers(report: Report) -> bool:
    """Return whether something of a report carries †, so that its page says what that means."""
    return any(line.illustrative for line in (*report.lines, report.total))


def rows(
    question: Question, report: Report, lines: Sequence[Line], countries: Mapping[int, str]
) -> list[pages.Row]:
    """Return lines as rows; the country stands beside a name that several units carry."""
    shared = Counter(line.name for line in report.lines)

    def country(line: Line) -> str:
        code = countries.get(line.unit_id or 0, "") if shared[line.name] > 1 else ""
        return figures.country(code, language()) if code else ""

    return [pages.row(question, report, line, country(line)) for line in lines]


def window(question: Question) -> str:
    """Return the window in words: '31 January 2023 to 31 January 2024'."""
    lang = language()
    return _("%(since)s to %(as_of)s") % {
        "since": figures.day(question.since, lang),
        "as_of": figures.day(question.as_of, lang),
    }


def labels(question: Question) -> dict[str, str]:
    """Return the heads of the columns of figures."""
    months = (question.as_of.year - question.since.year) * 12 + question.as_of.month - question.since.month
    whole_months = months > 0 and (
        question.as_of.day == question.since.day or sentences.is_month_end(question.since)
    )
    return {
        "previous": when(question.since),
        "joined": _("Joined"),
        "left": _("Left"),
        "moved": _("Moved in · out"),
        "members": when(question.as_of),
        "growth": _("Growth"),
        "line": _("%(number)s months") % {"number": months} if whole_months else _("Course"),
    }


def table_head(report: Report) -> str:
    """Return the table's head by the kinds that lie below."""
    kinds = {line.kind for line in report.lines if line.kind != sentences.DIRECT}
    if kinds == {"section", "group"}:
        return _("Sections and groups")
    return {
        frozenset({"section"}): _("Sections"),
        frozenset({"region"}): _("Regions"),
        frozenset({"branch"}): _("Branches"),
    }.get(frozenset(kinds), _("Units"))


def chips(question: Question) -> dict[str, Any]:
    """Return the three choices at the top: days, knowledge, structure."""
    lang = language()
    then = question.structure == "then"
    unit = [("unit", question.unit)] if question.unit else []
    known = [("known_at", question.known_at.isoformat().replace("+00:00", "Z"))] if question.known_at else []
    days = [("since", question.since.isoformat()), ("as_of", question.as_of.isoformat())]
    structure = [("structure", question.structure)]
    return {
        "as_of": _("as of %(day)s") % {"day": figures.day(question.as_of, lang)},
        "known": known_label(question),
        "known_day": question.known_at.date().isoformat() if question.known_at else "",
        "structure": _("structure as then") if then else _("structure as now"),
        "structure_says": (
            _("Each day is shown in the structure, the names and the kinds of that day.")
            if then
            else _("Both days are shown in the structure of today, with the names and kinds of today.")
        ),
        "structure_other": _("Show it in the structure of today") if then else _("Show it as it was then"),
        "structure_href": other_structure(question).address(),
        "keep_for_days": unit + known + structure,
        "keep_for_known": unit + days + structure,
    }


def known_label(question: Question) -> str:
    """Return what was known: today, or at the end of a day or a moment."""
    known = question.known_at
    if known is None:
        return _("as known today")
    lang = language()
    end = known.time().replace(microsecond=0) == dt.time(23, 59, 59)
    shown = figures.day(known.date(), lang) if end else figures.moment(known, lang)
    return _("as known on %(day)s") % {"day": shown}


def made(question: Question) -> str:
    """Return the birth certificate of the page's figures, with the time zone said."""
    lang = language()
    sentence = _(
        "As of the end of %(as_of)s, compared with the end of %(since)s; %(known)s; %(structure)s. "
        "Days are those of each unit, moments are in UTC."
    )
    return sentence % {
        "as_of": figures.day(question.as_of, lang),
        "since": figures.day(question.since, lang),
        "known": known_label(question),
        "structure": _("structure as then") if question.structure == "then" else _("structure as now"),
    }
