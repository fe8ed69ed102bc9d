"""`groundswell import`: bring a list of people in, or undo an import as one act."""

import argparse
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from groundswell.cli import streams, typed
from groundswell.cli.errors import CommandError
from groundswell.cli.joined import joined
from groundswell.ground import environment

if TYPE_CHECKING:
    from groundswell.exchange.models import Batch

FORMATS: Final = ("text", "json")
# Of lines that are passed over so many are named.
MOST_PASSED: Final = 200
# Said without Django; a test compares them with what there is.
PRESETS: Final = ("hitobito", "civicrm", "action-network", "nationbuilder", "google", "outlook", "vcard")
BASES: Final = ("membership", "consent", "request")
_NUMBER: Final = re.compile(r"\d{1,18}", re.ASCII)
_WORDS: Final = re.compile(r"([^=]+)=(\d{1,4})", re.ASCII)
# What a command takes besides its options, and the options that go with each.
_SUBJECTS: Final = {"people": "FILE", "undo": "BATCH", "organisation": "DIR"}
_OF_ALL: Final = {"what", "subject", "format"}
_OPTIONS: Final = {
    "words": "--words",
    "unit": "--unit",
    "preset": "--preset",
    "dates": "--dates",
    "encoding": "--encoding",
    "kind": "--kind",
    "places": "--unit-named",
    "rejoin_on": "--rejoin-on",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "what", choices=tuple(_SUBJECTS), help="a list of people, an import to undo, an organisation"
    )
    parser.add_argument(
        "subject",
        type=typed.name,
        metavar="FILE|BATCH|DIR",
        help="the file, the number of the import, or the directory",
    )
    _add_of_lists(parser)
    parser.add_argument(
        "--refused",
        type=typed.path,
        metavar="FILE",
        help="where refused rows are written, with the reason of each; beside the list without it",
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="say what would happen and write nothing, but the file that --refused names",
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="text (default) or json")


def _add_of_lists(parser: argparse.ArgumentParser) -> None:
    """Declare what is said of a list of people besides its file."""
    parser.add_argument("--unit", metavar="CODE", help="people: where they belong; needed with them")
    parser.add_argument(
        "--preset",
        default="",
        metavar="NAME",
        help=f"the program that wrote the file, where it is not seen: {', '.join(PRESETS)}",
    )
    parser.add_argument(
        "--dates",
        default="",
        choices=("", "dmy", "mdy", "ymd"),
        metavar="ORDER",
        help="the order of days where it is not seen: dmy, mdy or ymd",
    )
    parser.add_argument(
        "--encoding", default="", metavar="NAME", help="how its letters are written, where it is not seen"
    )
    parser.add_argument(
        "--kind",
        default="member",
        help="what people are of whom the file does not say it: member (default), candidate, supporter, "
        "contact",
    )
    parser.add_argument("--basis", default="", metavar="WORD", help=f"the legal basis: {', '.join(BASES)}")
    parser.add_argument(
        "--origin", default="", metavar="TEXT", help="where the list comes from; its name without it"
    )
    parser.add_argument(
        "--words",
        action="append",
        default=[],
        metavar="PURPOSE=VERSION",
        help="to which words a column of consent says people agreed, as newsletter=2",
    )
    parser.add_argument(
        "--unit-named",
        action="append",
        default=[],
        metavar="NAME=CODE",
        help="which unit a name means that several have, or NAME=- to refuse the rows that say it",
    )
    parser.add_argument("--agreed-on", metavar="DAY", help="the day, where the list says none")
    parser.add_argument(
        "--known",
        choices=("add", "leave"),
        default="add",
        help="add what people lack who are known, or leave them as they are",
    )
    parser.add_argument(
        "--rejoin-on",
        metavar="DAY",
        help="on which day former members join again whose rows do not say it; without it they stay former",
    )


def run(options: argparse.Namespace) -> int:
    """Bring in or undo; exit 2 with one sentence for whatever cannot be.

    1 when everybody of a list is in, and the file of the refused rows could not be written after all.
    """
    _require_fitting(options)
    with joined(), _refusals(options):
        said, lacking = {"undo": _undo, "people": _people, "organisation": _organisation}[options.what](
            options
        )
    sys.stdout.write(json.dumps(said) + "\n" if options.format == "json" else _text(said))
    if lacking:
        streams.say(lacking)
    return 1 if lacking else 0


