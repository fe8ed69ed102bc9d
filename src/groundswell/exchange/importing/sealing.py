"""Rows of a list at rest: as JSON under the installation's key, bound to their line."""

import dataclasses
import datetime as dt
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from groundswell.access import cipher, gate
from groundswell.exchange.importing.entries import Entry, Problem

_DAYS: Final = ("joined", "left", "paid_until", "of_age_on")
_MANY: Final = ("emails", "phones", "languages", "tags", "unread", "vague")
_PLAIN: Final = {one.name: one.default for one in dataclasses.fields(Entry)}


def _place(batch: int, number: int) -> str:
    return f"exchange_line.sealed of row {number} of batch {batch}"


def seal_entry(batch: int, entry: Entry) -> bytes:
    """Return an entry sealed; what is empty is left out."""
    told = ((name, getattr(entry, name), plain) for name, plain in _PLAIN.items())
    said = {name: value for name, value, plain in told if value != plain}
    return _sealed(batch, entry.number, said)


def seal_refused(batch: int, number: int, cells: Sequence[str], problems: Sequence[Problem]) -> bytes:
    """Return the cells of a refused row with the sentences that say why."""
    return _sealed(batch, number, {"cells": cells, "problems": [one.sentence for one in problems]})


def entry_of(batch: int, number: int, sealed: bytes) -> Entry:
    """Return the entry of a line."""
    said = opened(batch, number, sealed)
    for key in _DAYS:
        if key in said:
            said[key] = dt.date.fromisoformat(said[key])
    for key in _MANY:
        if key in said:
            said[key] = tuple(said[key])
    if "own" in said:
        said["own"] = tuple((number, kept) for number, kept in said["own"])
    if "consents" in said:
        given = said["consents"]
        said["consents"] = tuple((text, dt.date.fromisoformat(day)) for text, day in given)
    return Entry(**said)


def opened(batch: int, number: int, sealed: bytes) -> dict[str, Any]:
    """Return what was sealed."""
    said: dict[str, Any] = json.loads(cipher.unseal(gate.keyring().wrap_key, sealed, _place(batch, number)))
    return said


def row_of(line: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was sealed in a row of `exchange_line` as the database writes it in JSON."""
    sealed = bytes.fromhex(str(line["sealed"]).removeprefix("\\x"))
    said = opened(int(line["batch_id"]), int(line["number"]), sealed)
    return {key: value for key, value in said.items() if key != "number"}


def _sealed(batch: int, number: int, said: dict[str, Any]) -> bytes:
    content = json.dumps(said, ensure_ascii=False, separators=(",", ":"), default=dt.date.isoformat).encode()
    return cipher.seal(gate.keyring().wrap_key, content, _place(batch, number))


def seal_name(batch: int, name: str) -> bytes:
    """Return what the file of a list is called, sealed."""
    return cipher.seal(gate.keyring().wrap_key, name.encode(), f"The name of batch {batch}")


def name_of(batch: int, sealed: bytes) -> str:
    """Return what the file of a list is called."""
    return cipher.unseal(gate.keyring().wrap_key, sealed, f"The name of batch {batch}").decode()


def seal_file(upload: int, content: bytes) -> bytes:
    """Return a whole file, packed and sealed."""
    return cipher.seal(gate.keyring().wrap_key, zlib.compress(content, 1), f"The file of upload {upload}")


def file_of(upload: int, sealed: bytes) -> bytes:
    """Return the content of a file."""
    return zlib.decompress(cipher.unseal(gate.keyring().wrap_key, sealed, f"The file of upload {upload}"))


def seal_upload_name(upload: int, name: str) -> bytes:
    """Return what a chosen file is called, sealed."""
    return cipher.seal(gate.keyring().wrap_key, name.encode(), f"The name of upload {upload}")


def upload_name_of(upload: int, sealed: bytes) -> str:
    """Return what a chosen file is called; '' of one that was chosen before names were sealed."""
    if not sealed:
        return ""
    return cipher.unseal(gate.keyring().wrap_key, sealed, f"The name of upload {upload}").decode()
