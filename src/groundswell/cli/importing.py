"""`groundswell import`: bring a list of people in, or undo an import as one act."""

import argparse
import datetime as dt
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from groundswell.cli.errors import CommandError
from groundswell.cli.joined import joined

if TYPE_CHECKING:
    from groundswell.exchange.models import Batch
    from groundswell.kernel.errors import Refusal

FORMATS: Final = ("text", "json")
_LONGEST: Final = 4
_OPTIONS: Final = {
    "words": "--words",
    "unit": "--unit",
    "preset": "--preset",
    "dates": "--dates",
    "encoding": "--encoding",
    "kind": "--kind",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "what",
        choices=("people", "undo", "organisation"),
        help="a list of people, an import to undo, an organisation",
    )
    parser.add_argument(
        "subject", metavar="FILE|BATCH|DIR", help="the file, the number of the import, or the directory"
    )
    parser.add_argument("--unit", metavar="CODE", help="where the people of the list belong")
    parser.add_argument("--preset", default="", metavar="NAME", help="the program that wrote the file")
    parser.add_argument("--dates", default="", choices=("", "dmy", "mdy", "ymd"), help="the order of days")
    parser.add_argument(
        "--encoding", default="", metavar="NAME", help="how its letters are written, where it is not seen"
    )
    parser.add_argument(
        "--kind",
        default="member",
        help="what people are of whom the file does not say it: member, contact, …",
    )
    parser.add_argument("--basis", default="", metavar="WORD", help="the legal basis, by its word")
    parser.add_argument("--origin", default="", metavar="TEXT", help="where the list comes from")
    parser.add_argument(
        "--words",
        action="append",
        default=[],
        metavar="PURPOSE=VERSION",
        help="to which words a column of consent says people agreed, as newsletter=2",
    )
    parser.add_argument("--agreed-on", default="", metavar="DAY", help="the day, where the list says none")
    parser.add_argument("--refused", type=Path, metavar="FILE", help="where refused rows are written")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
    parser.add_argument("--format", choices=FORMATS, default="text", help="how to print the result")


def run(options: argparse.Namespace) -> int:
    """Bring in or undo; exit 2 with one sentence for whatever cannot be."""
    with joined(), _refusals(options):
        said = {"undo": _undo, "people": _people, "organisation": _organisation}[options.what](options)
    sys.stdout.write(json.dumps(said) + "\n" if options.format == "json" else _text(said))
    return 0


def _people(options: argparse.Namespace) -> dict[str, Any]:
    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.exchange import actions

    path = Path(options.subject)
    if not path.is_file():
        raise CommandError("no-file", f"There is no file {path.name} here.", "FILE")
    if not options.unit:
        raise CommandError(
            "usage", "groundswell import people: --unit CODE says where they belong.", "--unit"
        )
    if options.dry_run:
        return _tried(options, path)
    with scope.operator("bring a list in"):
        batch = actions.start(_staged(options, path), actor=OPERATOR)
    return _taken_in(batch, _refused_path(options, path), actions)


def _tried(options: argparse.Namespace, path: Path) -> dict[str, Any]:
    """Stage and judge in one transaction that is taken back."""
    from django.db import transaction

    from groundswell.access import scope
    from groundswell.exchange import actions, refusals
    from groundswell.kernel import clock

    with scope.operator("try a list"), transaction.atomic():
        batch = _staged(options, path)
        while actions.run_chunk(batch, at=clock.now(), dry=True):
            pass
        batch = actions.counted(batch)
        refused = refusals.write(batch, _refused_path(options, path)) if batch.refused else None
        said = _said(batch, refused) | {"batch": None}
        transaction.set_rollback(True)
    return said


