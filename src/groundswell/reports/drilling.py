"""What a figure counts, ready for its template."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from groundswell.reports import sheet
from groundswell.reports.asking import Opened
from groundswell.reports.drilldown import Day, DrillDown, Entry, Year
from groundswell.reports.sentences import language, number
from groundswell.structure.pages import unit_href
from groundswell.web import figures


@dataclass(frozen=True, slots=True)
class PartRow:
    """What one unit adds to the figure."""

    name: str
    href: str
    number: SafeString
    note: str
    illustrative: bool


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One membership or movement that the figure counts."""

    day: str
    who: str
    unit: str
    what: str


def context(opened: Opened, made: DrillDown) -> dict[str, Any]:
    """Return all that the template needs."""
    names = {part.code: part.name for part in made.parts}
    return {
        "question": opened.question,
        "headline": headline(made),
        "title": _("What a figure counts"),
        "report_href": opened.question.address(),
        "made": sheet.made(opened.question),
        "illustrative": made.illustrative,
        "daggers": made.illustrative or any(part.illustrative for part in made.parts),
        "parts": part_rows(opened, made),
        "days": day_rows(made.days),
        "years": year_rows(made.years),
        "entries": [entry_row(entry, names) for entry in made.entries],
        "entries_cut": made.entries_cut,
        "names_hidden": bool(made.number) and not made.entries and not made.entries_cut,
        "sum": number(made.number),
    }


def headline(made: DrillDown) -> SafeString:
    """Return the figure in one sentence."""
    lang = language()
    # In the sum of several rows stands also who went from one of them to another.
    whole = made.row_code == made.unit_code and len(made.parts) > 1
    sentence = {
        "members": _("{number} members: {unit} at the end of {as_of}."),
        "previous": _("{number} members: {unit} at the end of {since}."),
        "joined": _("{number} joined {unit} after {since}, up to {as_of}."),
        "left": _("{number} left {unit} after {since}, up to {as_of}."),
        "moved_in": _(
            "{number} moved into {unit}, or within it into another row, after {since}, up to {as_of}."
        )
        if whole
        else _("{number} moved into {unit} after {since}, up to {as_of}."),
        "moved_out": _(
            "{number} moved out of {unit}, or within it out of a row, after {since}, up to {as_of}."
        )
        if whole
        else _("{number} moved out of {unit} after {since}, up to {as_of}."),
    }[made.figure]
    return format_html(
        sentence,
        number=format_html("<em>{}</em>", number(made.number)),
        unit=made.row_name,
        as_of=figures.day(made.as_of, lang),
        since=figures.day(made.since, lang),
    )


def part_rows(opened: Opened, made: DrillDown) -> list[PartRow]:
    """Return what each unit adds, the most first; each number opens to that unit's."""
    rows = []
    for part in sorted(made.parts, key=lambda one: (-one.number, one.name)):
        shown = format_html(
            '<a class="opens" href="{}">{}</a>', opened.part_address(part.code), number(part.number)
        )
        notes = figures.listed([_carried(on, members) for on, members in part.carried], language())
        href = unit_href(part.code, made.as_of)
        rows.append(PartRow(part.name, href, shown, notes, part.illustrative))
    return rows


def _carried(on: dt.date, members: int) -> str:
    return _("%(number)s with the unit itself, on %(day)s") % {
        "number": number(members),
        "day": figures.day(on, language()),
    }


def day_rows(days: Sequence[Day]) -> list[tuple[str, str, str]]:
    """Return what a single unit adds on each day: the day, the number, and whether the unit itself moved."""
    return [
        (
            figures.day(day.on, language()),
            number(day.number),
            _("with the unit itself") if day.by_the_tree else "",
        )
        for day in days
    ]


def year_rows(years: Sequence[Year]) -> list[tuple[str, ...]]:
    """Return how a single unit came to its members: the year, joined, left, moved in, moved out, members."""
    return [(str(one.year), *(number(value) for value in one[1:])) for one in years]


def flow_names() -> dict[str, str]:
    """Return what each flow is called."""
    return {
        "opening": _("there from the beginning"),
        "entry": _("joined"),
        "exit": _("left"),
        "move_in": _("moved in"),
        "move_out": _("moved out"),
    }


def entry_row(entry: Entry, names: Mapping[str, str]) -> EntryRow:
    """Return one membership or movement: when, who, where, how."""
    if entry.signed_by:
        who = _("%(number)s by number, signed by %(name)s") % {
            "number": number(abs(entry.number)),
            "name": entry.signed_by,
        }
    elif entry.person is None:
        who = _("a person whose name is erased or not open to you")
    else:
        who = entry.person
    reversal = entry.number < 0 and entry.flow in {"entry", "move_in"}
    what = flow_names().get(entry.flow, entry.flow)
    return EntryRow(
        figures.short_day(entry.day, language()),
        who,
        names.get(entry.unit_code, entry.unit_code),
        _("%(what)s, taken back") % {"what": what} if reversal else what,
    )
