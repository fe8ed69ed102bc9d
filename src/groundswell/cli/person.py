"""`groundswell person`: hand out what is held of a person, or erase her."""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from groundswell.cli import typed
from groundswell.cli.errors import CommandError
from groundswell.cli.joined import joined
from groundswell.ground.language import gettext as _
from groundswell.ground.language import of_machine

if TYPE_CHECKING:
    from groundswell.people.models import Person
    from groundswell.structure.queries import Named

_NUMBER: Final = re.compile(r"0*[1-9]\d{0,17}", re.ASCII)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "what", choices=("export", "erase"), help=_("hand out what is held of her, or erase her")
    )
    parser.add_argument("person", metavar="ID", help=_("the person's number, as in the address of her page"))
    parser.add_argument(
        "--pdf", type=typed.path, metavar="FILE", help=_("export: write a document to be read, too")
    )
    parser.add_argument("--yes", action="store_true", help=_("erase: do not ask"))
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help=_("erase: text (default) or json")
    )


def run(options: argparse.Namespace) -> int:
    """Hand out or erase, by the operator's reach; exit 2 with one sentence for whatever cannot be."""
    if not _NUMBER.fullmatch(options.person):
        raise CommandError("no-person", _("groundswell person: ID is the number of a person."), "ID")
    if options.pdf and options.what == "erase":
        raise CommandError("usage", _("groundswell person: --pdf goes with export."), "--pdf")
    if options.pdf:
        typed.require_writable(options.pdf, "--pdf")
    with joined():
        said = _export(options) if options.what == "export" else _erase(options)
    sys.stdout.write(said)
    return 0


def _export(options: argparse.Namespace) -> str:
    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.kernel import clock
    from groundswell.protection import actions

    with scope.operator("hand out what is held of a person"):
        document = actions.hand_out(_person(options.person), actor=OPERATOR, at=clock.now())
        said = document.as_json()
        written = document.as_pdf() if options.pdf else b""
    if options.pdf:
        _write(options.pdf, written)
    return said


def _write(path: Path, content: bytes) -> None:
    try:
        path.touch(mode=0o600)
        path.chmod(0o600)  # one that was there already may have been open to others
        path.write_bytes(content)
    except OSError as problem:
        raise CommandError(
            "cannot-write",
            _("%(path)s cannot be written: %(reason)s.") % {"path": path.name, "reason": of_machine(problem)},
            "--pdf",
        ) from problem


def _erase(options: argparse.Namespace) -> str:
    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.kernel import clock
    from groundswell.kernel.errors import Refusal
    from groundswell.protection import actions

    if not options.yes:
        _ask(options)
    try:
        with scope.operator("erase a person"):
            alone = _only_secretary(_person(options.person))
            erased = actions.erase_person(_person(options.person), actor=OPERATOR, at=clock.now())
    except Refusal as refusal:
        raise CommandError(refusal.code, refusal.sentence, "ID") from refusal
    said = {
        "person": erased.person,
        "gone": dict(erased.counts),
        "memberships_ended": erased.memberships_ended,
        "without_secretary": [named.unit.code for named in alone],
        **_days(),
    }
    return json.dumps(said) + "\n" if options.format == "json" else _text(said)


def _ask(options: argparse.Namespace) -> None:
    """Say who she is, what goes and what stays, and go on only after a yes."""
    from groundswell.access import scope
    from groundswell.people.personpage import shown_name
    from groundswell.protection import handout, outlook
    from groundswell.structure.queries import Named

    with scope.operator("look before erasing a person"):
        person = _person(options.person)
        goes, unit = outlook.of(person), str(Named(person.unit))
        alone = [named.unit.code for named in _only_secretary(person)]
    sys.stderr.write(
        _("Person %(person)s is %(name)s, %(unit)s.")
        % {"person": person.pk, "name": shown_name(person), "unit": unit}
        + "\n"
        + "".join(f"{one.title}: {one.rows}, {one.becomes}\n" for one in goes)
        + "".join(f"{sentence}\n" for sentence in [*handout.reach_of_erasure(), *_left_without(alone)])
        + _("Erase her for good? Type yes:")
        + " "
    )
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in {"yes", _("yes")}:
        raise CommandError("not-erased", _("Nothing was erased; --yes erases without asking."), "--yes")


def _person(number: str) -> "Person":
    from groundswell.access.actor import OPERATOR
    from groundswell.kernel.errors import NotFound
    from groundswell.people import queries

    try:
        return queries.person_for(OPERATOR, int(number), "people.erase")
    except NotFound as problem:
        raise CommandError(
            "no-person", _("There is no person %(number)s here.") % {"number": number}, "ID"
        ) from problem


def _only_secretary(person: "Person") -> list["Named"]:
    """Return the units that have no other secretary than her."""
    from groundswell.accounts import queries
    from groundswell.kernel import clock

    return queries.last_secretary_of(person.pk, clock.today_in(person.unit.time_zone))


def _left_without(codes: Sequence[str]) -> list[str]:
    sentence = _("No secretary is left in %(unit)s then; `groundswell rescue` gives the office to somebody.")
    return [sentence % {"unit": code} for code in codes]


def _days() -> dict[str, int]:
    from groundswell.protection import rules

    return {"backup_days_keys": rules.KEY_BACKUP_DAYS, "backup_days_names": rules.BACKUP_DAYS}


def _text(said: dict[str, Any]) -> str:
    from groundswell.protection import handout

    rows = sum(said["gone"].values())
    lines = [
        _("Person %(person)s is erased: %(rows)s rows went or were emptied.")
        % {"person": said["person"], "rows": rows},
        *handout.reach_of_erasure(),
        *_left_without(said["without_secretary"]),
    ]
    return "\n".join(lines) + "\n"
