"""What the search needs done now and then."""

from django.db import connection, transaction


@transaction.atomic
def mend_names() -> int:
    """Bring back words of names that were lost between two writers; return how many. For the worker."""
    with connection.cursor() as cursor:
        cursor.execute("select people_names_mended()")
        (mended,) = cursor.fetchone()
    return int(mended)
