"""The directory of a branch: the members of one's own who agreed to be in it."""

from django.db import connection


def directory() -> list[tuple[int, str]]:
    """Return the members of the branch of whoever is signed in who agreed (number, name), by name.

    The database decides by the session; whoever is no member is told of nobody.
    """
    with connection.cursor() as cursor:
        cursor.execute("select person_id, name from protection_directory()")
        return list(cursor.fetchall())
