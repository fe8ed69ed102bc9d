"""The first day on which a count passed a threshold: found by month, settled by day.

A month can hold the passing only if its count may have stood below the threshold and at or above it.
Such months, up to the first that must hold it, are asked for day by day in one question for all rows,
which keeps five years of a million members cheap.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from groundswell.reports.figures import Count, Step, days_of_months, month_start


@dataclass(slots=True)
class _Month:
    """What a month of a counted unit began with, and how far its count may have gone within it."""

    first: dt.date
    begins: int
    lowest: int
    highest: int
    ends: int


@dataclass(slots=True)
class _ByMonth:
    """What a row held before the window; by first of month its change, who came and who went."""

    before: int = 0
    months: dict[dt.date, list[int]] = field(default_factory=dict)
    special: list[Step] = field(default_factory=list)


@dataclass(slots=True)
class _Watched:
    """A counted unit (one row, or all of them) with its months and the thresholds it may have passed."""

    code: str
    row_ids: set[int]
    months: list[_Month]
    special: list[Step]
    suspects: dict[int, list[_Month]] = field(default_factory=dict)


def passings(
    counted: Count, rows_of: Mapping[str, set[int]], thresholds: Sequence[int]
) -> list[tuple[str, int, dt.date]]:
    """Return (code, threshold, day) of every first passing in the window, in the order of days.

    `rows_of` says which rows make up each counted unit. A passing is the first day in
    (since, as_of] on which the count is at or above the threshold after being below it the day before.
    """
    by_month = {
        row_id: _by_month(counted.steps[row_id], counted.window.since)
        for row_id in set().union(*rows_of.values())
    }
    watched = [_watch(code, row_ids, by_month, thresholds) for code, row_ids in rows_of.items()]
    changes = days_of_months(
        counted,
        {
            (row_id, month.first)
            for one in watched
            for months in one.suspects.values()
            for month in months
            for row_id in one.row_ids
        },
    )
    found = []
    for one in watched:
        for threshold, months in one.suspects.items():
            day = _first_day(counted, one, months, threshold, changes)
            if day is not None:
                found.append((one.code, threshold, day))
    return sorted(found, key=lambda passing: (passing[2], passing[1], passing[0]))


def _watch(
    code: str, row_ids: set[int], by_month: Mapping[int, _ByMonth], thresholds: Sequence[int]
) -> _Watched:
    rows = [by_month[row_id] for row_id in row_ids]
    watched = _Watched(code, row_ids, _months(rows), [step for row in rows for step in row.special])
    for threshold in thresholds:
        suspects = []
        for month in watched.months:
            if month.lowest < threshold <= month.highest:
                suspects.append(month)
            if month.begins < threshold <= month.ends:
                break
        if suspects:
            watched.suspects[threshold] = suspects
    return watched


def _by_month(steps: Iterable[Step], since: dt.date) -> _ByMonth:
    row = _ByMonth()
    for step in steps:
        _row, day, members, joined, left, moved_in, moved_out, special = step
        if special:
            row.special.append(step)
        if day <= since:
            row.before += members
            continue
        sums = row.months.setdefault(month_start(day), [0, 0, 0])
        sums[0] += members
        sums[1] += joined + moved_in
        sums[2] += left + moved_out
    return row


def _months(rows: Iterable[_ByMonth]) -> list[_Month]:
    total = 0
    together: dict[dt.date, list[int]] = {}
    for row in rows:
        total += row.before
        for first, (members, came, went) in row.months.items():
            sums = together.setdefault(first, [0, 0, 0])
            sums[0] += members
            sums[1] += came
            sums[2] += went
    months = []
    for first in sorted(together):
        members, came, went = together[first]
        months.append(_Month(first, total, total - went, total + came, total + members))
        total += members
    return months


def _first_day(
    counted: Count,
    watched: _Watched,
    months: list[_Month],
    threshold: int,
    changes: Mapping[tuple[int, dt.date], Mapping[dt.date, int]],
) -> dt.date | None:
    window = counted.window
    for month in months:
        by_day: defaultdict[dt.date, int] = defaultdict(int)
        for row_id in watched.row_ids:
            for day, change in changes.get((row_id, month.first), {}).items():
                by_day[day] += change
        for step in watched.special:
            # Units that changed their row are not among the clean ones that were asked for.
            if month_start(step.day) == month.first:
                by_day[step.day] += step.members
        total = month.begins
        for day in sorted(by_day):
            if not window.since < day <= window.as_of:
                continue
            before, total = total, total + by_day[day]
            if before < threshold <= total:
                return day
    return None
