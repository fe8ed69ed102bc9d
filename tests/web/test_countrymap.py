import re

from groundswell.web import countrymap
from groundswell.web.countrymap import Place

GRAZ = Place(15.44, 47.07, "/units/HILL/", "Hill Line, Graz")
LINZ = Place(14.29, 48.31, "/units/DOCK/", "Dock, Linz")
BREGENZ = Place(9.75, 47.50, "/units/PIER/", "Pier, Bregenz")


def points(drawn):
    found = re.findall(r'<a href="([^"]+)"><circle cx="(\d+)" cy="(\d+)"', drawn)
    return {href: (int(x), int(y)) for href, x, y in found}


def size(drawn):
    return tuple(int(side) for side in re.search(r'viewBox="0 0 (\d+) (\d+)"', drawn).groups())


def test_places_lie_on_their_country_as_on_the_globe_and_lead_to_their_page():
    drawn = countrymap.draw("AT", [GRAZ, LINZ, BREGENZ], label="Seats")
    at, (width, height) = points(drawn), size(drawn)
    assert max(width, height) == countrymap.LONGER_SIDE
    assert width > height
    assert all(0 < x < width and 0 < y < height for x, y in at.values())
    assert at[BREGENZ.href][0] < at[LINZ.href][0] < at[GRAZ.href][0]
    assert at[LINZ.href][1] < at[BREGENZ.href][1] < at[GRAZ.href][1]
    # A degree is narrower from west to east than from south to north, by the cosine of the latitude.
    east = (at[GRAZ.href][0] - at[BREGENZ.href][0]) / (GRAZ.longitude - BREGENZ.longitude)
    south = (at[GRAZ.href][1] - at[LINZ.href][1]) / (LINZ.latitude - GRAZ.latitude)
    assert 0.66 < east / south < 0.69
    assert "<title>Hill Line, Graz</title>" in drawn


def test_an_island_far_off_is_drawn_only_when_a_place_lies_on_it():
    paris, cayenne = Place(2.35, 48.86, "/p/", "Paris"), Place(-52.3, 4.9, "/c/", "Cayenne")
    near = countrymap.draw("FR", [paris], label="x")
    far = countrymap.draw("FR", [paris, cayenne], label="x")
    assert points(near)["/p/"][0] > 100
    assert size(near)[0] / size(near)[1] < 1.2
    assert points(far)["/c/"][0] < points(far)["/p/"][0]


def test_every_country_is_drawn_in_a_few_kilobytes_and_whole():
    for code, parts in countrymap.outlines().items():
        ring, _box = max(parts, key=lambda part: part[1].extent)
        longitude, latitude = ring[0]
        drawn = countrymap.draw(code, [Place(longitude, latitude, "/x/", "x")], label="x")
        width, height = size(drawn)
        assert min(width, height) > 30, code
        assert len(drawn) < 40_000, (code, len(drawn))
        assert 'class="own" d="M' in drawn, code


def test_a_country_without_an_outline_and_one_without_places_has_no_map():
    assert countrymap.draw("XX", [GRAZ], label="x") == ""
    assert countrymap.draw("", [GRAZ], label="x") == ""
    assert countrymap.draw("AT", [], label="x") == ""


def test_what_is_read_out_is_never_markup():
    nasty = '<script>alert("x")</script>'
    drawn = countrymap.draw("AT", [Place(15.44, 47.07, '"><script>', nasty)], label=nasty)
    assert "<script" not in drawn
    assert drawn.count("&lt;script&gt;") == 3


def test_the_outlines_weigh_little():
    assert countrymap._DATA.stat().st_size < 300_000
