"""Organisation time: what day and what moment it is for the organisation.

Machine time (the trail, sessions, jobs) is `django.utils.timezone.now`; the two are never mixed.
Days are judged in UTC here; a unit's own calendar is the caller's business.
"""

import datetime as dt
import zoneinfo

from django.db import connection

UTC = dt.UTC


def now() -> dt.datetime:
    """Return this moment in organisation time (UTC), as the database has it."""
    with connection.cursor() as cursor:
        cursor.execute("select org_now()")
        moment: dt.datetime = cursor.fetchone()[0]
    return moment.astimezone(UTC)


def today() -> dt.date:
    """Return today in organisation time (UTC)."""
    return now().date()


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
