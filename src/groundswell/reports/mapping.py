"""The world by members: the map, its key, and the same as a table."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.reports import sheet
from groundswell.reports.opening import cell
from groundswell.reports.queries import Line, Report
from groundswell.reports.question import Question
from groundswell.reports.sentences import DIRECT, language, number
from groundswell.structure.pages import unit_href
from groundswell.web import figures, worldmap

# More units of a country than these nobody reads where a finger rests on it.
MOST_NAMED: Final = 5


def context(
    question: Question, report: Report, countries: Mapping[int, str], after: int = 0
) -> dict[str, Any]:
    """Return all that the map's template needs; `countries` are ISO codes by unit.

    Of a long table a page is shown: what comes after so many rows.
    """
    shown, paged = sheet.page_of(report.lines, after, question, "reports:map", "places-head")
    lines = [line for line in report.lines if line.kind != DIRECT]
    located = [line for line in lines if line.unit_id in countries]
    drawn = _countries(question, located, countries)
    return {
        "question": question,
        "day": figures.day(question.as_of, language()),
        "count": sum(country.members > 0 for country in drawn.values()),
        "members": cell(question, report.total, "members"),
        "map": worldmap.draw(drawn, label=_("Members by country; the table below says the same.")),
        "key": [(shade, _shade_text(shade)) for shade in range(1, len(worldmap.SHADES) + 1)],
        "places": sheet.rows(question, report, shown, countries),
        **paged,
        "undrawn": len(lines)
        - sum(countries.get(line.unit_id or 0) in worldmap.world()["countries"] for line in lines),
        "illustrative": report.total.illustrative,
        "daggers": sheet.daggers(report),
    }


def _countries(
    question: Question, lines: list[Line], countries: Mapping[int, str]
) -> dict[str, worldmap.Country]:
    by_country: defaultdict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_country[countries[line.unit_id or 0]].append(line)
    return {
        code: worldmap.Country(
            members=sum(line.members for line in units),
            href=unit_href(units[0].code, question.as_of),
            label=_label(units),
        )
        for code, units in by_country.items()
    }


def _label(lines: list[Line]) -> str:
    """Return the units of a country with their members, the largest first; of many how many more."""
    named = ", ".join(f"{line.name}: {number(line.members)}" for line in lines[:MOST_NAMED])
    more = len(lines) - MOST_NAMED
    if more <= 0:
        return named
    others = ngettext("And %(count)s more.", "And %(count)s more.", more)
    return f"{named}. {others % {'count': number(more)}}"


def _shade_text(shade: int) -> str:
    lowest = worldmap.SHADES[shade - 1]
    if shade == len(worldmap.SHADES):
        return _("%(number)s and more") % {"number": number(lowest)}
    return _("%(from)s to %(to)s") % {"from": number(lowest), "to": number(worldmap.SHADES[shade] - 1)}
