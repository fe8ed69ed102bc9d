"""What a page asks of the report: read from the address, checked, with sensible defaults."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.http import HttpRequest

from groundswell.access.actor import Actor
from groundswell.kernel import clock
from groundswell.reports.drilldown import FIGURES
from groundswell.reports.opening import FORMULAS
from groundswell.reports.queries import STRUCTURES, Report
from groundswell.reports.question import TOP_SLASHES, Question
from groundswell.reports.sentences import Happening, a_year_before, happening
from groundswell.structure import happened
from groundswell.structure import pages as structure_pages
from groundswell.structure import queries as structure
from groundswell.structure.models import Unit
from groundswell.web import fields


@dataclass(frozen=True, slots=True)
class Opened:
    """A figure that is opened: of which row, which figure, in which report."""

    question: Question
    row: str
    figure: str
    direct: bool
    part: str

    def part_address(self, code: str) -> str:
        """Return where what one unit adds to the figure opens."""
        more = {"row": self.row, "figure": self.figure, "part": code} | (
            {"direct": "1"} if self.direct else {}
        )
        return self.question.address("reports:drill", **{name: text for name, text in more.items() if text})

    def arguments(self) -> dict[str, Any]:
        """Return what the query of the room is asked."""
        return self.question.arguments() | {
            "row_code": self.row or None,
            "figure": self.figure,
            "direct": self.direct,
            "part_code": self.part or None,
        }


def question(request: HttpRequest, actor: Actor) -> Question:
    """Return the question of an address; BadQuery for what cannot be used."""
    unit = fields.query(request, "unit", fields.checked_code) or default_unit(actor)
    as_of = fields.query(request, "as_of", fields.checked_day) or default_day(unit)
    return Question(
        unit=unit,
        as_of=as_of,
        since=fields.query(request, "since", fields.checked_day) or a_year_before(as_of),
        known_at=fields.query(request, "known_at", fields.checked_moment),
        structure=fields.query_choice(request, "structure", STRUCTURES, "then"),
    )


def figure(request: HttpRequest, asked: Question) -> Opened:
    """Return which figure is opened."""
    row = fields.query(request, "row", fields.checked_code) or asked.unit
    part = fields.query(request, "part", fields.checked_code) or ""
    opened = fields.query_choice(request, "figure", (*FIGURES, *FORMULAS), "members")
    direct = bool(fields.query_choice(request, "direct", ("1",), ""))
    return Opened(asked, row, opened, direct=direct, part=part)


def default_day(code: str) -> dt.date:
    """Return the day of the newest report made public, else the last month's end; '' is the whole.

    Of a unit that was founded since, today: an organisation has a report from its first evening on.
    """
    today = clock.today()
    day = newest_published_day() or today.replace(day=1) - dt.timedelta(days=1)
    unit = Unit.objects.filter(code=code).first() if code else structure.root()
    return today if unit and day < unit.founded_on <= today else day


def default_unit(actor: Actor) -> str:
    """Return '' (the whole) for whose reach begins at the top, else the code of her first office's unit."""
    if actor.operator or any(office.path.count("/") == TOP_SLASHES for office in actor.mandates):
        return ""
    first = next((office.unit_id for office in actor.mandates), None)
    return Unit.objects.values_list("code", flat=True).get(pk=first) if first is not None else ""


def is_whole(made: Report) -> bool:
    """Return whether a report is of the whole organisation."""
    return made.unit.unit_id == structure.root().pk


def newest_published_day() -> dt.date | None:
    """Return the day of the newest report made public."""
    with connection.cursor() as cursor:
        cursor.execute("select as_of from published_report()")
        row = cursor.fetchone()
    return row[0] if row else None


def happenings(made: Report) -> list[Happening]:
    """Return what happened to the report's unit and those right below it within its window."""
    unit = Unit.objects.get(pk=made.unit.unit_id)
    return happenings_of(unit, made, made.since, made.as_of)


def happenings_of(unit: Unit, made: Report, since: dt.date, as_of: dt.date) -> list[Happening]:
    """Return what happened to a unit and those right below it in (since, as_of], under their former names."""
    found = happened.events_between(unit, since, as_of, made.known_at, then=made.structure == "then")
    names = structure.called(list({event.unit_id for event in found}), since, made.known_at)
    others = [event.other_id for event in found if event.other_id]
    others_called = structure.called(others, as_of, made.known_at) if others else {}
    called = {key: one.name for key, one in others_called.items()}
    kinds = structure.kind_names() if any(event.details.get("to") for event in found) else {}
    return [
        happening(
            made,
            event.day,
            f"{names[event.unit_id].name}: {structure_pages.event_text(event, called, kinds)}",
            event.unit.code,
            illustrative=event.unit.illustrative,
        )
        for event in found
        if event.unit_id in names and event.what != "founded"
    ]


def countries(made: Report) -> dict[int, str]:
    """Return the country of each row's unit, by its key."""
    keys = [line.unit_id for line in made.lines if line.unit_id is not None]
    return dict(Unit.objects.filter(pk__in=keys).exclude(country="").values_list("pk", "country"))
