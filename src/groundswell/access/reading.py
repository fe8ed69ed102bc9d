"""Receipts of reading: who opened a person's record, a list with contacts or an export, when, for what.

Append-only and written by the database, which takes account, office and unit from the session and the
person's own row. Machine time. The person sees her own; her data protection officer sees those in reach.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db import connection

from groundswell.access.actor import Actor

RECORD: Final = "record"
LIST: Final = "list"
EXPORT: Final = "export"
SAMPLE: Final = "sample"


@dataclass(frozen=True, slots=True)
class Reading:
    """One receipt; `name` is None where the reader was erased, or is the operator."""

    at: dt.datetime
    what: str
    purpose: str
    office: str
    office_unit_id: int | None
    name: str | None


def note(persons: Collection[int], *, actor: Actor, what: str, purpose: str = "") -> int:
    """Write down that the actor opened what is held of these persons; her own record does not count.

    `what` is RECORD, LIST, EXPORT, SAMPLE or a room's own word. Return how many receipts were written.
    """
    others = [number for number in persons if number != actor.person_id]
    if not others:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("select reading_note(%s, %s, %s)", [others, what, purpose])
        (count,) = cursor.fetchone()
    return int(count)


def of(person: int, *, most: int = 200) -> list[Reading]:
    """Return the newest receipts of one person: for herself, her data protection officer, the operator.

    Anybody else gets none, as the database decides.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select at, what, purpose, office, office_unit_id, reader from readings_of(%s, %s)",
            [person, most],
        )
        return [Reading(*row) for row in cursor.fetchall()]
