"""How old somebody must be, by the country of a unit and by what it is about."""

from dataclasses import dataclass

from groundswell.protection.models import MinimumAge
from groundswell.protection.rules import CONSENT, DEFAULT_AGE
from groundswell.structure.lands import country_of
from groundswell.structure.models import Unit


@dataclass(frozen=True, slots=True)
class Age:
    """So many years, in which country, where that comes from, and whether it was shipped."""

    years: int
    country: str
    source: str
    shipped: bool


def asking_unit(unit: Unit) -> Unit:
    """Return the unit whose words and ages hold in a unit: its section, itself where it lies in none."""
    section: Unit | None = unit.section
    return section or unit


def asking_key(unit: Unit) -> int:
    """Return the key of that unit, without reading it."""
    section: int | None = unit.section_id
    return section or unit.pk


def minimum_age(unit: Unit, purpose: str) -> Age:
    """Return the minimum age that holds in a unit: its section's, else the shipped one of its country.

    Where nobody said anything of the purpose, that of agreeing by oneself (GDPR art. 8) holds; where no
    country is known, the age of the regulation.
    """
    country = country_of(unit)
    rows = MinimumAge.objects.filter(country=country, purpose__in={purpose, CONSENT})
    found = [one for one in rows if one.unit_id in (None, asking_key(unit))]
    # What was asked for goes before art. 8, what the section set before what was shipped.
    found.sort(key=lambda one: (one.purpose != purpose, one.unit_id is None))
    if not found:
        return Age(DEFAULT_AGE, country, "", shipped=True)
    return Age(found[0].years, country, found[0].source, shipped=found[0].unit_id is None)


def ages_of(unit: Unit) -> list[MinimumAge]:
    """Return what a section set for itself."""
    return list(MinimumAge.objects.filter(unit=unit).order_by("country", "purpose"))


def shipped_ages() -> list[MinimumAge]:
    """Return what came with the software, by country."""
    return list(MinimumAge.objects.filter(unit=None).order_by("country"))
