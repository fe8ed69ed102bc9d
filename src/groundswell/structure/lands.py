"""Which country a unit lies in, and what goes with one by the CLDR: name, usual currency, time zone."""

import functools
import zoneinfo
from collections.abc import Mapping, Sequence
from typing import Final

from babel.core import get_global
from babel.numbers import get_territory_currencies

from groundswell.structure.models import Unit
from groundswell.web import figures

# Kosovo has no code of ISO 3166 and no time zone of its own there; units lie in it nevertheless.
_KOSOVO: Final = "XK"
_NOWHERE: Final = "ZZ"
# Where one zone of several is the country's and the others those of islands or a single town: the table
# `primaryZones` of the CLDR, which Babel does not carry.
_PRIMARY: Final = {
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "MH": "Pacific/Majuro",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}


@functools.cache
def _zones() -> Mapping[str, Sequence[str]]:
    known, found = zoneinfo.available_timezones(), dict[str, list[str]]()
    for zone, territory in sorted(get_global("zone_territories").items()):
        if zone in known and territory.isalpha() and territory != _NOWHERE:
            found.setdefault(territory, []).append(zone)
    return found


def country_of(unit: Unit) -> str:
    """Return the country a unit lies in: its own, else that of the nearest unit above, else ''."""
    if unit.country:
        return unit.country
    above = [int(key) for key in unit.path.strip("/").split("/")]
    named = Unit.objects.filter(pk__in=above).exclude(country="").order_by("-path").first()
    return named.country if named else ""


def countries(language: str) -> list[tuple[str, str]]:
    """Return the countries of the world by code and name, in the order of their names."""
    named = [(code, figures.country(code, language)) for code in {*_zones(), _KOSOVO}]
    return sorted(named, key=lambda one: one[1].casefold())


def usual_currency(country: str) -> str | None:
    """Return the currency paid with in a country, or None where none is known."""
    return next(iter(get_territory_currencies(country)), None) if country else None


def usual_time_zone(country: str) -> str | None:
    """Return a country's time zone, or None where it has several of which none is the country's."""
    zones = _zones().get(country, ())
    return zones[0] if len(zones) == 1 else _PRIMARY.get(country)
