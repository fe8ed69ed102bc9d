"""Turn Natural Earth's countries (1:50 million, public domain) into the rings that country maps draw.

Run at development time only; what it writes is committed. It reads `countries-50m.json` of the npm
package world-atlas (ISC; TopoJSON of Natural Earth):

    python bench/countrymaps.py path/to/node_modules/world-atlas/countries-50m.json
"""

import json
import sys
from pathlib import Path

from babel.core import get_global

from worldmap import LEFT_OUT, UNNUMBERED, arcs_of, cut, ring

TARGET = Path(__file__).resolve().parent.parent / "src/groundswell/web/data/countries.json"
PER_DEGREE = 50
Place = tuple[int, int]


def steps(places: list[tuple[float, float]]) -> list[int]:
    """Return a ring as whole 50ths of a degree: its first place, then the steps from place to place."""
    points = [(round(longitude * PER_DEGREE), round(latitude * PER_DEGREE)) for longitude, latitude in places]
    kept = straightened([point for i, point in enumerate(points) if i == 0 or point != points[i - 1]])
    if len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    if len(kept) < 3:
        return []
    (x, y), flat = kept[0], [*kept[0]]
    for next_x, next_y in kept[1:]:
        flat += [next_x - x, next_y - y]
        x, y = next_x, next_y
    return flat


def straightened(points: list[Place]) -> list[Place]:
    """Leave out what lies less than a step beside the line between its neighbours (Douglas, Peucker 1973)."""
    if len(points) < 3:
        return points
    (x0, y0), (x1, y1) = points[0], points[-1]
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    off = [
        abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / length
        if length
        else ((x - x0) ** 2 + (y - y0) ** 2) ** 0.5
        for x, y in points[1:-1]
    ]
    farthest = max(range(len(off)), key=off.__getitem__)
    if off[farthest] < 1:
        return [points[0], points[-1]]
    return straightened(points[: farthest + 2])[:-1] + straightened(points[farthest + 1 :])


def main(source: Path) -> None:
    """Write the file."""
    topology = json.loads(source.read_text(encoding="utf-8"))
    arcs = arcs_of(topology)
    aliases = get_global("territory_aliases")
    countries: dict[str, list[list[int]]] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        number = shape.get("id", "")
        if number in LEFT_OUT:
            continue
        code = (aliases.get(number) or [UNNUMBERED])[0]
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        rings = (part for polygon in polygons for part in cut(ring(polygon[0], arcs)))
        if drawn := [kept for places in rings if (kept := steps(places))]:
            countries.setdefault(code, []).extend(drawn)
    document = {
        "source": "Natural Earth 1:50m (public domain) by world-atlas 2.0.2; longitude and latitude",
        "made_by": "bench/countrymaps.py",
        "per_degree": PER_DEGREE,
        "countries": dict(sorted(countries.items())),
    }
    TARGET.write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{TARGET.stat().st_size:,} bytes, {len(countries)} countries")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
