"""The map of a unit's country with what lies in the unit: a point for each seat that may be shown."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.structure import queries
from groundswell.structure.models import Unit
from groundswell.structure.pages import language, unit_href
from groundswell.structure.queries import ParentPeriod
from groundswell.web import countrymap, figures

# More seats than these are a stain, not points: the maps of the units below show them.
MOST_SHOWN: Final = 1_000


def within(lies: Sequence[ParentPeriod], unit_id: int, on: dt.date) -> list[int]:
    """Return the keys of all units in a unit on a day, those merged into others left out."""
    below: dict[int, list[int]] = {}
    for one in lies:
        if one.start <= on and (one.end is None or one.end > on) and not one.absorbed:
            below.setdefault(one.parent_id, []).append(one.unit_id)
    found, ahead = [], [unit_id]
    while ahead:
        inner = below.get(ahead.pop(), [])
        found += inner
        ahead += inner
    return found


def country_map(unit: Unit, lies: Sequence[ParentPeriod], on: dt.date, today: dt.date) -> dict[str, Any]:
    """Return the map of a unit's country as of a day, with how many seats it shows; {} for none.

    A protected unit has no point, nor has what lies in it. A unit that reaches beyond its country has
    no such map: the map of the world is its own.
    """
    inside = within(lies, unit.pk, on)
    if not unit.country or not 0 < len(inside) <= MOST_SHOWN:
        return {}
    units = Unit.objects.filter(pk__in=inside).only(
        "code", "path", "country", "town", "latitude", "longitude"
    )
    seats = list(units.exclude(country=""))
    hidden = queries.protected_among([unit, *seats])
    if unit.pk in hidden or any(seat.country != unit.country for seat in seats):
        return {}
    shown = [seat for seat in seats if seat.latitude is not None and seat.pk not in hidden]
    names = {key: one.name for key, one in queries.called([seat.pk for seat in shown], on).items()}
    drawn = countrymap.draw(
        unit.country,
        [_place(seat, names, None if on == today else on) for seat in shown],
        label=_("Seats of the units in it; the list below says the same."),
    )
    if not drawn:
        return {}
    country = figures.country(unit.country, language())
    sentence = ngettext("%(number)s seat in %(country)s", "%(number)s seats in %(country)s", len(shown))
    return {
        "country_map": drawn,
        "country_head": sentence % {"number": figures.number(len(shown), language()), "country": country},
    }


def _place(seat: Unit, names: Mapping[int, str], on: dt.date | None) -> countrymap.Place:
    name = names.get(seat.pk, seat.code)
    label = name if not seat.town or seat.town in name else f"{name}, {seat.town}"
    return countrymap.Place(seat.longitude or 0.0, seat.latitude or 0.0, unit_href(seat.code, on), label)
