"""The first day on which a count passed a threshold: found by month, settled by day.

A month can hold the passing only if its count may have stood below the threshold and at or above it;
only such months are looked into day by day, which keeps five years of a million members cheap.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from groundswell.reports.figures import ONE_DAY, Count, Step, daily, month_end, month_start


def passings(
    counted: Count, rows_of: Mapping[str, set[int]], thresholds: Sequence[int]
) -> list[tuple[str, int, dt.date]]:
    """Return (code, threshold, day) of every first passing in the window, in the order of days.

    `rows_of` says which rows make up each counted unit. A passing is the first day in
    (since, as_of] on which the count is at or above the threshold after being below it the day before.
    """
    found = []
    for code, row_ids in rows_of.items():
        steps = sorted((step for row in row_ids for step in counted.steps[row]), key=lambda step: step.day)
        for threshold in _possible(counted, steps, thresholds):
            day = _first_day(counted, row_ids, steps, threshold)
            if day is not None:
                found.append((code, threshold, day))
    return sorted(found, key=lambda one: (one[2], one[1], one[0]))


def _possible(counted: Count, steps: list[Step], thresholds: Sequence[int]) -> list[int]:
    """Return the thresholds that lie between the lowest and the highest the count may have been."""
    start = sum(step.members for step in steps if step.day <= counted.window.since)
    highest = start + sum(step.joined + step.moved_in for step in steps if step.day > counted.window.since)
    lowest = start - sum(step.left + step.moved_out for step in steps if step.day > counted.window.since)
    return [threshold for threshold in thresholds if lowest < threshold <= highest]


def _first_day(counted: Count, row_ids: set[int], steps: list[Step], threshold: int) -> dt.date | None:
    window = counted.window
    total = sum(step.members for step in steps if step.day <= window.since)
    months: defaultdict[dt.date, list[Step]] = defaultdict(list)
    for step in steps:
        if step.day > window.since:
            months[month_start(step.day)].append(step)
    for month in sorted(months):
        inside = months[month]
        highest = total + sum(step.joined + step.moved_in for step in inside)
        lowest = total - sum(step.left + step.moved_out for step in inside)
        if lowest < threshold <= highest:
            day = _within(counted, row_ids, (month, inside), total, threshold)
            if day is not None:
                return day
        total += sum(step.members for step in inside)
    return None


def _within(
    counted: Count, row_ids: set[int], month: tuple[dt.date, list[Step]], total: int, threshold: int
) -> dt.date | None:
    window, (start, steps) = counted.window, month
    first = max(start, window.since + ONE_DAY)
    last = min(month_end(start), window.as_of)
    changes: defaultdict[dt.date, int] = defaultdict(int)
    for _, day, members in daily(counted, row_ids, first, last):
        changes[day] += members
    for step in steps:
        # Units that changed their row are not among the clean ones just asked for.
        if step.special:
            changes[step.day] += step.members
    for day in sorted(changes):
        before, total = total, total + changes[day]
        if before < threshold <= total:
            return day
    return None