def _require_fitting(options: argparse.Namespace) -> None:
    """Refuse what cannot be, before anything is started: a dry run of an undoing would be an undoing."""
    if options.what == "people":
        _require_files(options)
        return
    blank = argparse.ArgumentParser()
    add_arguments(blank)
    for name, given in vars(options).items():
        if name not in _OF_ALL and given != blank.get_default(name):
            option = f"--{name.replace('_', '-')}"
            sentence = f"groundswell import {options.what}: {option} goes with import people alone."
            raise CommandError("usage", sentence, option)
    if options.what == "undo" and not _NUMBER.fullmatch(options.subject):
        raise CommandError("no-batch", "groundswell import undo: BATCH is the number of an import.", "BATCH")


def _require_files(options: argparse.Namespace) -> None:
    path = Path(options.subject)
    if not path.is_file():
        raise CommandError("no-file", f"There is no file {path.name} here.", "FILE")
    if not options.unit:
        raise CommandError(
            "usage", "groundswell import people: --unit CODE says where they belong.", "--unit"
        )
    typed.line(options.origin, "--origin")
    refused = _refused_path(options)
    if refused is None:
        return
    if refused.exists() and refused.samefile(path):
        raise CommandError("cannot-write", f"{refused} is the list itself.", "--refused")
    typed.require_writable(refused, "--refused")


