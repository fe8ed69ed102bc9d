"""`groundswell export`: the whole organisation as an open directory that another installation can read."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from groundswell.cli import typed
from groundswell.cli.errors import CommandError
from groundswell.cli.joined import joined
from groundswell.ground.language import gettext as _
from groundswell.ground.language import of_machine


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("what", choices=("organisation",), help=_("the whole organisation"))
    parser.add_argument(
        "--out", type=typed.path, required=True, metavar="DIR", help=_("a new or empty directory")
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help=_("text (default) or json")
    )


def run(options: argparse.Namespace) -> int:
    """Write the organisation down, contacts and notes in clear; print how many rows there are."""
    with joined():
        manifest = _written(options.out)
    rows = {one["table"]: one["rows"] for one in manifest["tables"]}
    if options.format == "json":
        sys.stdout.write(json.dumps({"directory": str(options.out), "tables": rows}) + "\n")
    else:
        sys.stdout.write(
            _("%(path)s holds %(number)s rows, with contacts and notes in clear: keep it as a key.")
            % {"path": options.out, "number": sum(rows.values())}
            + "\n"
        )
    return 0


def _written(folder: Path) -> dict[str, Any]:
    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.access.trail import record
    from groundswell.exchange.whole import leaving
    from groundswell.kernel import clock
    from groundswell.kernel.errors import Refusal

    try:
        with scope.operator("export the organisation"):
            record("exchange.organisation.exported", actor=OPERATOR, subject=None)
            return leaving.write(folder, today=clock.today(), at=clock.now())
    except Refusal as refusal:
        raise CommandError(refusal.code, refusal.sentence, "--out") from refusal
    except OSError as problem:
        raise CommandError(
            "file",
            _("%(path)s cannot be written: %(reason)s.") % {"path": folder, "reason": of_machine(problem)},
            "--out",
        ) from problem
