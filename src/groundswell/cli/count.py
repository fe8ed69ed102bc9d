"""`groundswell count`: count the ballots of a file by a named rule and print the whole working."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from groundswell.calc.errors import CalcError, InputError
from groundswell.calc.tally.ballots import Election
from groundswell.calc.tally.methods import RULES, Options, find
from groundswell.calc.tally.result import Result
from groundswell.calc.tally.ties import UNDECIDED, Decider, Lots, decisions
from groundswell.cli import jsonfile, typed
from groundswell.cli.errors import CommandError
from groundswell.ground.language import gettext as _

FORMATS: Final = ("text", "json", "html", "sheet")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "file", type=typed.path, metavar="FILE", help=_("ballots: BLT, or CSV when the name ends in .csv")
    )
    parser.add_argument(
        "--method", required=True, metavar="RULE", help=_("one of %(rules)s") % {"rules": ", ".join(RULES)}
    )
    parser.add_argument(
        "--seats", type=typed.whole, metavar="N", help=_("how many to elect, instead of the file's")
    )
    deciding = parser.add_mutually_exclusive_group()
    deciding.add_argument(
        "--ties", type=typed.name, metavar="FILE", help=_("JSON list of names, the earlier wins a tie")
    )
    deciding.add_argument("--seed", metavar="TEXT", help=_("draw lots for ties with this published text"))
    parser.add_argument(
        "--unranked",
        choices=("last", "ignored"),
        help=_("by pairs: an unranked candidate is last (default), or ignored"),
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help=_("how to print the result (text)"))


def run(options: argparse.Namespace) -> int:
    """Count and print. Raises `CommandError` for any refusal."""
    try:
        rule = find(options.method)
        election = _read(options.file, options.seats)
        decider = _decider(options.ties, options.seed, election)
        result = rule.count(election, Options(decider, options.unranked))
    except InputError as refusal:
        where = options.file.name if refusal.line is None else f"line {refusal.line}"
        raise CommandError(refusal.code, f"{options.file.name}: {refusal.said(_)}", where) from refusal
    except CalcError as refusal:
        raise CommandError(refusal.code, refusal.said(_)) from refusal
    sys.stdout.write(_printer(options.format)(result))
    return 0


def _read(path: Path, seats: int | None) -> Election:
    if seats is not None and seats < 1:
        raise CommandError(
            "usage", _("--seats %(seats)s: at least 1 seat must be filled.") % {"seats": seats}, "--seats"
        )
    if path.suffix.lower() == ".csv":
        from groundswell.calc.tally.tables import read_csv

        if seats is None:
            raise CommandError("usage", _("a CSV file says nothing of seats: give --seats N."), "--seats")
        return read_csv(path, seats=seats)
    from groundswell.calc.tally.blt import read_blt

    return read_blt(path, seats=seats)


def _decider(ties: str | None, seed: str | None, election: Election) -> Decider:
    if (agreed := typed.seed(seed)) is not None:
        return Lots(agreed)
    if ties is None:
        return UNDECIDED
    try:
        return decisions(jsonfile.read(ties), election.candidates)
    except InputError as problem:
        raise CommandError("ties", f"{Path(ties).name}: {problem.said(_)}", "--ties") from problem


def _printer(name: str) -> Callable[[Result], str]:
    """Load one way of printing; the others are not imported."""
    if name == "json":
        from groundswell.calc.tally.as_json import as_json

        return lambda result: json.dumps(as_json(result), ensure_ascii=False, indent=1) + "\n"
    if name == "html":
        from groundswell.calc.tally.as_html import as_html

        return as_html
    if name == "sheet":
        from groundswell.calc.tally.as_sheet import as_sheet

        return as_sheet
    from groundswell.calc.tally.as_text import as_text

    return as_text
