"""Events with a name, beside what the triggers write by themselves."""

import json
from collections.abc import Sequence
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from groundswell.access.actor import Actor

_UNITS: Final = "structure_unit"
_PERSONS: Final = "people_person"


def record(event: str, *, actor: Actor | None, subject: models.Model | None, **detail: Any) -> int:
    """Write an event `room.noun.happened` into the trail and return its number.

    The database takes the account from the session's secret; the actor's is kept beside the detail
    where that differs (a command that acts for somebody). The detail is erased with the person.
    """
    if actor is not None and actor.account_id is not None:
        detail = {**detail, "actor": actor.account_id}
    table, row, unit, person = _place(subject)
    with connection.cursor() as cursor:
        cursor.execute(
            "select trail_record(%s, %s, %s, %s, %s, %s)",
            [event, table, row, unit, person, json.dumps(detail, cls=DjangoJSONEncoder)],
        )
        (number,) = cursor.fetchone()
    return int(number)


def record_all(event: str, *, actor: Actor, subjects: Sequence[models.Model]) -> None:
    """Write the same event of many subjects as `record` writes one, in one statement."""
    if not subjects:
        return
    detail = {} if actor.account_id is None else {"actor": actor.account_id}
    tables, rows, units, persons = zip(*map(_place, subjects), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(trail_record(%s, one.subject, one.row, one.unit, one.person, %s))"
            " from unnest(%s::text[], %s::text[], %s::bigint[], %s::bigint[])"
            " one (subject, row, unit, person)",
            [event, json.dumps(detail), list(tables), list(rows), list(units), list(persons)],
        )


def _place(subject: models.Model | None) -> tuple[str, str | None, int | None, int | None]:
    if subject is None:
        return "", None, None, None
    table = subject._meta.db_table
    unit = subject.pk if table == _UNITS else getattr(subject, "unit_id", None)
    person = subject.pk if table == _PERSONS else getattr(subject, "person_id", None)
    return table, str(subject.pk), unit, person


def erase(person_id: int) -> int:
    """Empty the payloads of one person; the chain stays whole. Return how many there were.

    Only her data protection officer may (the database decides).
    """
    with connection.cursor() as cursor:
        cursor.execute("select trail_erase(%s)", [person_id])
        (count,) = cursor.fetchone()
    return int(count)
