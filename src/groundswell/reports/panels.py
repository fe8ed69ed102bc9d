"""What this room shows on a unit's page: its figures of a year, and the way to its report."""

import datetime as dt
from itertools import pairwise

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from groundswell.access import rights
from groundswell.access.actor import Actor
from groundswell.reports import pages, queries, rounded, sentences, sheet
from groundswell.reports.question import Question
from groundswell.reports.sentences import a_year_before, language, number
from groundswell.structure.models import Unit
from groundswell.web import charts, figures


def members_href(code: str, on: dt.date) -> str:
    """Return where a unit's members of a day open to what they are."""
    return Question(code, on, a_year_before(on), None, "then").address("reports:drill", figure="members")


def unit_figures(actor: Actor, unit: Unit, on: dt.date) -> tuple[SafeString, SafeString]:
    """Return a unit's figures of the year before a day, as a sentence and at length; ('', '') where none.

    A member gets those of her own units in fives.
    """
    if on < unit.founded_on:
        return SafeString(""), SafeString("")
    if not rights.may(actor, "reports.read", unit):
        return rounded.of_unit(actor, unit, on)
    question = Question(unit.code, on, a_year_before(on), None, "then")
    made = queries.report(actor, **question.arguments())
    points = pages.whole_series(made)
    if not (any(members for _day, members in points) or any(_flows(made.total))):
        # Noughts and flat charts say no more than the sentence.
        return sentences.headline(made), SafeString("")
    changes = [
        (f"{figures.short_month(day, language())} {day.year}", after - before)
        for (_day_before, before), (day, after) in pairwise(points)
    ]
    context = {
        "figures": pages.big_figures(question, made),
        "made": sheet.made(question),
        "window": sheet.window(question),
        "report_href": question.address(),
        "chart": pages.chart(made, charts.WIDE),
        "chart_narrow": pages.chart(made, charts.NARROW),
        "points": pages.course(question, made.total, points),
        "bars": charts.bars(
            [(name, max(0, change), figures.plain_signed(change, language())) for name, change in changes],
            label=_("Change of members month by month: %(list)s.")
            % {"list": "; ".join(f"{name} {number(change)}" for name, change in changes)},
        ),
    }
    return sentences.headline(made), render_to_string("reports/_unit_panel.html", context)


def _flows(total: queries.Line) -> tuple[int, ...]:
    return total.previous, total.joined, total.left, total.moved_in, total.moved_out
