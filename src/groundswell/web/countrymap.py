"""A country with places on it: its outline, its neighbours', and a point for each place.

The outlines are Natural Earth's, turned at development time (`bench/countrymaps.py`) into
`data/countries.json`. Places and outlines are longitudes and latitudes in degrees; the map is an
equirectangular one whose standard parallel runs through its middle, so that distances look right.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_DATA: Final = Path(__file__).parent / "data" / "countries.json"
LONGER_SIDE: Final = 640  # units of the drawing
RADIUS: Final = 7
_MARGIN: Final = 0.05  # of the longer side
_LEAST_DEGREES: Final = 0.6  # a window round a single town is not smaller
_PARTS_WITHIN: Final = 4.0  # degrees: an island farther off is left out, unless a place lies on it
_PARTS_FROM: Final = 0.01  # of the largest part's extent
_CORNERS: Final = 3

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A place to be marked: where it is, where its page is, what is read out."""

    longitude: float
    latitude: float
    href: str
    label: str


class Box(NamedTuple):
    """A part of the globe between two meridians and two parallels."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, longitude: float, latitude: float) -> bool:
        """Return whether a place lies in it."""
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north

    def gap(self, other: "Box") -> float:
        """Return the degrees between two boxes along the axis on which they are farther apart, or 0."""
        across = max(other.west - self.east, self.west - other.east)
        along = max(other.south - self.north, self.south - other.north)
        return max(across, along, 0.0)

    @property
    def extent(self) -> float:
        """Return its size in square degrees."""
        return (self.east - self.west) * (self.north - self.south)


@cache
def outlines() -> dict[str, list[tuple[Ring, Box]]]:
    """Return the rings of each country by its ISO 3166 code, each with the box it fills."""
    data = json.loads(_DATA.read_text(encoding="utf-8"))
    return {
        code: [(ring, _box(ring)) for ring in (_ring(steps, data["per_degree"]) for steps in rings)]
        for code, rings in data["countries"].items()
    }


def draw(country: str, places: Sequence[Place], *, label: str) -> SafeString:
    """Return the map of a country with its places; '' without an outline or without places."""
    parts = outlines().get(country)
    if not parts or not places:
        return SafeString("")
    frame = _Frame.of(_window(parts, places))
    points = format_html_join(
        "",
        '<a href="{}"><circle cx="{}" cy="{}" r="{}"><title>{}</title></circle></a>',
        (
            (place.href, *frame.at(place.longitude, place.latitude), RADIUS, place.label)
            for place in sorted(places, key=lambda one: -one.latitude)
        ),
    )
    around, own = _drawn(country, frame)
    return format_html(
        '<svg class="world country" viewBox="0 0 {} {}" role="group" aria-label="{}">'
        '<path d="{}"/><path class="own" d="{}"/>{}</svg>',
        frame.width,
        frame.height,
        label,
        around,
        own,
        points,
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """A window on the globe and the drawing it becomes."""

    box: Box
    scale: float
    narrowing: float

    @classmethod
    def of(cls, box: Box) -> "_Frame":
        narrowing = math.cos(math.radians((box.south + box.north) / 2))
        longer = max((box.east - box.west) * narrowing, box.north - box.south)
        return cls(box, LONGER_SIDE / longer, narrowing)

    @property
    def width(self) -> int:
        return round((self.box.east - self.box.west) * self.narrowing * self.scale)

    @property
    def height(self) -> int:
        return round((self.box.north - self.box.south) * self.scale)

    def at(self, longitude: float, latitude: float) -> tuple[int, int]:
        x = (longitude - self.box.west) * self.narrowing * self.scale
        return round(x), round((self.box.north - latitude) * self.scale)


def _ring(steps: Sequence[int], per_degree: int) -> Ring:
    x = y = 0
    places = []
    for i in range(0, len(steps), 2):
        x, y = x + steps[i], y + steps[i + 1]
        places.append((x / per_degree, y / per_degree))
    return tuple(places)


def _box(places: Iterable[tuple[float, float]]) -> Box:
    longitudes, latitudes = zip(*places, strict=True)
    return Box(min(longitudes), min(latitudes), max(longitudes), max(latitudes))


def _window(parts: Sequence[tuple[Ring, Box]], places: Sequence[Place]) -> Box:
    """Return the part of the globe to be drawn: the country's chief parts, and every place."""
    at = [(place.longitude, place.latitude) for place in places]
    boxes = [box for _ring, box in parts]
    largest = max(boxes, key=lambda box: box.extent)
    chief = [box for box in boxes if any(box.holds(*place) for place in at)] or [largest]
    near = [
        box
        for box in boxes
        if box.extent >= _PARTS_FROM * largest.extent and any(box.gap(one) <= _PARTS_WITHIN for one in chief)
    ]
    corners = [corner for box in (*chief, *near) for corner in ((box.west, box.south), (box.east, box.north))]
    west, south, east, north = _box([*at, *corners])
    more = max(east - west, north - south, _LEAST_DEGREES) * _MARGIN
    spare = max(0.0, (_LEAST_DEGREES - max(east - west, north - south)) / 2)
    more += spare
    return Box(west - more, max(-90.0, south - more), east + more, min(90.0, north + more))


@lru_cache(maxsize=64)
def _drawn(country: str, frame: _Frame) -> tuple[str, str]:
    """Return the neighbours' outlines in the window as one path, and the country's own."""
    around: list[str] = []
    own: list[str] = []
    for code, parts in outlines().items():
        for ring, box in parts:
            if box.gap(frame.box) == 0:
                (own if code == country else around).append(_path(_clipped(ring, frame.box), frame))
    return "".join(around), "".join(own)


def _clipped(ring: Sequence[tuple[float, float]], box: Box) -> Sequence[tuple[float, float]]:
    """Return the part of a ring that lies in a box (Sutherland and Hodgman, 1974)."""
    for axis, bound, keep in ((0, box.west, 1), (0, box.east, -1), (1, box.south, 1), (1, box.north, -1)):
        kept = []
        for before, after in pairwise([*ring[-1:], *ring]):
            inside = [(place[axis] - bound) * keep >= 0 for place in (before, after)]
            if inside[0] != inside[1]:
                share = (bound - before[axis]) / (after[axis] - before[axis])
                crossing = [one + share * (other - one) for one, other in zip(before, after, strict=True)]
                crossing[axis] = bound
                kept.append((crossing[0], crossing[1]))
            if inside[1]:
                kept.append(after)
        ring = kept
    return ring


def _path(ring: Sequence[tuple[float, float]], frame: _Frame) -> str:
    """Return SVG path data in whole units, closed; '' for what is too small to see."""
    drawn = [frame.at(*place) for place in ring]
    kept = [point for i, point in enumerate(drawn) if i == 0 or point != drawn[i - 1]]
    if len(kept) < _CORNERS:
        return ""
    steps = (f"{x1 - x0} {y1 - y0}" for (x0, y0), (x1, y1) in pairwise(kept))
    return f"M{kept[0][0]} {kept[0][1]}l" + " ".join(steps).replace(" -", "-") + "z"
