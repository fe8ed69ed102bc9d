"""Handing out, reducing and erasing by the declarations: what the database's functions are asked.

`held_of` opens the sealed cells with the person's key; whoever may not see the person gets none of it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from groundswell.access import cipher, personal
from groundswell.access.personal import PersonalTable
from groundswell.access.secrets import cell_place, person_keys

_TRAIL: Final = "access_trailpayload"


@dataclass(frozen=True, slots=True)
class Held:
    """What one table holds of a person: its declaration and her rows, opened."""

    table: PersonalTable
    rows: tuple[Mapping[str, Any], ...]


def held_of(person: int) -> list[Held]:
    """Return everything that is held of a person, table by table, in the order of their declaration.

    For herself, her data protection officer and the operator; a database error for anybody else.
    """
    with connection.cursor() as cursor:
        cursor.execute("select table_name, held::text from person_held(%s)", [person])
        found: dict[str, list[dict[str, Any]]] = {}
        for name, row in cursor.fetchall():
            found.setdefault(name, []).append(json.loads(row))
    changes = [
        dict(row) for one in personal.tables() if one.changes_besides for row in one.changes_besides(person)
    ]
    if changes:
        found[_TRAIL] = sorted([*found.get(_TRAIL, ()), *changes], key=lambda row: str(row["at"]))
    keys = {cipher.name_of(key): key for key in person_keys(_numbers(person)).values()}
    for name, rows in found.items():
        for row in rows:
            _open(row, name, keys)
            if name == _TRAIL:
                _open(row["old"], row["table"], keys)
                _open(row["new"], row["table"], keys)
    return [
        Held(one, (*found.get(one.table, ()), *(one.besides(person) if one.besides else ())))
        for one in personal.tables()
        if one.export
    ]


def _numbers(person: int) -> list[int]:
    """Return her number and those of records that were merged into hers."""
    with connection.cursor() as cursor:
        cursor.execute("select goes from access_merged where stays = %s", [person])
        return [person, *(number for (number,) in cursor.fetchall())]


def _open(row: dict[str, Any] | None, table: str, keys: Mapping[bytes, bytes]) -> None:
    """Open the sealed cells of a row in place; one whose key was erased is None."""
    declared = personal.find(table)
    if row is None or declared is None:
        return
    for column in declared.sealed:
        held = row.get(column)
        if held is not None:
            sealed = bytes.fromhex(str(held).removeprefix("\\x"))
            key = keys.get(cipher.sealed_by(sealed))
            place = cell_place(table, column, int(row["id"]))
            row[column] = cipher.unseal(key, sealed, place).decode() if key else None


def erase(person: int, words: Sequence[str] = ()) -> dict[str, int]:
    """Erase a person from every declared table, the trail's payloads and the queue of jobs.

    `words` are texts by which jobs that speak of her are found besides her number, name and sign-in
    e-mail. Return how many rows went or were emptied, by table. For her data protection officer.
    """
    return _counts("select person_erase(%s, %s)::text", [person, list(words)])


def erase_many(persons: Sequence[int]) -> dict[str, int]:
    """Erase many persons, by one statement for each table. For the worker and the operator."""
    return _counts("select persons_erase(%s)::text", [list(persons)])


def reduce(person: int) -> dict[str, int]:
    """Reduce a former member to what stays of her; return how many rows went or were emptied."""
    return _counts("select person_reduce(%s)::text", [person])


def _counts(statement: str, parameters: list[Any]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        (counts,) = cursor.fetchone()
    return {table: count for table, count in json.loads(counts).items() if count}
