"""What a member may see of the figures of her branch, its section and the whole: month ends, in fives.

The database rounds (`figures_of_own`, decision 0732): nought stands for fewer than five.
"""

import datetime as dt
from typing import Any, Final

from django.db import connection
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from groundswell.access import rights
from groundswell.access.actor import Actor
from groundswell.reports import pages
from groundswell.reports.sentences import language, number, when, words
from groundswell.structure.models import Unit
from groundswell.web import charts, figures

_SUPPRESSED: Final = "suppressed"


def month_ends(actor: Actor, unit: Unit, on: dt.date) -> tuple[charts.Point, ...]:
    """Return the members of a unit at the last thirteen ends of months, up to a day, rounded down to fives.

    Nothing for a unit that is not the member's own: her branch, its section, the whole.
    """
    cell = rights.right(actor, "unit.read", unit)
    if cell is None or cell.how != _SUPPRESSED:
        return ()
    with connection.cursor() as cursor:
        cursor.execute("select month_end, members from figures_of_own(%s)", [unit.pk])
        return tuple((day, members) for day, members in cursor.fetchall() if unit.founded_on <= day <= on)


def said(value: int) -> str:
    """Return a rounded number as it is read: '15 or more', 'fewer than 5'."""
    return _("%(number)s or more") % {"number": number(value)} if value else _("fewer than 5")


def of_unit(actor: Actor, unit: Unit, on: dt.date) -> tuple[SafeString, SafeString]:
    """Return a unit's rounded figures as a sentence and at length; ('', '') where none."""
    points = month_ends(actor, unit, on)
    if not points:
        return SafeString(""), SafeString("")
    last, value = points[-1]
    sentence = (
        _("At least {number} members at the end of {month}.")
        if value
        else _("Fewer than five members at the end of {month}.")
    )
    label = _("Members, rounded down to fives: %(run)s.") % {"run": pages.spark_label(points)}
    context: dict[str, Any] = {
        "chart": _chart(points, label, charts.WIDE),
        "chart_narrow": _chart(points, label, charts.NARROW),
        "points": [(figures.day(day, language()), said(members)) for day, members in points],
    }
    lead = format_html(sentence, number=words(value), month=when(last))
    return lead, render_to_string("reports/_rounded_panel.html", context)


def _chart(points: tuple[charts.Point, ...], label: str, frame: charts.Frame) -> SafeString:
    return charts.line_chart(points, [], label=label, figure=number, tick=pages.tick, frame=frame)
