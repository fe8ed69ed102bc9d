"""Periods drawn as bars above each other, one lane for each thing that had several: a life in time, as SVG.

Like every drawing of `charts`: pure, coordinates with a point, colours from the style sheet, a text
alternative, and the same periods as a list beside it.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from groundswell.web.charts import shown

WIDE: Final = 1000
NARROW: Final = 340
_LANE: Final = 52
_BAR: Final = 26
_LETTER: Final = 6.3  # mean width of a letter in a bar, in units of the view box
_YEAR: Final = 40  # room that a year takes below the lanes


@dataclass(frozen=True, slots=True)
class Stretch:
    """A period of a lane, from its first day until the first day that it no longer held (None: still)."""

    since: dt.date
    until: dt.date | None
    text: str


@dataclass(frozen=True, slots=True)
class Lane:
    """What had these periods, oldest first."""

    name: str
    stretches: Sequence[Stretch]


def lifeline(lanes: Sequence[Lane], *, until: dt.date, label: str, width: int = WIDE) -> SafeString:
    """Return the lanes up to a day, with the years in which something began; nothing of no time at all."""
    starts = sorted({one.since for lane in lanes for one in lane.stretches})
    if not starts or starts[0] >= until:
        return SafeString("")
    days = (until - starts[0]).days

    def across(on: dt.date) -> float:
        return width * min(max((on - starts[0]).days, 0), days) / days

    drawn = format_html_join(
        "",
        '<text x="0" y="{}">{}</text>{}',
        (
            (_LANE * row + 12, lane.name, _bars(lane, _LANE * row + 18, across, until))
            for row, lane in enumerate(lanes)
        ),
    )
    bottom = _LANE * len(lanes) + 12
    return format_html(
        '<svg class="chart life" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
        width,
        bottom + 6,
        label,
        drawn,
        _years(starts, across, bottom, width),
    )


def _bars(lane: Lane, top: int, across: Callable[[dt.date], float], until: dt.date) -> SafeString:
    return format_html_join(
        "", "{}", ((_bar(one, top, across, until),) for one in lane.stretches if one.since < until)
    )


def _bar(one: Stretch, top: int, across: Callable[[dt.date], float], until: dt.date) -> SafeString:
    left, right = across(one.since), across(one.until or until)
    last = one.until is None or one.until >= until
    fits = len(one.text) * _LETTER + 16 <= right - left
    word = (
        format_html('<text class="label" x="{}" y="{}">{}</text>', shown(left + 8), top + 17, one.text)
        if fits
        else ""
    )
    return format_html(
        '<g><title>{}</title><rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="4"/>{}</g>',
        one.text,
        "stretch now" if last else "stretch",
        shown(left),
        top,
        shown(max(right - left - 2, 2)),
        _BAR,
        word,
    )


def _years(starts: Sequence[dt.date], across: Callable[[dt.date], float], y: int, width: int) -> SafeString:
    """Return the years of the beginnings, of those that would run into each other the first."""
    free, kept = 0.0, []
    for on in starts:
        x = min(across(on), width - _YEAR + 12)
        if x >= free:
            kept.append((shown(x), y, on.year))
            free = x + _YEAR
    return format_html_join("", '<text x="{}" y="{}">{}</text>', kept)
