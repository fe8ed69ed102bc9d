"""Half-open days and recorded spans, the two times of every fact about units and memberships."""

import datetime as dt
from typing import Any, Final

from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from groundswell.kernel import saying
from groundswell.kernel.bounds import FIRST_DAY, LAST_DAY
from groundswell.kernel.errors import Refusal

BELIEVED: Final = models.Q(recorded__upper_inf=True)


class Recorded(models.Model):
    """A fact with both times: days it holds, and moments from and until which we said so.

    `valid` is a half-open range of days; `recorded` one of moments in organisation time, without an
    end while the fact is believed. Rows are never changed: a correction closes `recorded` and writes
    a new row. The stamps order recordings by transaction (see kernel migration 0001).
    """

    valid = DateRangeField()
    recorded = DateTimeRangeField()
    recorded_stamp = models.BigIntegerField(db_default=models.Func(function="org_stamp"))
    superseded_stamp = models.BigIntegerField(null=True)

    class Meta:
        abstract = True


def days(start: dt.date, end: dt.date | None = None) -> DateRange:
    """Return the half-open range of days from `start` until `end` (for good when None)."""
    return DateRange(start, end, "[)")


def since(moment: dt.datetime) -> DateTimeTZRange:
    """Return the recorded span of a fact believed from `moment` on."""
    return DateTimeTZRange(moment, None, "[)")


def until(recorded: DateTimeTZRange, moment: dt.datetime) -> DateTimeTZRange:
    """Return the recorded span closed at `moment`.

    What is recorded and put right at the same moment keeps that moment (an empty range would lose
    it): closed at both ends, it is believed at no moment all the same.
    """
    end = max(moment, recorded.lower)
    return DateTimeTZRange(recorded.lower, end, "[]" if end == recorded.lower else "[)")


def closed_at(moment: dt.datetime) -> RawSQL:
    """Return what closes the recorded span of each row of an update at `moment`, as `until` closes one."""
    return RawSQL(  # nosec B611 - a constant
        "tstzrange(lower(recorded), greatest(lower(recorded), %s),"
        " case when lower(recorded) >= %s then '[]' else '[)' end)",
        [moment, moment],
    )


def sensible_day(day: dt.date, *, field: str) -> dt.date:
    """Return `day`, or refuse one that no organisation's records can mean (before 1800, after 2200)."""
    if not FIRST_DAY <= day < LAST_DAY:
        sentence = _("The day %(day)s lies outside the years 1800 to 2199; check the year.")
        raise Refusal(sentence % {"day": saying.said(day)}, field=field, code="day-out-of-range")
    return day


def one_a_day(name: str, *columns: str, **condition: Any) -> Any:
    """Return the constraint that no two believed rows of the same `columns` hold on one day."""
    from django.contrib.postgres.constraints import ExclusionConstraint

    return ExclusionConstraint(
        name=name,
        expressions=[
            *((column, RangeOperators.EQUAL) for column in columns),
            ("valid", RangeOperators.OVERLAPS),
        ],
        condition=BELIEVED & models.Q(**condition),
        deferrable=models.Deferrable.DEFERRED,
    )
