import datetime as dt
import re
import xml.etree.ElementTree as ET

from hypothesis import strategies as st

from groundswell.web import charts, figures, worldmap
from sampling import sampled

POINTS = [(dt.date(2023, 1, 31), 4330), (dt.date(2023, 7, 31), 4642), (dt.date(2024, 1, 31), 6030)]


def line(points, marks=(), language="en"):
    return charts.line_chart(
        points,
        marks,
        label="Members",
        figure=lambda v: figures.number(v, language),
        tick=lambda d: d.isoformat(),
    )


def test_a_line_names_its_levels_and_its_milestones():
    drawn = line(POINTS, [charts.Mark(dt.date(2023, 10, 11), 5000, "5 000 on 11 October")])
    assert "5 000 on 11 October" in drawn
    assert 'aria-label="Members"' in drawn
    assert re.findall(r">(\d\u202f\d{3})<", drawn) == [
        f"{value // 1000}\u202f{value % 1000:03}" for value in range(4000, 6501, 500)
    ]


def test_coordinates_carry_a_point_in_every_language():
    drawn = line(POINTS, language="fr") + charts.spark(POINTS, "de 4330 à 6030")
    for attribute in re.findall(r'(?:\b[xy][12]?|c[xy]|d|width|height)="([^"]*)"', drawn):
        assert "," not in attribute
        assert "\u202f" not in attribute


def test_a_label_that_would_leave_the_drawing_at_the_left_is_kept_inside():
    drawn = line(POINTS, [charts.Mark(dt.date(2023, 2, 2), 4400, "a label of some length")])
    x = float(re.search(r'class="label" x="([\d.]+)"', drawn)[1])
    assert x - charts.WIDE.left >= len("a label of some length") * 5.5


@sampled(20, 400, st.lists(st.integers(0, 10**7), min_size=2, max_size=40), st.integers(1, 400))
def test_every_line_is_sound_xml_within_its_frame(values, step):
    points = [(dt.date(2000, 1, 1) + dt.timedelta(days=step * i), value) for i, value in enumerate(values)]
    for drawn in (line(points), charts.spark(points, "x")):
        root = ET.fromstring(drawn)  # noqa: S314 - drawn by this house
        width, height = (float(part) for part in root.get("viewBox").split()[2:])
        path = root.find(".//path[@class='run']").get("d")
        for x, y in re.findall(r"([\d.-]+) ([\d.-]+)", path):
            assert 0 <= float(x) <= width
            assert 0 <= float(y) <= height


@sampled(20, 400, st.integers(0, 10**8), st.integers(0, 10**8))
def test_the_scale_holds_both_ends_by_few_round_steps(one, other):
    low, high = sorted((one, other))
    steps = charts.scale_lines(low, high)
    assert steps[0] <= low
    assert high <= steps[-1]
    assert 2 <= len(steps) <= 7


def test_one_point_is_no_line():
    assert charts.spark(POINTS[:1], "x") == ""
    assert line(POINTS[:1]) == ""


def test_text_from_people_is_escaped_in_every_drawing():
    nasty = '<script>"'
    drawn = (
        charts.bars([(nasty, 3, nasty)], label=nasty)
        + line(POINTS, [charts.Mark(dt.date(2023, 5, 5), 4500, nasty)])
        + worldmap.draw({"CH": worldmap.Country(3, "/units/CH/", nasty)}, label=nasty)
    )
    assert "<script" not in drawn
    assert drawn.count("&lt;script&gt;") == 6


def test_a_bar_of_nothing_has_no_length_and_the_longest_fills_its_track():
    root = ET.fromstring(charts.bars([("a", 0, "0"), ("b", 8, "8")], label="x"))  # noqa: S314 - drawn by this house
    lengths = [float(bar.get("width")) for bar in root.findall("./rect[@class='bar']")]
    tracks = [float(bar.get("width")) for bar in root.findall("./rect[@class='track']")]
    assert lengths == [0.0, tracks[1]]


def test_a_country_is_shaded_by_its_members_and_leads_to_its_unit():
    drawn = worldmap.draw({"CH": worldmap.Country(320, "/units/CH/", "Switzerland: 320")}, label="x")
    assert '<a href="/units/CH/"><path class="m3"' in drawn
    assert "<title>Switzerland: 320</title>" in drawn
    assert [worldmap.shade(n) for n in (0, 1, 49, 50, 150, 400, 800, 10**6)] == [0, 1, 1, 2, 3, 4, 5, 5]
