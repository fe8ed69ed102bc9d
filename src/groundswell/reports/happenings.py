"""What happened within a report's window: marks passed, decisions, changes of units; each opens."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from groundswell.reports.opening import address
from groundswell.reports.queries import ONE_DAY, Report
from groundswell.reports.question import Question, within
from groundswell.reports.sentences import (
    WORTH_A_LINE,
    Happening,
    day_in_window,
    decision_note,
    milestone_text,
    of_the_whole,
)

_MOST_CHIEF: Final = 7


def everything(question: Question, report: Report, events: Sequence[Happening]) -> list[Happening]:
    """Return everything that happened within the window, by day."""
    return sorted([*_milestones(question, report), *_decisions(question, report), *events], key=_day)


def chief(question: Question, report: Report, events: Sequence[Happening]) -> list[Happening]:
    """Return what stands beside the chart: great milestones, decisions, the newest events, by day."""
    great = _milestones(question, report, least=WORTH_A_LINE)
    first = [*great, *_decisions(question, report)][-_MOST_CHIEF:]
    room = _MOST_CHIEF - len(first)
    newest = sorted(events, key=_day)[-room:] if room else []
    return sorted([*first, *newest], key=_day)


def _milestones(question: Question, report: Report, *, least: int = 0) -> list[Happening]:
    """Return the marks passed: by the whole, and by units from `least` members on; each opens to its day."""
    lines = {line.code: line for line in (*report.lines, report.total)}
    return [
        Happening(
            mark.on,
            day_in_window(report, mark.on),
            milestone_text(report, mark),
            href=address(within(question, mark.on - ONE_DAY, mark.on), "growth", lines[mark.unit_code]),
            illustrative=lines[mark.unit_code].illustrative,
            opens=True,
        )
        for mark in report.milestones
        if of_the_whole(report, mark) or mark.threshold >= least
    ]


def _decisions(question: Question, report: Report) -> list[Happening]:
    href = address(question, "decisions", report.total)
    return [
        Happening(
            one.on,
            day_in_window(report, one.on),
            one.title,
            decision_note(one.kind, one.result),
            href=href,
            opens=True,
        )
        for one in report.decisions
    ]


def _day(one: Happening) -> dt.date:
    return one.on