def _staged(options: argparse.Namespace, path: Path) -> "Batch":
    from groundswell.access.actor import OPERATOR
    from groundswell.exchange import actions, consents
    from groundswell.exchange.importing.reading import encodings
    from groundswell.kernel import clock
    from groundswell.structure import queries as structure

    unit = structure.unit_by_code(OPERATOR, options.unit)
    wanted = actions.Wanted(
        basis=_basis(options.basis),
        origin=options.origin or path.name,
        kind=options.kind,
        preset=options.preset,
        order=options.dates,
        encoding=encodings.code_of(options.encoding),
        words=consents.texts_said(unit, dict(map(_words, options.words))),
        agreed_on=_day(options.agreed_on),
    )
    return actions.stage(path, name=path.name, unit=unit, wanted=wanted, actor=OPERATOR, at=clock.now())


def _basis(said: str) -> str:
    from groundswell.exchange import words

    if said and said not in words.bases():
        known = ", ".join(words.bases())
        raise CommandError("no-basis", f"--basis {said} is none; it is one of: {known}.", "--basis")
    return said


def _words(said: str) -> tuple[str, int]:
    purpose, _sign, number = said.partition("=")
    if not number.isdecimal() or len(number) > _LONGEST:
        raise CommandError("usage", f"--words {said}: write PURPOSE=VERSION, as newsletter=2.", "--words")
    return purpose, int(number)


def _day(said: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(said) if said else None
    except ValueError:
        sentence = f"--agreed-on {said}: write a day like 2024-01-31."
        raise CommandError("usage", sentence, "--agreed-on") from None


def _taken_in(batch: "Batch", refused: Path, actions: Any) -> dict[str, Any]:
    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.exchange import refusals
    from groundswell.exchange.tasks import look_for_duplicates
    from groundswell.kernel import clock

    taken = True
    while taken:
        with scope.operator("bring a list in"):
            taken = bool(actions.run_chunk(batch, at=clock.now()))
    with scope.operator("bring a list in"):
        done = actions.finish(batch, actor=OPERATOR, at=clock.now())
        look_for_duplicates(batch)
        written = refusals.write(done, refused) if done.refused else None
    return _said(done, written)


def _refused_path(options: argparse.Namespace, path: Path) -> Path:
    return options.refused or path.with_name(f"{path.stem}.refused.csv")


def _said(batch: "Batch", refused: Path | None) -> dict[str, Any]:
    return {
        "batch": batch.pk,
        "new": batch.new,
        "known": batch.known,
        "doubtful": batch.doubtful,
        "refused": batch.refused,
        "refused_file": None if refused is None else str(refused),
    }


def _undo(options: argparse.Namespace) -> dict[str, Any]:
    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.exchange import actions, queries
    from groundswell.kernel import clock

    if not options.subject.isdecimal():
        raise CommandError("no-batch", "groundswell import undo: BATCH is the number of an import.", "BATCH")
    with scope.operator("undo an import"):
        batch = queries.batch_for(OPERATOR, int(options.subject[:18]))
        undone = actions.undo(batch, actor=OPERATOR, at=clock.now())
    return {
        "batch": batch.pk,
        "erased": undone.erased,
        "taken_away": undone.taken_away,
        "stay": undone.stay,
    }


def _organisation(options: argparse.Namespace) -> dict[str, Any]:
    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.exchange.actions import arriving

    with scope.operator("bring an organisation in"):
        return dict(arriving.arrive(Path(options.subject), actor=OPERATOR))


def _text(said: dict[str, Any]) -> str:
    return "".join(
        f"{name.replace('_', ' ')}: {'–' if value is None else value}\n" for name, value in said.items()
    )


@contextmanager
def _refusals(options: argparse.Namespace) -> Iterator[None]:
    """Turn the refusals of rules and files into that of a command."""
    from groundswell.kernel.errors import Refusal

    try:
        yield
    except Refusal as refusal:
        raise CommandError(refusal.code, refusal.sentence, _where(refusal)) from refusal
    except OSError as problem:
        name = Path(problem.filename or options.subject).name
        raise CommandError("file", f"{name} cannot be used: {problem.strerror}.", "FILE") from problem


def _where(refusal: "Refusal") -> str | None:
    return _OPTIONS.get(refusal.field or "")
