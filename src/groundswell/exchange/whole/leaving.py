"""An organisation leaves: every table as JSON lines, sealed cells opened, a manifest that vouches for all."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from groundswell.access import cipher
from groundswell.access.secrets import cell_place, person_keys
from groundswell.exchange.whole.tables import ORDERS, Table, tables
from groundswell.kernel.errors import Refusal

FORM: Final = "groundswell-organisation"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
_AT_ONCE: Final = 2_000


def write(folder: Path, *, today: dt.date, at: dt.datetime) -> dict[str, Any]:
    """Write the organisation into a new directory that only its owner reads; return the manifest.

    In the operator's scope and in one transaction. Where it cannot be written whole nothing stays of it.
    """
    if folder.exists() and any(folder.iterdir()):
        sentence = _("%(folder)s is not empty; name a new directory.")
        raise Refusal(sentence % {"folder": folder.name}, field="out", code="not-empty")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return _written_whole(folder, today=today, at=at)
    except BaseException:
        # Half of it reads as what it is, everybody's contacts in clear, and nobody could bring it in.
        for path in folder.iterdir():
            path.unlink()
        raise


def _written_whole(folder: Path, *, today: dt.date, at: dt.datetime) -> dict[str, Any]:
    listed = [_file(folder, table) for table in tables()]
    manifest = {
        "form": FORM,
        "version": VERSION,
        "made_at": at.astimezone(dt.UTC).isoformat(),
        "as_of": today.isoformat(),
        "demo": settings.DEMO,
        "tables": listed,
    }
    _written(folder / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    return manifest


def _file(folder: Path, table: Table) -> dict[str, Any]:
    path = folder / f"{table.name}.jsonl"
    path.touch(mode=0o600)
    made, count = hashlib.sha256(), 0
    with path.open("wb") as stream, connection.chunked_cursor() as cursor:
        order = ORDERS.get(table.name, "id" if table.numbered else "1")
        listed = f"select to_json(t)::text from {table.table} t order by {order}"  # noqa: S608  # nosec B608 - our own
        cursor.execute(listed)
        while rows := cursor.fetchmany(_AT_ONCE):
            for line in _lines(table, [json.loads(row) for (row,) in rows]):
                made.update(line)
                stream.write(line)
                count += 1
    return {"file": path.name, "table": table.name, "rows": count, "sha256": made.hexdigest()}


def _lines(table: Table, rows: Sequence[dict[str, Any]]) -> Iterator[bytes]:
    keys = person_keys({row[table.person] for row in rows}) if table.sealed else {}
    for row in rows:
        kept = {name: value for name, value in row.items() if not table.columns or name in table.columns}
        for column in table.sealed:
            kept[column] = _opened(kept[column], keys.get(row[table.person]), table.table, column, row["id"])
        yield json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _opened(held: str | None, key: bytes | None, table: str, column: str, row: int) -> str | None:
    """Return a cell's text; None of one that was erased."""
    if held is None or key is None:
        return None
    sealed = bytes.fromhex(held.removeprefix("\\x"))
    return cipher.unseal(key, sealed, cell_place(table, column, row)).decode()


def _written(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
