"""Turn Natural Earth's countries (1:110 million, public domain) into SVG paths in the Equal Earth projection.

Run at development time only; what it writes is committed. It reads `countries-110m.json` of the npm
package world-atlas (ISC; TopoJSON of Natural Earth):

    python bench/worldmap.py path/to/node_modules/world-atlas/countries-110m.json

Projection: Šavrič, Patterson, Jenny (2018), "The Equal Earth map projection", IJGIS 33(3), equations 7-9.
"""

import json
import math
import sys
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

from babel.core import get_global

TARGET = Path(__file__).resolve().parent.parent / "src/groundswell/web/data/world.json"
WIDTH = 2000  # units of the drawing; coordinates are whole units
A = (1.340264, -0.081106, 0.000893, 0.003796)
ROOT3 = math.sqrt(3)
LEFT_OUT = {"010"}  # Antarctica: nobody organises there, and it takes a quarter of the sheet
# Places without a code in ISO 3166 that Natural Earth draws: on the map, never shaded.
UNNUMBERED = "-"


def equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    """Return x and y of a place (degrees), on a sphere of radius 1; y grows to the north."""
    theta = math.asin(ROOT3 / 2 * math.sin(math.radians(latitude)))
    square = theta * theta
    sixth = square**3
    x = (
        2
        * ROOT3
        * math.radians(longitude)
        * math.cos(theta)
        / (3 * (9 * A[3] * sixth * square + 7 * A[2] * sixth + 3 * A[1] * square + A[0]))
    )
    y = theta * (A[0] + A[1] * square + sixth * (A[2] + A[3] * square))
    return x, y


def arcs_of(topology: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """Undo TopoJSON's quantisation: each arc as longitudes and latitudes."""
    (kx, ky), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        places = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            places.append((x * kx + tx, y * ky + ty))
        arcs.append(places)
    return arcs


def ring(indexes: list[int], arcs: list[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    """Join the arcs of a ring; a negative index is the arc reversed (TopoJSON 2.1.4)."""
    places: list[tuple[float, float]] = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        places.extend(arc[1:] if places else arc)
    return places


def cut(places: list[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """Cut a ring where it crosses the antimeridian: parts that each lie within -180 and 180."""
    unwrapped, turn = [places[0]], 0
    for (before, _), (longitude, latitude) in pairwise(places):
        turn -= 360 * round((longitude - before) / 360)
        unwrapped.append((longitude + turn, latitude))
    parts = []
    for offset in (-360, 0, 360):
        moved = [(longitude + offset, latitude) for longitude, latitude in unwrapped]
        part = clipped(clipped(moved, 180, keep=-1), -180, keep=1)
        if part:
            parts.append(part)
    return parts


def clipped(places: list[tuple[float, float]], meridian: float, *, keep: int) -> list[tuple[float, float]]:
    """Return the part of a ring east (1) or west (-1) of a meridian (Sutherland and Hodgman, 1974)."""
    kept = []
    for (x0, y0), (x1, y1) in zip(places[-1:] + places[:-1], places, strict=True):
        inside0, inside1 = (x0 - meridian) * keep >= 0, (x1 - meridian) * keep >= 0
        if inside0 != inside1:
            share = (meridian - x0) / (x1 - x0)
            kept.append((meridian, y0 + share * (y1 - y0)))
        if inside1:
            kept.append((x1, y1))
    return kept


def path(rings: Iterable[list[tuple[float, float]]], scale: float, top: float) -> str:
    """Return SVG path data in whole units, relative, closed; rings too small to see left out."""
    pieces = []
    for places in rings:
        points = [equal_earth(*place) for place in places]
        drawn = [(round(x * scale + WIDTH / 2), round((top - y) * scale)) for x, y in points]
        kept = [p for i, p in enumerate(drawn) if i == 0 or p != drawn[i - 1]]
        if kept[0] == kept[-1]:
            kept.pop()
        if len(kept) < 3:
            continue
        (x, y), steps = kept[0], []
        for nx, ny in kept[1:]:
            steps.append(f"{nx - x} {ny - y}")
            x, y = nx, ny
        pieces.append(f"M{kept[0][0]} {kept[0][1]}l" + " ".join(steps).replace(" -", "-") + "z")
    return "".join(pieces)


def main(source: Path) -> None:
    """Write the file."""
    topology = json.loads(source.read_text(encoding="utf-8"))
    arcs = arcs_of(topology)
    aliases = get_global("territory_aliases")
    scale = WIDTH / (2 * equal_earth(180, 0)[0])
    top = equal_earth(0, 83.7)[1]
    countries: dict[str, str] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        number = shape.get("id", "")
        if number in LEFT_OUT:
            continue
        code = (aliases.get(number) or [UNNUMBERED])[0]
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        rings = (part for polygon in polygons for indexes in polygon for part in cut(ring(indexes, arcs)))
        drawn = path(rings, scale, top)
        countries[code] = countries.get(code, "") + drawn
    height = round((top - equal_earth(0, -56)[1]) * scale)
    document = {
        "source": "Natural Earth 1:110m (public domain) by world-atlas 2.0.2, Equal Earth projection",
        "made_by": "bench/worldmap.py",
        "width": WIDTH,
        "height": height,
        "scale": round(scale, 6),
        "top": round(top, 6),
        "countries": dict(sorted(countries.items())),
    }
    TARGET.write_text(json.dumps(document, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{TARGET.stat().st_size:,} bytes, {len(countries)} countries, {WIDTH} x {height}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
