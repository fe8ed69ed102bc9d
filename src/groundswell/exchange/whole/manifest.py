"""A directory with an organisation in it, checked before anything of it is believed."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from groundswell.exchange.whole.leaving import FORM, MANIFEST, VERSION
from groundswell.exchange.whole.tables import LEFT_OUT, Table, tables
from groundswell.kernel.errors import Refusal
from groundswell.kernel.periods import sensible_day

_LARGEST: Final = 1024 * 1024
_BLOCK: Final = 1024 * 1024


def checked(folder: Path) -> dict[str, Any]:
    """Return the manifest of a directory whose files are those it vouches for; Refusal else."""
    path = folder / MANIFEST
    try:
        said = json.loads(path.read_text(encoding="utf-8")) if path.stat().st_size <= _LARGEST else None
    except (OSError, ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or said.get("form") != FORM or not _lists_files(said.get("tables")):
        raise Refusal(
            _("There is no organisation in this directory: it lacks its manifest."), code="no-manifest"
        )
    if said.get("version") != VERSION:
        sentence = _(
            "This organisation is written in version %(version)s of the form, and this release reads "
            "%(known)s: bring it in with the release that wrote it."
        )
        raise Refusal(sentence % {"version": str(said.get("version"))[:20], "known": VERSION}, code="version")
    known = {table.name for table in tables()} | LEFT_OUT.keys()  # which earlier releases took along
    for one in said["tables"]:
        if one["table"] not in known or one["file"] != f"{one['table']}.jsonl":
            sentence = _("The manifest names a table that there is not: %(table)s.")
            raise Refusal(sentence % {"table": str(one["table"])[:60]}, code="no-table")
        digest, rows = _digest(folder / one["file"])
        if digest != one["sha256"]:
            sentence = _(
                "%(file)s is not the file that the manifest vouches for; copy the directory once more."
            )
            raise Refusal(sentence % {"file": one["file"]}, code="changed")
        if one.get("rows", rows) != rows:
            sentence = _("%(file)s holds %(rows)s rows, and the manifest says %(said)s: export it anew.")
            words = {"file": one["file"], "rows": rows, "said": str(one["rows"])[:20]}
            raise Refusal(sentence % words, code="short")
    return said


def day_of_demo(said: dict[str, Any]) -> dt.date | None:
    """Return the day at which the clock of a demo stands; None where it runs with the machine's."""
    try:
        return sensible_day(dt.date.fromisoformat(said["as_of"]), field="as_of") if said.get("demo") else None
    except (KeyError, TypeError, ValueError) as problem:
        sentence = _("manifest.json says of no day that it is today (as_of); copy the directory once more.")
        raise Refusal(sentence, code="no-day") from problem


def lines(
    folder: Path, file: str, columns: AbstractSet[str], table: Table
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the lines of a file, each an object with the columns of the first; Refusal for any other.

    `columns` are those that the table has. Whoever wrote the file wrote its manifest too, so that the
    manifest vouches for no name of a column.
    """
    found: AbstractSet[str] = frozenset()
    with (folder / file).open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            row = _row(line)
            found = found or row.keys()
            if not row or row.keys() != found or not row.keys() <= columns or not table.is_understood(row):
                sentence = _("%(file)s, line %(line)s: this is no row of that table.")
                raise Refusal(sentence % {"file": file, "line": number}, code="no-row")
            yield number, row


def _row(line: bytes) -> dict[str, Any]:
    """Return the object of a line, {} when it is none."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return row if isinstance(row, dict) else {}


def _lists_files(said: object) -> bool:
    """Return whether a manifest says of every table what it is and what vouches for its file."""
    return isinstance(said, list) and all(
        isinstance(one, dict) and all(isinstance(one.get(key), str) for key in ("table", "file", "sha256"))
        for one in said
    )


def _digest(path: Path) -> tuple[str, int]:
    """Return what vouches for a file, and how many lines it has; nothing of one that is missing."""
    made, rows, last = hashlib.sha256(), 0, b"\n"
    if not path.is_file():
        return "", 0
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            made.update(block)
            rows += block.count(b"\n")
            last = block[-1:]
    return made.hexdigest(), rows + (last != b"\n")
