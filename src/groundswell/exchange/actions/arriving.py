"""An organisation arrives in an empty installation: all of it in one transaction, or nothing.

Numbers stay what they were, so that what points to a row still finds it. Figures are not copied: the triggers
make them anew from memberships and returns, as they make those of everything that is entered here.
"""

import itertools
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.secrets import blind_index, make_person_keys, seal_cell
from groundswell.access.trail import record
from groundswell.exchange.whole import manifest
from groundswell.exchange.whole.tables import ONE_BY_ONE, REPLACED, Table, tables
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.structure.models import Unit

_AT_ONCE: Final = 2_000
# What the migrations of an empty installation have written already gives way to what arrives.
_FROM_THE_MIGRATIONS: Final = (
    "accounts_factordemand",
    "people_countingrule",
    "people_membershipkind",
    "protection_minimumage",
    "protection_purpose",
    "structure_kind",
)
_CONTACTS: Final = "people_contact"
# A span of moments that has an end.
_SUPERSEDED: Final = re.compile(r'[\[(][^,]+,(?!"?infinity)[^,]+[)\]]')


@transaction.atomic
def arrive(folder: Path, *, actor: Actor) -> dict[str, int]:
    """Write an organisation into an empty installation; return how many rows of each table."""
    require(actor, "people.load", None)
    if Unit.objects.exists():
        raise Refusal(
            _("This installation holds an organisation already; bring this one into an empty one."),
            code="not-empty",
        )
    said = manifest.checked(folder)
    if day := manifest.day_of_demo(said):
        clock.set_today(day)
    files = {one["table"]: one["file"] for one in said["tables"]}
    counts = {}
    for table in tables():
        if table.name in files:
            counts[table.name] = _table(folder, files[table.name], table)
    record("exchange.organisation.arrived", actor=actor, subject=None, rows=sum(counts.values()))
    return counts


def _table(folder: Path, file: str, table: Table) -> int:
    count = 0
    with connection.cursor() as cursor:
        cursor.execute("set constraints all deferred")
        rows = manifest.lines(folder, file, _columns(cursor, table), table)
        if table.table in _FROM_THE_MIGRATIONS:
            cursor.execute(f"delete from {table.table}")  # noqa: S608  # nosec B608 - our own
        at_once = 1 if table.name in ONE_BY_ONE else _AT_ONCE
        while chunk := list(itertools.islice(rows, at_once)):
            believed = [(line, row) for line, row in chunk if not table.believed or _is_believed(row)]
            _insert_or_say_which(cursor, table, file, believed)
            count += len(believed)
        if table.sealed:
            _require_people(cursor, table, file)
        with _refusing(file):
            # What does not fit to other rows is said here, where the file is known, and not at the end.
            cursor.execute("set constraints all immediate")
        if table.numbered:
            # The role of the application sets no sequence; it may count one up.
            cursor.execute(
                "select count(nextval(pg_get_serial_sequence(%s, 'id')))"  # noqa: S608  # nosec B608 - our own
                f" from generate_series(1, (select coalesce(max(id), 0) from {table.table}))",
                [table.table],
            )
    return count


def _insert_or_say_which(
    cursor: Any, table: Table, file: str, lines: Sequence[tuple[int, dict[str, Any]]]
) -> None:
    """Write many rows at once; when the database refuses them, one by one, so that the line can be named."""
    try:
        with transaction.atomic():
            _insert(cursor, table, [row for _line, row in lines])
    except OperationalError:
        raise
    except DatabaseError:
        for line, row in lines:
            with _refusing(_("%(file)s, line %(line)s") % {"file": file, "line": line}), transaction.atomic():
                _insert(cursor, table, [row])


def _require_people(cursor: Any, table: Table, file: str) -> None:
    """Refuse what belongs to nobody: no foreign key does, and it could never be erased."""
    cursor.execute(
        f"select min({table.person}) from {table.table} t"  # noqa: S608  # nosec B608 - our own
        f" where not exists (select from people_person p where p.id = t.{table.person})"
    )
    if number := cursor.fetchone()[0]:
        sentence = _("%(file)s: there is no person %(number)s in people.Person.jsonl; export it anew.")
        raise Refusal(sentence % {"file": file, "number": number}, code="nobody")


def _columns(cursor: Any, table: Table) -> frozenset[str]:
    """Return the columns of which a row may say something."""
    if table.columns:
        return frozenset(table.columns)
    cursor.execute(f"select * from {table.table} limit 0")  # noqa: S608  # nosec B608 - our own
    return frozenset(column.name for column in cursor.description)


@contextmanager
def _refusing(what: str) -> Iterator[None]:
    """Turn what the database has against rows that somebody else wrote into a refusal with its words."""
    try:
        yield
    except OperationalError:
        raise
    except DatabaseError as problem:
        sentence = _(
            "%(what)s cannot be brought in: %(why)s. Nothing was written: mend it, or export it anew."
        )
        words = {"what": what, "why": _why(problem)}
        raise Refusal(sentence % words, code="does-not-fit") from problem


def _why(problem: DatabaseError) -> str:
    """Return what the database says: of rows that do not fit together also the keys, of none the cells."""
    said = str(problem).partition("\n")[0].rstrip(".")
    keys = str(getattr(getattr(problem.__cause__, "diag", None), "message_detail", None) or "")
    return f"{said} ({keys.rstrip('.')})" if keys.startswith("Key ") else said


def _is_believed(row: dict[str, Any]) -> bool:
    """Return whether a fact is believed to this day; what was put right stays in the files."""
    if "recorded" not in row:
        return row.get("superseded_at") is None
    return not _SUPERSEDED.fullmatch(str(row["recorded"]))  # what is no span the database refuses


def _insert(cursor: Any, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    columns = list(rows[0])
    if table.sealed:
        rows = _sealed(table, rows)
    for column, value in REPLACED.get(table.name, {}).items():
        rows = [row | {column: value} for row in rows]
        columns.append(column)
    if table.table == _CONTACTS:
        columns.append("digest")
    names = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(
        f"insert into {table.table} ({names}) select {names}"  # noqa: S608  # nosec B608 - our own
        f" from json_populate_recordset(null::{table.table}, %s)",
        [json.dumps(rows)],
    )


def _sealed(table: Table, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with their open cells sealed under keys of this installation, contacts with their index."""
    keys = make_person_keys(list({row[table.person] for row in rows}))
    made = []
    for row in rows:
        new = dict(row)
        for column in table.sealed:
            if row[column] is not None:
                key = keys[row[table.person]]
                cell = seal_cell(key, row[column], table=table.table, column=column, row=row["id"])
                new[column] = f"\\x{cell.hex()}"
        if table.table == _CONTACTS:
            new["digest"] = f"\\x{blind_index(str(row.get('kind')), row['value'] or '').hex()}"
        made.append(new)
    return made
