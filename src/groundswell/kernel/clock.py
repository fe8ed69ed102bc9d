"""Organisation time: what day and what moment it is for the organisation.

Machine time (the trail, sessions, jobs) is `django.utils.timezone.now`; the two are never mixed.
A page reads the calendar of whoever asks for it, what happens in a unit is judged in that unit's own, and
where nobody asks (jobs, the command line) a day is UTC's (decision 0920).
"""

import datetime as dt
import functools
import zoneinfo
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection

UTC = dt.UTC
# To the database these are abbreviations first, of a time without a summer.
WINTER_ALL_YEAR = frozenset({"CET", "EET", "MET", "WET"})
FURTHEST_AHEAD = dt.timedelta(hours=14)  # the Line Islands; so says org_latest_day() too
_readers_zone: ContextVar[Callable[[], str]] = ContextVar("readers_zone", default=lambda: "UTC")
# The moment of a request, once it has been asked for; None where nobody reads.
_moment: ContextVar[list[dt.datetime] | None] = ContextVar("moment", default=None)


def now() -> dt.datetime:
    """Return this moment in organisation time (UTC), as the database has it.

    To the database it is the same throughout a transaction; a request, which is one, asks for it once.
    """
    known = _moment.get()
    if known:
        return known[0]
    with connection.cursor() as cursor:
        cursor.execute("select org_now()")
        moment: dt.datetime = cursor.fetchone()[0].astimezone(UTC)
    if known is not None:
        known.append(moment)
    return moment


@contextmanager
def read_in(zone: Callable[[], str]) -> Iterator[None]:
    """Let days be those of a reader's time zone in a request; it is asked for when a day is first needed."""
    read, asked = _readers_zone.set(zone), _moment.set([])
    try:
        yield
    finally:
        _moment.reset(asked)
        _readers_zone.reset(read)


def today() -> dt.date:
    """Return today in organisation time, where the reader is."""
    return day_of(now())


def today_in(zone: str) -> dt.date:
    """Return today in organisation time, in a unit's time zone."""
    return day_in(zone, now())


def latest_day() -> dt.date:
    """Return the day that has begun somewhere on earth, the furthest ahead of UTC.

    Nobody joins or leaves on a day that has not begun where the unit lies: as of this day everybody is what
    she is there now, whatever unit it is.
    """
    return (now() + FURTHEST_AHEAD).date()


def day_of(at: dt.datetime) -> dt.date:
    """Return which day it is at a moment, where the reader is."""
    return day_in(_readers_zone.get()(), at)


@functools.cache
def zones() -> frozenset[str]:
    """Return the time zones whose days the database can tell; of another one it would tell none at all."""
    with connection.cursor() as cursor:
        cursor.execute("select name from pg_timezone_names")
        return frozenset(name for (name,) in cursor.fetchall()) - WINTER_ALL_YEAR


def day_in(zone: str, at: dt.datetime) -> dt.date:
    """Return which day it is in a time zone ("Pacific/Auckland") at a moment."""
    return at.astimezone(zoneinfo.ZoneInfo(zone)).date()


def take_settlemark() -> None:
    """Write a mark: what is stamped from now on was not known before it, whatever moment it carries."""
    with connection.cursor() as cursor:
        cursor.execute("select org_take_mark()")


def others_write() -> bool:
    """Return whether another transaction of this database is writing at this moment."""
    with connection.cursor() as cursor:
        cursor.execute("select org_others_write()")
        (answer,) = cursor.fetchone()
    return bool(answer)


def set_today(day: dt.date) -> None:
    """Let the organisation's clock stand at noon of `day` now, once and for good (demo and tests)."""
    noon = dt.datetime.combine(day, dt.time(12), UTC)
    with connection.cursor() as cursor:
        cursor.execute("update kernel_clock set ahead = %s - now() where id = 1", [noon])


def end_of(day: dt.date) -> dt.datetime:
    """Return the last moment of `day` in UTC: what a bare date means as a moment of knowledge."""
    return dt.datetime.combine(day, dt.time.max, UTC)
