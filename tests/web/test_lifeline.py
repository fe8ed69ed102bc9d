"""Periods drawn as bars: as long as they lasted, within the drawing, with the years in which they began."""

import datetime as dt
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

from hypothesis import strategies as st

from groundswell.web.lifeline import NARROW, WIDE, Lane, Stretch, lifeline
from sampling import sampled

FIRST, MIDDLE, END = dt.date(2000, 1, 1), dt.date(2010, 1, 1), dt.date(2020, 1, 1)
NAMES = Lane("Names", [Stretch(FIRST, MIDDLE, "Ferry"), Stretch(MIDDLE, None, "Sailors")])


def bars_of(drawn):
    return [
        (float(x), float(width))
        for x, width in re.findall(r'<rect class="stretch[^"]*" x="([\d.]+)" y="\d+" width="([\d.]+)"', drawn)
    ]


def test_a_bar_is_as_long_as_its_period():
    drawn = lifeline([NAMES], until=END, label="A life")
    (first, _), (second, _) = bars_of(drawn)
    assert (first, round(second)) == (0, WIDE / 2)
    assert re.findall(r">(\d{4})<", drawn) == ["2000", "2010"]
    assert 'aria-label="A life"' in drawn
    assert re.findall(r'class="stretch now"', drawn) == ['class="stretch now"']


def test_what_begins_later_is_not_drawn_and_of_no_time_there_is_nothing():
    assert len(bars_of(lifeline([NAMES], until=dt.date(2005, 1, 1), label=""))) == 1
    assert lifeline([NAMES], until=FIRST, label="") == lifeline([], until=END, label="") == ""


def test_a_name_too_long_for_its_bar_is_told_by_its_title_alone():
    short = Lane(
        "Names",
        [Stretch(FIRST, dt.date(2000, 3, 1), "A very long name"), Stretch(dt.date(2000, 3, 1), None, "B")],
    )
    drawn = lifeline([short], until=END, label="")
    assert drawn.count("A very long name") == 1
    assert "<title>A very long name</title>" in drawn


@sampled(
    20,
    400,
    st.lists(st.dates(FIRST, END), min_size=1, max_size=9, unique=True),
    st.sampled_from([WIDE, NARROW]),
)
def test_every_bar_lies_within_the_drawing_and_no_two_years_touch(starts, width):
    starts = sorted(starts)
    ends = [*starts[1:], None]
    lane = Lane("<i>", [Stretch(since, until, "x") for since, until in zip(starts, ends, strict=True)])
    drawn = lifeline([lane], until=END + dt.timedelta(days=1), label='"', width=width)
    ET.fromstring(drawn)  # noqa: S314 - our own drawing
    assert all(0 <= x <= width and x + long <= width + 2 for x, long in bars_of(drawn))
    years = [float(x) for x in re.findall(r'<text x="([\d.]+)" y="\d+">\d{4}<', drawn)]
    assert all(after - before >= 39.9 for before, after in pairwise(years))
    assert all(x <= width - 28 for x in years)
