"""A change as somebody asks for it on a page, and the action that does it.

Its arguments are plain data (texts, numbers, keys of units), so that it can wait for its day.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from groundswell.access.actor import Actor
from groundswell.kernel.errors import NotFound
from groundswell.structure import lands
from groundswell.structure.actions.changing import found_anew, move_unit, promote_unit, rename_unit
from groundswell.structure.actions.ending import dissolve_unit, merge_units
from groundswell.structure.actions.founding import NewUnit, found_unit
from groundswell.structure.actions.splitting import split_unit
from groundswell.structure.models import Unit


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be done, to which unit, from which day on, and the rest as plain data.

    `before` is what whoever asks for it saw of what it overwrites; None: she has just looked.
    """

    what: str
    unit: Unit
    day: dt.date
    arguments: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] | None = None


def other_of(deed: Deed) -> Unit | None:
    """Return the unit that the deed moves or merges its unit into."""
    key = deed.arguments.get("other")
    if key is None:
        return None
    other = Unit.objects.select_related("kind").filter(pk=key).first()
    if other is None:
        raise NotFound("", field="other")
    return other


def do(deed: Deed, *, actor: Actor, at: dt.datetime) -> Unit:
    """Do it; return the unit it was done to, or the one that came of it."""
    return _DOINGS[deed.what](deed, actor, at)


def new_unit(deed: Deed) -> NewUnit:
    """Return the unit that the deed founds: what it does not say is as in the unit it is founded in.

    In another country it has that country's currency, and its time zone where there is but one.
    """
    unit, said = deed.unit, deed.arguments
    country = said.get("country", unit.country)
    abroad = country if country != unit.country else ""
    return NewUnit(
        code=said["code"],
        names=said["names"],
        kind=said.get("kind", unit.kind_id),
        parent=unit.code,
        founded_on=deed.day,
        country=country,
        town=said.get("town", ""),
        latitude=said.get("latitude"),
        longitude=said.get("longitude"),
        locale=unit.locale,
        languages=tuple(unit.languages),
        currency=lands.usual_currency(abroad) or unit.currency,
        time_zone=lands.usual_time_zone(abroad) or unit.time_zone,
        protected=bool(said.get("protected")),
        illustrative=unit.illustrative,
    )


def _found(deed: Deed, actor: Actor, at: dt.datetime) -> Unit:
    return found_unit(new_unit(deed), actor=actor, at=at)


def _rename(deed: Deed, actor: Actor, at: dt.datetime) -> Unit:
    names, before = deed.arguments["names"], deed.before
    return rename_unit(deed.unit, names=names, before=before, day=deed.day, actor=actor, at=at)


def _found_anew(deed: Deed, actor: Actor, at: dt.datetime) -> Unit:
    names, before = deed.arguments["names"], deed.before
    return found_anew(deed.unit, names=names, before=before, day=deed.day, actor=actor, at=at)


def _promote(deed: Deed, actor: Actor, at: dt.datetime) -> Unit:
    return promote_unit(deed.unit, kind=deed.arguments["kind"], day=deed.day, actor=actor, at=at)


def _move(deed: Deed, actor: Actor, at: dt.datetime) -> Unit:
    return move_unit(deed.unit, parent=_other(deed), day=deed.day, actor=actor, at=at)


def _merge(deed: Deed, actor: Actor, at: dt.datetime) -> Unit:
    return merge_units(deed.unit, into=_other(deed), day=deed.day, actor=actor, at=at)


def _dissolve(deed: Deed, actor: Actor, at: dt.datetime) -> Unit:
    return dissolve_unit(deed.unit, day=deed.day, actor=actor, at=at)


def _split(deed: Deed, actor: Actor, at: dt.datetime) -> Unit:
    members = deed.arguments["members"]
    return split_unit(deed.unit, new=new_unit(deed), members=members, actor=actor, at=at)


def _other(deed: Deed) -> Unit:
    other = other_of(deed)
    if other is None:
        raise NotFound("", field="other")
    return other


_DOINGS: Final[Mapping[str, Callable[[Deed, Actor, dt.datetime], Unit]]] = {
    "founded": _found,
    "renamed": _rename,
    "moved": _move,
    "split": _split,
    "merged": _merge,
    "dissolved": _dissolve,
    "promoted": _promote,
    "founded-anew": _found_anew,
}
