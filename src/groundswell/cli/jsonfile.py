"""A file of JSON that somebody wrote by hand, read or refused in a sentence that says where.

No number is rounded and no name read twice: votes and names decide who is elected.
"""

import json
import sys
from pathlib import Path
from typing import Final

from groundswell.cli.errors import CommandError
from groundswell.ground.language import gettext as _
from groundswell.ground.language import of_machine

_MOST_BYTES: Final = 16_000_000
_MOST_DIGITS: Final = 100


class NotWhole(str):
    """A number of the file that is no whole number, kept as it was written."""

    __slots__ = ()


def read(path: str) -> object:
    """Return what a file holds, `-` being the standard input; CommandError for what is no JSON in UTF-8."""
    try:
        return json.loads(
            _text(path),
            object_pairs_hook=lambda pairs: _object(pairs, path),
            parse_int=lambda digits: _integer(digits, path),
            parse_float=NotWhole,
            parse_constant=NotWhole,
        )
    except json.JSONDecodeError as fault:
        raise CommandError(
            "input",
            _("%(path)s, line %(line)s, column %(column)s: this is not JSON (%(said)s).")
            % {"path": path, "line": fault.lineno, "column": fault.colno, "said": fault.msg},
            path,
        ) from fault
    except RecursionError as fault:
        raise CommandError(
            "input", _("%(path)s: the JSON is nested too deeply.") % {"path": path}, path
        ) from fault


def _text(path: str) -> str:
    try:
        raw = _bytes(path)
    except OSError as fault:
        raise CommandError(
            "input",
            _("%(path)s cannot be read: %(reason)s.") % {"path": path, "reason": of_machine(fault)},
            path,
        ) from fault
    if len(raw) > _MOST_BYTES:
        raise CommandError(
            "input",
            _("%(path)s has more than %(most)s bytes.") % {"path": path, "most": _MOST_BYTES},
            path,
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        raise CommandError(
            "input",
            _("%(path)s, line %(line)s: this is not UTF-8; save the file as UTF-8.")
            % {"path": path, "line": line},
            path,
        ) from fault


def _bytes(path: str) -> bytes:
    if path == "-":
        return sys.stdin.buffer.read(_MOST_BYTES + 1)
    with Path(path).open("rb") as file:
        return file.read(_MOST_BYTES + 1)


def _object(pairs: list[tuple[str, object]], path: str) -> dict[str, object]:
    content: dict[str, object] = {}
    for name, value in pairs:
        if name in content:
            raise CommandError(
                "input",
                _("%(path)s: “%(name)s” stands in the file twice.") % {"path": path, "name": name},
                path,
            )
        content[name] = value
    return content


def _integer(digits: str, path: str) -> int:
    if len(digits.lstrip("-")) > _MOST_DIGITS:
        raise CommandError(
            "input",
            _("%(path)s: a number has more than %(most)s digits.") % {"path": path, "most": _MOST_DIGITS},
            path,
        )
    return int(digits)
