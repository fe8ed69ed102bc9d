"""The report as programs read it: the keys of the JSON contract, its table, its plain text."""

import csv
import io
from typing import Any

from groundswell.reports.queries import Line, Report

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
_FIGURES = COLUMNS[3:10]
# A sheet runs a cell that begins with one of these as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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
    """Return the rows and the total (code of the unit, kind `total`) as comma-separated values."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in report.lines:
        writer.writerow(_cells(line, line.kind))
    writer.writerow(_cells(report.total, "total"))
    return buffer.getvalue()


def as_text(report: Report) -> str:
    """Return the report as a plain table for a terminal, with its birth certificate on top."""
    heads = ("", "before", "joined", "left", "in", "out", "members", "growth")
    rows = [heads, *(_text_row(line, line.name) for line in report.lines)]
    rows.append(_text_row(report.total, "Total"))
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    known = report.known_at.isoformat() if report.known_at else "now"
    lines = [
        (
            f"{report.unit.name} ({report.unit.code}): {report.since} to {report.as_of}, "
            f"known at {known}, structure {report.structure}, days in UTC"
        ),
        "",
        *(
            "  ".join(
                [
                    row[0].ljust(widths[0]),
                    *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
                ]
            ).rstrip()
            for row in rows
        ),
        "",
        *(f"{one.on}  {one.unit_name} passed {one.threshold} members" for one in report.milestones),
        *(f"{one.on}  {one.body}: {one.title} ({one.result})" for one in report.decisions),
        *(f"Target of {one.unit_name}: {one.value} {one.figure} by {one.by}" for one in report.targets),
    ]
    if any(line.illustrative for line in report.lines):
        lines.append("† illustrative figures")
    return "\n".join(lines) + "\n"


def _figures(line: Line) -> dict[str, Any]:
    values = {name: getattr(line, name) for name in _FIGURES}
    values["growth_pct"] = None if line.growth_pct is None else float(line.growth_pct)
    return values


def _cells(line: Line, kind: str) -> list[Any]:
    values = {name: getattr(line, name) for name in COLUMNS} | {"kind": kind}
    values["illustrative"] = "†" if line.illustrative else ""
    values["growth_pct"] = "" if line.growth_pct is None else line.growth_pct
    return [
        "'" + cell if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
        for cell in (values[name] for name in COLUMNS)
    ]


def _text_row(line: Line, name: str) -> tuple[str, ...]:
    growth = "-" if line.growth_pct is None else f"{line.growth_pct:+} %"
    mark = " †" if line.illustrative else ""
    numbers = (line.previous, line.joined, line.left, line.moved_in, line.moved_out, line.members)
    return (f"{name}{mark}", *(str(number) for number in numbers), growth)
