"""`groundswell import`: bring a list of people in, or undo an import as one act."""

import argparse
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from groundswell.cli import streams, typed
from groundswell.cli.errors import CommandError
from groundswell.cli.importoptions import SUBJECTS, add_arguments
from groundswell.cli.joined import joined
from groundswell.ground import environment
from groundswell.ground.language import gettext as _
from groundswell.ground.language import gettext_noop, of_machine

if TYPE_CHECKING:
    from groundswell.exchange.models import Batch

# Of lines that are passed over so many are named.
MOST_PASSED: Final = 200
_NUMBER: Final = re.compile(r"\d{1,18}", re.ASCII)
_WORDS: Final = re.compile(r"([^=]+)=(\d{1,4})", re.ASCII)
# What an answer says to people; of an organisation it names tables, which are the same in every language.
_SAID: Final = {
    "batch": gettext_noop("batch"),
    "new": gettext_noop("new"),
    "known": gettext_noop("known"),
    "rejoining": gettext_noop("rejoining"),
    "former": gettext_noop("former"),
    "repeated": gettext_noop("repeated"),
    "doubtful": gettext_noop("doubtful"),
    "refused": gettext_noop("refused"),
    "refused_file": gettext_noop("refused file"),
    "passed_over": gettext_noop("passed over"),
    "erased": gettext_noop("erased"),
    "taken_away": gettext_noop("taken away"),
    "stay": gettext_noop("stay"),
    "wait": gettext_noop("of these until a later import is undone"),
}
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
            sentence = _("groundswell import %(what)s: %(option)s goes with import people alone.") % {
                "what": options.what,
                "option": option,
            }
            raise CommandError("usage", sentence, option)
    if options.what == "undo" and not _NUMBER.fullmatch(options.subject):
        raise CommandError(
            "no-batch", _("groundswell import undo: BATCH is the number of an import."), "BATCH"
        )


def _require_files(options: argparse.Namespace) -> None:
    path = Path(options.subject)
    if not path.is_file():
        said = _("There is no file %(name)s here.")
        if path.exists():  # a directory, a pipe, a device
            said = _("%(name)s is no file of its own: write the list into one, and name that.")
        raise CommandError("no-file", said % {"name": path.name}, "FILE")
    if not options.unit:
        raise CommandError(
            "usage", _("groundswell import people: --unit CODE says where they belong."), "--unit"
        )
    typed.line(options.origin, "--origin")
    refused = _refused_path(options)
    if refused is None:
        return
    if refused.exists() and refused.samefile(path):
        raise CommandError("cannot-write", _("%(path)s is the list itself.") % {"path": refused}, "--refused")
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
    from groundswell.exchange import actions, consents, previewpage, words
    from groundswell.exchange.importing.reading import encodings
    from groundswell.kernel import clock
    from groundswell.structure import queries as structure

    unit = structure.unit_by_code(OPERATOR, options.unit)
    wanted = actions.Wanted(
        basis=_one_of("basis", options.basis, ("", *words.bases())),
        origin=options.origin,
        kind=_one_of("kind", options.kind, words.kinds()),
        preset=options.preset,
        order=options.dates,
        encoding=encodings.code_of(options.encoding),
        country=typed.country(options.country, "--country"),
        words=consents.texts_said(unit, dict(map(_words, options.words))),
        agreed_on=None if options.agreed_on is None else typed.day(options.agreed_on, "--agreed-on"),
        places=dict(map(_place, options.unit_named)),
    )
    batch = actions.stage(path, name=_name(path), unit=unit, wanted=wanted, actor=OPERATOR, at=clock.now())
    for said in filter(None, (previewpage.other_sheets(batch), previewpage.vague_days(batch))):
        streams.say(said)
    return batch


def _name(path: Path) -> str:
    """Return the name of a file as text; Linux lets it be of any bytes."""
    return streams.one_line(os.fsencode(path.name).decode(errors="replace"))


def _one_of(option: str, said: str, known: Iterable[str]) -> str:
    """Return what an option says if it is one of the words known; the empty one is not told of."""
    words = list(known)
    if said not in words:
        sentence = _("--%(option)s %(said)s is none; it is one of: %(known)s.")
        told = {"option": option, "said": said, "known": ", ".join(filter(None, words))}
        raise CommandError(f"no-{option}", sentence % told, f"--{option}")
    return said


def _words(said: str) -> tuple[str, int]:
    found = _WORDS.fullmatch(said)
    if found is None:
        raise CommandError(
            "usage",
            _("--words %(said)s: write PURPOSE=VERSION, as newsletter=2.") % {"said": said},
            "--words",
        )
    return found[1], int(found[2])


def _place(said: str) -> tuple[str, str]:
    from groundswell.exchange.importing.unitnames import folded

    name, sign, code = said.rpartition("=")
    if not sign or not folded(name) or not code.strip():
        sentence = _('--unit-named %(said)s: write NAME=CODE, as "Hill Line=HILL", or NAME=-.') % {
            "said": said
        }
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
        lacking = _("The refused rows cannot be written to %(path)s: %(reason)s.") % {
            "path": refused,
            "reason": of_machine(problem),
        }
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
    return {
        "batch": batch.pk,
        "erased": undone.erased,
        "taken_away": undone.taken_away,
        "stay": undone.stay,
        "wait": undone.wait,
    }, ""


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
    return "".join(f"{_(_SAID.get(name, name))}: {_value(value)}\n" for name, value in said.items())


def _value(value: Any) -> str:
    """Return a value as text: rows that were passed over in lines of their own."""
    if isinstance(value, list):
        lines = [
            "\n  "
            + _("row %(row)s: %(said)s (%(why)s)")
            % {"row": one["row"], "said": streams.one_line(one["said"]), "why": one["why"]}
            for one in value
        ]
        return f"{len(value)}{''.join(lines)}"
    return "–" if value is None else str(value)


@contextmanager
def _refusals(options: argparse.Namespace) -> Iterator[None]:
    """Turn the refusals of rules and files into that of a command."""
    from groundswell.kernel.errors import Refusal

    try:
        yield
    except Refusal as refusal:
        where = _OPTIONS.get(refusal.field or "", SUBJECTS[options.what])
        raise CommandError(refusal.code, refusal.sentence, where) from refusal
    except OSError as problem:
        if problem.filename is None:
            raise
        name = Path(problem.filename).name
        sentence = _("%(path)s cannot be used: %(reason)s.") % {"path": name, "reason": of_machine(problem)}
        raise CommandError("file", sentence, SUBJECTS[options.what]) from problem
