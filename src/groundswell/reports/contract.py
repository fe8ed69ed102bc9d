"""The report as programs read it: the keys of the JSON contract, its table, its plain text."""

import csv
import datetime as dt
import io
import unicodedata
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from groundswell.kernel.separated import guarded
from groundswell.reports.queries import DIRECT_KIND, Line, Report
from groundswell.web.marks import simulated_after

COLUMNS = (
    "code",
    "name",
    "kind",
    "members",
    "previous",
    "joined",
    "left",
    "moved_in",
    "moved_out",
    "growth_pct",
    "illustrative",
)
# What a row of the table of values says of itself, after its figures.
BIRTH = ("as_of", "since", "known_at", "structure", "simulated")
DAGGER: Final = "†"
_ILLUSTRATIVE: Final = gettext_noop(
    "† illustrative: the unit, or what is counted of it, is invented so that the whole agrees with what is "
    "published."
)
# How a decision was taken, where the house knows the word.
_RESULTS: Final = (gettext_noop("unanimous"), gettext_noop("overwhelming"))
_HEADS: Final = (
    gettext_noop("code"),
    gettext_noop("name"),
    gettext_noop("before"),
    gettext_noop("joined"),
    gettext_noop("left"),
    gettext_noop("in"),
    gettext_noop("out"),
    gettext_noop("members"),
    gettext_noop("growth"),
)
_FIGURES = COLUMNS[3:10]


def as_contract(report: Report) -> dict[str, Any]:
    """Return the report as plain values, ready for JSON; growth has one decimal or is None."""
    return {
        "as_of": report.as_of.isoformat(),
        "since": report.since.isoformat(),
        "known_at": report.known_at.isoformat() if report.known_at else None,
        "structure": report.structure,
        "unit": report.unit.code,
        "total": _figures(report.total),
        "units": [
            {"code": line.code, "name": line.name, "kind": line.kind}
            | _figures(line)
            | {"illustrative": line.illustrative}
            for line in report.lines
        ],
        "milestones": [
            {"unit": one.unit_code, "threshold": one.threshold, "on": one.on.isoformat()}
            for one in report.milestones
        ],
        "targets": [
            {
                "unit": one.unit_code,
                "figure": one.figure,
                "value": one.value,
                "by": one.by.isoformat(),
                "declared_on": one.declared_on.isoformat(),
                "declared_by": one.declared_by,
            }
            for one in report.targets
        ],
        "decisions": [
            {
                "on": one.on.isoformat(),
                "what": one.title,
                "kind": one.kind,
                "result": one.result,
                "body": one.body,
            }
            for one in report.decisions
        ],
    }


