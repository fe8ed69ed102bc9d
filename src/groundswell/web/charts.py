"""Charts drawn on the server as SVG: spark line, line with milestones, bars.

Pure functions of figures; labels come in ready to read. Coordinates are written by this module with a
point, whatever the language (a localised comma would break the drawing). Colours come from the style
sheet; nothing here carries a style. Each drawing is an image with a text alternative; the page puts
the same figures in a table beside it.
"""

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Point = tuple[dt.date, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of the line that carries a label."""

    on: dt.date
    value: int
    label: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of a drawing and the margins kept for its scales, in units of its view box."""

    width: int = 600
    height: int = 300
    left: int = 44
    right: int = 12
    top: int = 22
    bottom: int = 26


WIDE: Final = Frame()
NARROW: Final = Frame(width=340, height=220, left=40, right=10)
SPARK: Final = Frame(width=116, height=30, left=1, right=5, top=5, bottom=1)
_LETTER: Final = 5.9  # mean width of a letter of a label, in units of the view box
_SCALE_LINES: Final = 5
_FEWEST: Final = 2  # points that make a line
_ROUND: Final = (1, 2, 5, 10)


def shown(value: float) -> str:
    """Return a coordinate with at most one decimal and a point."""
    return f"{value:.1f}".removesuffix(".0")


def spark(points: Sequence[Point], label: str) -> SafeString:
    """Return a spark line from zero upward, its area filled, its end dotted; nothing of one point."""
    if len(points) < _FEWEST:
        return SafeString("")
    place = _placer(points, SPARK, (0, max(1, *(value for _, value in points))))
    line = [place(on, value) for on, value in points]
    path, base = _path(line), SPARK.height - SPARK.bottom
    end_x, end_y = line[-1]
    return format_html(
        '<svg class="chart spark" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<path class="under" d="{}"/><path class="run" d="{}" vector-effect="non-scaling-stroke"/>'
        '<circle class="end" cx="{}" cy="{}" r="2.4"/></svg>',
        SPARK.width,
        SPARK.height,
        label,
        f"{path}V{base}H{shown(line[0][0])}Z",
        path,
        shown(end_x),
        shown(end_y),
    )


def line_chart(
    points: Sequence[Point],
    marks: Sequence[Mark],
    *,
    label: str,
    figure: Callable[[int], str],
    tick: Callable[[dt.date], str],
    frame: Frame = WIDE,
) -> SafeString:
    """Return a line over time with labelled marks; `figure` and `tick` write the scales' labels."""
    if len(points) < _FEWEST:
        return SafeString("")
    run = sorted({*points, *((mark.on, mark.value) for mark in marks)})
    steps = scale_lines(min(v for _, v in run), max(v for _, v in run))
    place = _placer(run, frame, (steps[0], steps[-1]))
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}'
        '<path class="run" d="{}"/>{}</svg>',
        frame.width,
        frame.height,
        label,
        _levels(steps, place, points[0][0], figure, frame),
        _ticks(points, place, tick, frame),
        _path([place(on, value) for on, value in run]),
        _marks(marks, place, frame),
    )


def bars(rows: Sequence[tuple[str, int, str]], *, label: str, width: int = 380) -> SafeString:
    """Return bars lying beneath each other: (name, value from 0, value as read) in each row."""
    longest = max((value for _, value, _ in rows), default=0) or 1
    room = width - 160
    drawn = format_html_join(
        "",
        '<text x="0" y="{}">{}</text><rect class="track" x="90" y="{}" width="{}" height="8" rx="4"/>'
        '<rect class="bar" x="90" y="{}" width="{}" height="8" rx="4"/>'
        '<text class="label" x="{}" y="{}">{}</text>',
        (
            (y + 14, name, y + 6, room, y + 6, shown(room * value / longest), room + 102, y + 14, read)
            for y, (name, value, read) in ((26 * index, row) for index, row in enumerate(rows))
        ),
    )
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        width,
        26 * len(rows) or 26,
        label,
        drawn,
    )


def scale_lines(low: int, high: int) -> list[int]:
    """Return round values around low and high, evenly apart, at least two: 4330, 6030 -> 4000 … 7000."""
    span = max(high - low, 1)
    step = max(1, _round_step(span / (_SCALE_LINES - 1)))
    first = low // step * step
    last = max(first + step, math.ceil(high / step) * step)
    return list(range(first, last + 1, step))


def _round_step(rough: float) -> int:
    power = 10 ** math.floor(math.log10(max(rough, 1)))
    factor = next((factor for factor in _ROUND if factor * power >= rough), _ROUND[-1])
    return int(factor * power)


def _placer(
    points: Sequence[Point], frame: Frame, levels: tuple[int, int]
) -> Callable[[dt.date, float], tuple[float, float]]:
    first, last = points[0][0], points[-1][0]
    days = max((last - first).days, 1)
    low, high = levels
    across = frame.width - frame.left - frame.right
    up = frame.height - frame.top - frame.bottom

    def place(on: dt.date, value: float) -> tuple[float, float]:
        x = frame.left + across * (on - first).days / days
        return x, frame.top + up * (high - value) / max(high - low, 1)

    return place


def _path(places: Sequence[tuple[float, float]]) -> str:
    run = "L".join([f"{x:.1f} {y:.1f}" for x, y in places])
    return "M" + run.replace(".0 ", " ").replace(".0L", "L").removesuffix(".0")


def _levels(
    steps: Sequence[int],
    place: Callable[[dt.date, float], tuple[float, float]],
    first: dt.date,
    figure: Callable[[int], str],
    frame: Frame,
) -> SafeString:
    return format_html_join(
        "",
        '<line class="scale" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (frame.left, frame.width - frame.right, y, y, frame.left - 8, shown(level + 4), figure(step))
            for step, level, y in ((s, place(first, s)[1], shown(place(first, s)[1])) for s in steps)
        ),
    )


def _ticks(
    points: Sequence[Point],
    place: Callable[[dt.date, float], tuple[float, float]],
    tick: Callable[[dt.date], str],
    frame: Frame,
) -> SafeString:
    room = max(2, (frame.width - frame.left) // 84)
    every = max(1, math.ceil((len(points) - 1) / room))
    chosen = [on for on, _ in points[::-1][::every]][::-1]
    last = len(chosen) - 1
    return format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="{}">{}</text>',
        (
            (
                shown(place(on, 0)[0]),
                frame.height - 6,
                "end" if index == last else "start" if place(on, 0)[0] < frame.left + 20 else "middle",
                tick(on),
            )
            for index, on in enumerate(chosen)
        ),
    )


def _marks(
    marks: Sequence[Mark], place: Callable[[dt.date, float], tuple[float, float]], frame: Frame
) -> SafeString:
    def row(mark: Mark) -> tuple[str, str, str, str, str]:
        x, y = place(mark.on, mark.value)
        right = max(x - 8, frame.left + len(mark.label) * _LETTER)
        return shown(x), shown(y), shown(min(right, frame.width)), shown(max(y - 9, 11)), mark.label

    return format_html_join(
        "",
        '<circle class="dot" cx="{}" cy="{}" r="3.6"/>'
        '<text class="label" x="{}" y="{}" text-anchor="end">{}</text>',
        map(row, marks),
    )
