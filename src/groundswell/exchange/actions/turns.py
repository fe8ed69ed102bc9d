"""Lists write and are undone one after another: each has to see whom the other has made, or taken away."""

from django.db import connection


def take_turn() -> None:
    """Wait until no other list writes, and let none write until this transaction ends.

    To be called before anything is locked or read. Two lists of the same people, taken in by two processes at
    once, would else both make them; and one that is undone would erase whom another just adds to.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('exchange.list'))")
