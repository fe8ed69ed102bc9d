"""What the page of minimum ages shows."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.rights import may
from groundswell.people import entering
from groundswell.protection import queries, rules, words
from groundswell.structure.models import Unit
from groundswell.web import figures


def page(actor: Actor, unit: Unit) -> dict[str, Any]:
    """Return which ages hold in a unit, where they come from, and what was shipped."""
    section = queries.asking_unit(unit)
    entry = queries.minimum_age(unit, rules.ENTRY)
    headline = _("In %(country)s whoever is written down is at least %(years)d.")
    said = {"country": _country(entry.country), "years": entry.years}
    return {
        "unit": section,
        "name": entering.unit_name(section),
        "headline": headline % said,
        "ages": [_line(unit, purpose) for purpose in rules.AGES] + _others(section, entry.country),
        "sets": may(actor, "protection.rules", section),
        "shipped": [
            {"country": _country(one.country), "years": one.years, "source": one.source}
            for one in queries.shipped_ages()
        ],
    }


def _line(unit: Unit, purpose: str) -> dict[str, Any]:
    age = queries.minimum_age(unit, purpose)
    source = age.source or (_("GDPR art. 8(1)") if age.shipped else _("set by the section"))
    return {
        "purpose": words.ages()[purpose],
        "country": _country(age.country),
        "years": age.years,
        "source": _("shipped: %(source)s") % {"source": source} if age.shipped else source,
    }


def _others(section: Unit, here: str) -> list[dict[str, Any]]:
    """Return what the section set for other countries in which units of it may lie."""
    return [
        {
            "purpose": words.ages()[one.purpose],
            "country": _country(one.country),
            "years": one.years,
            "source": one.source or _("set by the section"),
        }
        for one in queries.ages_of(section)
        if one.country != here
    ]


def _country(code: str) -> str:
    return figures.country(code, get_language() or "en") if code else _("a unit without a country")
