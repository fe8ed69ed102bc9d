"""The directory of a branch: the members of one's own who agreed to be in it."""

from django.db import connection


def directory() -> tuple[int | None, list[tuple[int, str]]]:
    """Return the unit of whoever is signed in and its members who agreed (number, name), by name.

    The database decides by the session; the unit is None where nobody agreed or she is no member.
    """
    with connection.cursor() as cursor:
        cursor.execute("select unit_id, person_id, name from protection_directory()")
        rows = cursor.fetchall()
    return (rows[0][0] if rows else None), [(person, name) for _unit, person, name in rows]