def _people(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.exchange import actions

    path = Path(options.subject)
    if options.dry_run:
        return _tried(options, path)
    tally: Counter[str] = Counter()
    with scope.operator("bring a list in"):
        batch = actions.start(_staged(options, path), actor=OPERATOR, **_chosen(options))
    done = _taken_in(batch, actions, tally)
    with scope.operator("write down what of a list was refused"):
        return _answer(done, tally, _refused_path(options))


def _chosen(options: argparse.Namespace) -> dict[str, Any]:
    """Return what is chosen for people who are known, as the page asks it."""
    rejoin_on = None if options.rejoin_on is None else typed.day(options.rejoin_on, "--rejoin-on")
    return {"leaves_alone": options.known == "leave", "rejoin_on": rejoin_on}


def _tried(options: argparse.Namespace, path: Path) -> tuple[dict[str, Any], str]:
    """Stage a list and look through it, as its preview does, in one transaction that is taken back."""
    from django.db import transaction

    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.exchange import actions, queries
    from groundswell.kernel import clock

    with scope.operator("try a list"), transaction.atomic():
        batch = actions.choose(_staged(options, path), actor=OPERATOR, **_chosen(options))
        batch = actions.look_through(batch, actor=OPERATOR, at=clock.now())
        said, lacking = _answer(batch, queries.outcomes_of(batch), _refused_path(options))
        transaction.set_rollback(True)
    return said | {"batch": None}, lacking


def _staged(options: argparse.Namespace, path: Path) -> "Batch":
    from groundswell.access.actor import OPERATOR
    from groundswell.exchange import actions, consents
    from groundswell.exchange.importing.reading import encodings
    from groundswell.kernel import clock
    from groundswell.structure import queries as structure

    unit = structure.unit_by_code(OPERATOR, options.unit)
    wanted = actions.Wanted(
        basis=_basis(options.basis),
        origin=options.origin,
        kind=_kind(options.kind),
        preset=options.preset,
        order=options.dates,
        encoding=encodings.code_of(options.encoding),
        words=consents.texts_said(unit, dict(map(_words, options.words))),
        agreed_on=None if options.agreed_on is None else typed.day(options.agreed_on, "--agreed-on"),
        places=dict(map(_place, options.unit_named)),
    )
    return actions.stage(path, name=_name(path), unit=unit, wanted=wanted, actor=OPERATOR, at=clock.now())


def _name(path: Path) -> str:
    """Return the name of a file as text; Linux lets it be of any bytes."""
    return streams.one_line(os.fsencode(path.name).decode(errors="replace"))


def _basis(said: str) -> str:
    from groundswell.exchange import words

    if said and said not in words.bases():
        known = ", ".join(words.bases())
        raise CommandError("no-basis", f"--basis {said} is none; it is one of: {known}.", "--basis")
    return said


def _kind(said: str) -> str:
    from groundswell.exchange import words

    if said not in words.kinds():
        known = ", ".join(words.kinds())
        raise CommandError("no-kind", f"--kind {said} is none; it is one of: {known}.", "--kind")
    return said


def _words(said: str) -> tuple[str, int]:
    found = _WORDS.fullmatch(said)
    if found is None:
        raise CommandError("usage", f"--words {said}: write PURPOSE=VERSION, as newsletter=2.", "--words")
    return found[1], int(found[2])


def _place(said: str) -> tuple[str, str]:
    from groundswell.exchange.importing.unitnames import folded

    name, sign, code = said.rpartition("=")
    if not sign or not folded(name) or not code.strip():
        sentence = f'--unit-named {said}: write NAME=CODE, as "Hill Line=HILL", or NAME=-.'
        raise CommandError("usage", sentence, "--unit-named")
    return folded(name), code.strip().upper()


def _taken_in(batch: "Batch", actions: Any, tally: Counter[str]) -> "Batch":
    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.exchange.tasks import look_for_duplicates
    from groundswell.kernel import clock

    taken = True
    while taken:
        with scope.operator("bring a list in"):
            taken = bool(actions.run_chunk(batch, at=clock.now(), tally=tally))
    with scope.operator("bring a list in"):
        done: Batch = actions.finish(batch, actor=OPERATOR, at=clock.now())
        look_for_duplicates(batch)
    return done


def _refused_path(options: argparse.Namespace) -> Path | None:
    """Return where refused rows are written: a dry run writes them only into a file that was named."""
    named: Path | None = options.refused
    if named is not None or options.dry_run:
        return named
    path = Path(options.subject)
    return path.with_name(f"{path.stem}.refused.csv")


def _answer(batch: "Batch", tally: Counter[str], refused: Path | None) -> tuple[dict[str, Any], str]:
    """Write the refused rows; return the answer, and a sentence when they could not be written after all.

    Everybody else is in by then: an answer without the number of the import could not be undone.
    """
    from groundswell.exchange import refusals

    if refused is None or not batch.refused:
        return _said(batch, tally, None), ""
    try:
        return _said(batch, tally, refusals.write(batch, refused)), ""
    except OSError as problem:
        lacking = f"The refused rows cannot be written to {refused}: {problem.strerror}."
        return _said(batch, tally, None), lacking


def _said(batch: "Batch", tally: Counter[str], refused: Path | None) -> dict[str, Any]:
    from groundswell.exchange import queries
    from groundswell.exchange.importing import filling

    of_known = {
        "rejoining": tally[filling.REJOINS],
        "former": tally[filling.STAYS_FORMER],
        "repeated": tally[filling.REPEATS],
    }
    return {
        "batch": batch.pk,
        "new": tally["new"],
        "known": tally["known"] + sum(of_known.values()),
        **of_known,
        "doubtful": tally["doubtful"],
        "refused": batch.refused,
        "refused_file": None if refused is None else str(refused),
        "passed_over": [
            {"row": one.number, "said": one.name, "why": " ".join(one.reasons)}
            for one in queries.lines(batch, "passed", most=MOST_PASSED)
        ],
    }


def _undo(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.exchange import actions, queries
    from groundswell.kernel import clock

    with scope.operator("undo an import"):
        batch = queries.batch_for(OPERATOR, int(options.subject))
        undone = actions.undo(batch, actor=OPERATOR, at=clock.now())
    said = {"erased": undone.erased, "taken_away": undone.taken_away, "stay": undone.stay}
    return {"batch": batch.pk} | said, ""


def _organisation(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from django.conf import settings

    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.exchange.actions import arriving
    from groundswell.exchange.whole import manifest

    folder = Path(options.subject)
    with scope.operator("bring an organisation in"):
        rows = dict(arriving.arrive(folder, actor=OPERATOR))
    if manifest.checked(folder).get("demo"):
        environment.mark_as_demo(settings.ENVIRONMENT)
    return rows, ""


def _text(said: dict[str, Any]) -> str:
    return "".join(f"{name.replace('_', ' ')}: {_value(value)}\n" for name, value in said.items())


def _value(value: Any) -> str:
    """Return a value as text: rows that were passed over in lines of their own."""
    if isinstance(value, list):
        lines = [f"\n  row {one['row']}: {streams.one_line(one['said'])} ({one['why']})" for one in value]
        return f"{len(value)}{''.join(lines)}"
    return "–" if value is None else str(value)


@contextmanager
def _refusals(options: argparse.Namespace) -> Iterator[None]:
    """Turn the refusals of rules and files into that of a command."""
    from groundswell.kernel.errors import Refusal

    try:
        yield
    except Refusal as refusal:
        where = _OPTIONS.get(refusal.field or "", _SUBJECTS[options.what])
        raise CommandError(refusal.code, refusal.sentence, where) from refusal
    except OSError as problem:
        if problem.filename is None:
            raise
        name = Path(problem.filename).name
        sentence = f"{name} cannot be used: {problem.strerror}."
        raise CommandError("file", sentence, _SUBJECTS[options.what]) from problem
