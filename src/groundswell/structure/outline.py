"""What anybody may know of a unit, whoever comes (decision 0750)."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from groundswell.kernel import clock
from groundswell.kernel.errors import NotFound
from groundswell.structure import pages, slots
from groundswell.structure.queries import Called, localized


@dataclass(frozen=True, slots=True)
class Outlined:
    """What a unit is called; `place` is where it lies to the one asked for: above, itself, below.

    The one above into which it was merged is `into`.

    Of a protected unit the town is left out.
    """

    place: str
    called: Called
    town: str
    protected: bool


def page(code: str) -> dict[str, Any]:
    """Return what the outline shows: what the unit is, where it lies, and what rooms above published."""
    found = outlined(code)
    (itself,) = (one for one in found if one.place == "itself")
    below = [one for one in found if one.place == "below"]
    into = next((one.called.name for one in found if one.place == "into"), "")
    return {
        "called": itself.called,
        "today": clock.today(),
        "above": [one.called for one in found if one.place in {"above", "into"}],
        "below": sorted(below, key=lambda one: one.called.name.casefold()),
        "lede": pages.lede(itself.called, itself.town, len(below), into=into),
        "panels": [] if itself.protected else [panel(code) for panel in slots.outline_panels],
    }


def outlined(code: str) -> list[Outlined]:
    """Return the units above one from the top down, itself, and those right below it, as of today.

    NotFound for one that does not exist, and to strangers for one that is protected.
    """
    with connection.cursor() as cursor:
        cursor.execute("select * from structure_outline(%s)", [code])
        rows = cursor.fetchall()
    if not rows:
        raise NotFound(_("There is no unit %(code)s.") % {"code": code[:60]}, field="unit")
    return [_outlined(*row) for row in rows]


def _outlined(
    place: str,
    key: int,
    code: str,
    names: str,
    languages: list[str],
    kind: str,
    kinds: str,
    *rest: Any,
) -> Outlined:
    *said, town, protected = rest
    # Django leaves JSON of a plain cursor as text.
    name, kind_name = localized(json.loads(names), languages), localized(json.loads(kinds))
    return Outlined(place, Called(key, code, name, kind, kind_name, *said), town, protected)
