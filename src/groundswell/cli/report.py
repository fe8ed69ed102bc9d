"""`groundswell report`: the organisational report as JSON, a table of values, or plain text."""

import argparse
import datetime as dt
import json
import re
import sys
from typing import TYPE_CHECKING, Final

from groundswell.cli.errors import CommandError
from groundswell.cli.joined import joined

if TYPE_CHECKING:
    from groundswell.reports.queries import Report

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--as-of", required=True, metavar="DAY", help="the day the report ends with")
    parser.add_argument("--since", required=True, metavar="DAY", help="the day it compares with")
    parser.add_argument(
        "--known-at", metavar="INSTANT", help="what was known then; a bare day means its end in UTC"
    )
    parser.add_argument("--unit", metavar="CODE", help="the unit; without it the whole organisation")
    parser.add_argument("--structure", default="then", help="then (default) or now")
    parser.add_argument("--format", default="text", help="json, csv or text (default)")


def run(options: argparse.Namespace) -> int:
    """Print the report; the operator's reach is the whole organisation."""
    if options.format not in {"json", "csv", "text"}:
        raise CommandError("usage", "groundswell report: --format must be json, csv or text.", "--format")
    as_of, since = _day(options.as_of, "--as-of"), _day(options.since, "--since")
    known_at = _instant(options.known_at) if options.known_at else None
    with joined():
        made = _make(options, as_of, since, known_at)
        sys.stdout.write(_shown(made, options.format))
    return 0


def _make(
    options: argparse.Namespace, as_of: dt.date, since: dt.date, known_at: dt.datetime | None
) -> "Report":
    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.kernel.errors import Refusal
    from groundswell.reports.queries import report

    try:
        with scope.operator("report"):
            return report(
                OPERATOR,
                unit_code=options.unit,
                as_of=as_of,
                since=since,
                known_at=known_at,
                structure_of=options.structure,
            )
    except Refusal as refusal:
        where = f"--{refusal.field.replace('_', '-')}" if refusal.field else None
        raise CommandError(refusal.code, refusal.sentence, where) from refusal


def _shown(made: "Report", form: str) -> str:
    from groundswell.reports import contract

    if form == "json":
        return json.dumps(contract.as_contract(made), ensure_ascii=False, indent=1) + "\n"
    return contract.as_csv(made) if form == "csv" else contract.as_text(made)


def _day(text: str, option: str) -> dt.date:
    refusal = CommandError(
        "bad-day", f"{option} must be a day written as 2024-01-31, not “{text[:40]}”.", option
    )
    if not _DAY.fullmatch(text):
        raise refusal
    try:
        return dt.date.fromisoformat(text)
    except ValueError as problem:
        raise refusal from problem


def _instant(text: str) -> dt.datetime:
    if _DAY.fullmatch(text):
        return dt.datetime.combine(_day(text, "--known-at"), dt.time.max, dt.UTC)
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as problem:
        raise CommandError(
            "bad-instant",
            f"--known-at must be a moment written as 2024-02-05T18:30:00+00:00 or a day, not “{text[:40]}”.",
            "--known-at",
        ) from problem
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment
