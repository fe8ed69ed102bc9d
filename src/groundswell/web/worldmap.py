"""The world in the Equal Earth projection, countries shaded by a figure.

The outlines are Natural Earth's, turned at development time (`bench/worldmap.py`) into
`data/world.json`, whose units they keep; the projection is repeated here only to place a town.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_DATA: Final = Path(__file__).parent / "data" / "world.json"
_A: Final = (1.340264, -0.081106, 0.000893, 0.003796)
# Lower ends of the five shades; a country below the first is left plain.
SHADES: Final = (1, 50, 150, 400, 800)


@dataclass(frozen=True, slots=True)
class Country:
    """A country with members: where its page is, what its shade means, and what is read out."""

    members: int
    href: str
    label: str


@cache
def world() -> dict[str, Any]:
    """Return the outlines: width, height, scale, top and a path for each ISO 3166 code."""
    return dict(json.loads(_DATA.read_text(encoding="utf-8")))


def shade(members: int, shades: Sequence[int] = SHADES) -> int:
    """Return 0 for none, else 1 to 5."""
    return sum(members >= lower for lower in shades)


def place(longitude: float, latitude: float) -> tuple[float, float]:
    """Return where a place lies on the drawing (Šavrič, Patterson, Jenny 2018)."""
    data = world()
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    square = theta**2
    sixth = square**3
    bend = 9 * _A[3] * sixth * square + 7 * _A[2] * sixth + 3 * _A[1] * square + _A[0]
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(theta) / (3 * bend)
    y = theta * (_A[0] + _A[1] * square + sixth * (_A[2] + _A[3] * square))
    return x * data["scale"] + data["width"] / 2, (data["top"] - y) * data["scale"]


def draw(countries: Mapping[str, Country], *, label: str) -> SafeString:
    """Return the map: every country's outline, those given shaded and leading to their page."""
    data = world()
    plain = "".join(path for code, path in data["countries"].items() if code not in countries)
    shaded = format_html_join(
        "",
        '<a href="{}"><path class="m{}" d="{}"><title>{}</title></path></a>',
        (
            (country.href, shade(country.members), data["countries"][code], country.label)
            for code, country in sorted(countries.items())
            if code in data["countries"]
        ),
    )
    return format_html(
        '<svg class="world" viewBox="0 0 {} {}" role="group" aria-label="{}"><path d="{}"/>{}</svg>',
        data["width"],
        data["height"],
        label,
        plain,
        shaded,
    )


def undrawn(codes: Sequence[str]) -> list[str]:
    """Return the codes of countries too small for this map's scale."""
    return [code for code in codes if code not in world()["countries"]]
