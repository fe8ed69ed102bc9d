"""`groundswell report`: the organisational report as JSON, a table of values, or plain text."""

import argparse
import datetime as dt
import functools
import json
import sys
from typing import TYPE_CHECKING, Final

from groundswell.cli import streams, typed
from groundswell.cli.errors import CommandError
from groundswell.cli.joined import joined
from groundswell.ground.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from groundswell.reports.queries import Report

FORMATS: Final = ("json", "csv", "text")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--as-of", required=True, metavar="DAY", help=_("the day the report ends with, as 2024-01-31")
    )
    parser.add_argument("--since", required=True, metavar="DAY", help=_("the day it compares with"))
    parser.add_argument(
        "--known-at",
        metavar="INSTANT",
        help=_("what was known then, as 2024-02-05T18:30Z; a bare day means its end in UTC"),
    )
    parser.add_argument("--unit", metavar="CODE", help=_("the unit; without it the whole organisation"))
    parser.add_argument("--structure", default="then", metavar="WHEN", help=_("then (default) or now"))
    parser.add_argument("--format", default="text", metavar="FORM", help=_("json, csv or text (default)"))


def run(options: argparse.Namespace) -> int:
    """Print the report; the operator's reach is the whole organisation."""
    if options.format not in FORMATS:
        raise CommandError("usage", _("groundswell report: --format must be json, csv or text."), "--format")
    as_of, since = typed.day(options.as_of, "--as-of"), typed.day(options.since, "--since")
    known_at = None if options.known_at is None else typed.moment(options.known_at, "--known-at")
    with joined():
        shown, aside = _made(options, as_of, since, known_at)
    sys.stdout.write(shown)
    if aside:
        streams.say(aside)
    return 0


def _made(
    options: argparse.Namespace, as_of: dt.date, since: dt.date, known_at: dt.datetime | None
) -> tuple[str, str]:
    """Return the report as it is printed, and what is said beside it where its form has no place for it."""
    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.kernel import clock
    from groundswell.kernel.errors import Refusal
    from groundswell.reports.queries import report

    try:
        with scope.operator("report"):
            now = clock.now()
            ask = functools.partial(
                report,
                OPERATOR,
                unit_code=options.unit,
                as_of=as_of,
                since=since,
                known_at=known_at,
                structure_of=options.structure,
            )
            made = ask() if options.format == "text" else _alike_everywhere(ask)
    except Refusal as refusal:
        where = f"--{refusal.field.replace('_', '-')}" if refusal.field else None
        raise CommandError(refusal.code, refusal.sentence, where) from refusal
    return _shown(made, options.format, now)


def _alike_everywhere(ask: "Callable[[], Report]") -> "Report":
    """Return what programs read: the names of units are not those of the terminal's language."""
    from django.conf import settings
    from django.utils import translation

    from groundswell.kernel.errors import Refusal

    try:
        with translation.override(settings.LANGUAGE_CODE):
            return ask()
    except Refusal:
        return ask()  # refused again, in the language of whoever asks


def _shown(made: "Report", form: str, now: dt.datetime) -> tuple[str, str]:
    from groundswell.reports import contract

    if form == "text":
        return contract.as_text(made, now=now), ""
    if form == "csv":
        shown = contract.as_csv(made)
    else:
        shown = json.dumps(contract.as_contract(made), ensure_ascii=False, indent=1) + "\n"
    return shown, contract.caution(made) or ""