def as_csv(report: Report) -> str:
    """Return the rows and the total (code of the unit, kind `total`) as comma-separated values.

    Every row says of which days and which knowledge it is: rows of several reports go into one sheet.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS + BIRTH)
    birth = _birth(report)
    for line in report.lines:
        writer.writerow(_cells(line, line.kind) + birth)
    writer.writerow(_cells(report.total, "total") + birth)
    return buffer.getvalue()


def as_text(report: Report, *, now: dt.datetime) -> str:
    """Return the report as a plain table for a terminal, with its birth certificate on top.

    `now` is the moment at which it was asked for: on paper "now" says nothing.
    """
    own = report.unit
    lines = [
        f"{own.name} ({own.code})",
        _of_which_days(report),
        _of_which_knowledge(report, now),
        *([said] if (said := caution(report)) else []),
        *([_simulated(edge)] if (edge := simulated_after(report.as_of)) else []),
        "",
        *_table(report),
        "",
        *_happened(report),
    ]
    if any(line.illustrative for line in (*report.lines, report.total)):
        lines.append(_(_ILLUSTRATIVE))
    return "\n".join(lines) + "\n"


def caution(report: Report) -> str | None:
    """Return what must be said of a window that begins before the founding: its growth is none."""
    own = report.unit
    if report.since >= own.founded_on:
        return None
    return _("%(code)s was founded on %(day)s: of the days before it there is nobody to compare with.") % {
        "code": own.code,
        "day": own.founded_on,
    }


def _of_which_days(report: Report) -> str:
    sentence = (
        _("As of %(as_of)s, since %(since)s; structure as now.")
        if report.structure == "now"
        else _("As of %(as_of)s, since %(since)s; structure as then.")
    )
    return sentence % {"as_of": report.as_of, "since": report.since}


def _of_which_knowledge(report: Report, now: dt.datetime) -> str:
    sentence = (
        _("Known at %(moment)s UTC. Days are those of each unit, moments are in UTC.")
        if report.known_at
        else _("Known at %(moment)s UTC, when it was made. Days are those of each unit, moments are in UTC.")
    )
    return sentence % {"moment": f"{report.known_at or now:%Y-%m-%d %H:%M:%S}"}


def _simulated(edge: dt.date) -> str:
    sentence = _("Simulated: what lies after %(day)s is invented, to show how the software goes on.")
    return sentence % {"day": edge}


def _table(report: Report) -> list[str]:
    rows = [
        tuple(map(_, _HEADS)),
        *(_text_row(line, _named(line)) for line in report.lines),
        _text_row(report.total, _("Total")),
    ]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(_HEADS))]
    return [
        "  ".join(
            _filled(cell, width, left=place < 2)  # noqa: PLR2004 - code and name; figures follow
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _happened(report: Report) -> list[str]:
    """Return milestones, decisions and targets, each with its day first and the code of its unit."""
    marked = {line.code for line in (*report.lines, report.total) if line.illustrative}

    def called(code: str, name: str) -> str:
        return f"{name} ({code}){_mark(illustrative=code in marked)}"

    return [
        *(
            f"{one.on}  "
            + _("%(unit)s passed %(number)s members")
            % {"unit": called(one.unit_code, one.unit_name), "number": one.threshold}
            for one in report.milestones
        ),
        *(f"{one.on}  {one.body}: {one.title} ({_(one.result)})" for one in report.decisions),
        *(
            f"{one.by}  "
            + _("target of %(unit)s: %(number)s %(figure)s, declared on %(day)s")
            % {
                "unit": called(one.unit_code, one.unit_name),
                "number": one.value,
                "figure": _(one.figure),
                "day": one.declared_on,
            }
            for one in report.targets
        ),
    ]


def _figures(line: Line) -> dict[str, Any]:
    values = {name: getattr(line, name) for name in _FIGURES}
    values["growth_pct"] = None if line.growth_pct is None else float(line.growth_pct)
    return values


def _cells(line: Line, kind: str) -> list[Any]:
    values = {name: getattr(line, name) for name in COLUMNS} | {"kind": kind}
    values["illustrative"] = DAGGER if line.illustrative else ""
    values["growth_pct"] = "" if line.growth_pct is None else line.growth_pct
    cells = (values[name] for name in COLUMNS)
    return [guarded(cell) if isinstance(cell, str) else cell for cell in cells]


def _birth(report: Report) -> list[str]:
    known = report.known_at.isoformat() if report.known_at else ""
    simulated = "simulated" if simulated_after(report.as_of) else ""
    return [report.as_of.isoformat(), report.since.isoformat(), known, report.structure, simulated]


def _text_row(line: Line, name: str) -> tuple[str, ...]:
    growth = "-" if line.growth_pct is None else f"{line.growth_pct:+} %"
    numbers = (line.previous, line.joined, line.left, line.moved_in, line.moved_out, line.members)
    marked = f"{name}{_mark(illustrative=line.illustrative)}"
    return (line.code, marked, *(str(number) for number in numbers), growth)


def _named(line: Line) -> str:
    """Return the name of a row; of those in no unit below, where they are."""
    return line.kind_name if line.kind == DIRECT_KIND else line.name


def _mark(*, illustrative: bool) -> str:
    return f" {DAGGER}" if illustrative else ""


def _filled(cell: str, width: int, *, left: bool) -> str:
    gap = " " * (width - _width(cell))
    return f"{cell}{gap}" if left else f"{gap}{cell}"


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes: some signs take two, accents of their own none."""
    return sum(
        0
        if unicodedata.category(sign) in {"Mn", "Me", "Cf"}
        else 1 + (unicodedata.east_asian_width(sign) in "WF")
        for sign in text
    )
