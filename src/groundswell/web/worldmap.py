"""The world in the Equal Earth projection, countries shaded by a figure.

The outlines are Natural Earth's, turned at development time (`bench/worldmap.py`) into
`data/world.json`, whose units they keep.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_DATA: Final = Path(__file__).parent / "data" / "world.json"
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
