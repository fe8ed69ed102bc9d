"""The table of rights, written by hand: which office may do what, and how far that reaches.

It is the oracle of the tests at every door; change it only together with the record that says what each line
is for (docs/decisions/0767).
Pure: no database, no clock. An actor's mandates are those of today when they come here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from groundswell.access.actor import Actor, Office, Place


class Reach(Enum):
    """How far a capability goes, measured from the mandate's unit, or from the person herself."""

    SUBTREE = "her unit and all below"
    BELOW = "strictly below her unit"
    NAMES = "her unit and all below, where names may be seen"
    OWN_UNITS = "her branch, its section and the international"
    DIRECTORY = "those of her branch who opted in"
    HERSELF = "her own record"
    EVERYWHERE = "every unit"


@dataclass(frozen=True, slots=True)
class Right:
    """One cell of the table; `how` is the word of a right that is less than whole."""

    reach: Reach
    how: str = "whole"


def _cells(**cells: Right | Reach) -> Mapping[str, Right]:
    return MappingProxyType(
        {role: cell if isinstance(cell, Right) else Right(cell) for role, cell in cells.items()}
    )


_SUBTREE, _BELOW, _NAMES, _SELF = Reach.SUBTREE, Reach.BELOW, Reach.NAMES, Reach.HERSELF
_ALL_OFFICES: Final = {
    "organiser": _SUBTREE,
    "secretary": _SUBTREE,
    "treasurer": _SUBTREE,
    "dpo": _SUBTREE,
    "auditor": _SUBTREE,
}

CAPABILITIES: Final[Mapping[str, Mapping[str, Right]]] = MappingProxyType(
    {
        "unit.public": _cells(
            anonymous=Reach.EVERYWHERE,
            member=Reach.EVERYWHERE,
            **dict.fromkeys(_ALL_OFFICES, Reach.EVERYWHERE),
        ),
        "unit.read": _cells(member=Right(Reach.OWN_UNITS, "suppressed"), **_ALL_OFFICES),
        "people.names": _cells(
            member=Reach.DIRECTORY,
            organiser=_NAMES,
            secretary=_NAMES,
            treasurer=Right(_NAMES, "name and standing"),
            dpo=_NAMES,
        ),
        # Whom an auditor draws she reads, name and standing, and nobody else (decision 0688).
        "people.sample": _cells(auditor=_NAMES),
        "people.contact": _cells(member=_SELF, organiser=_NAMES, secretary=_NAMES, dpo=_NAMES),
        "people.edit": _cells(member=_SELF, organiser=Right(_NAMES, "propose"), secretary=_NAMES),
        "people.ask": _cells(member=_SELF),
        "people.decide": _cells(secretary=_NAMES),
        "accounts.mandate": _cells(secretary=Right(_SUBTREE, "below her own rank")),
        "structure.change": _cells(secretary=_SUBTREE),
        "structure.place": _cells(secretary=_BELOW),
        "lists.import": _cells(organiser=Right(_NAMES, "her list"), secretary=_NAMES, dpo=_NAMES),
        "lists.export": _cells(
            member=_SELF,
            organiser=Right(_NAMES, "her list"),
            secretary=_NAMES,
            treasurer=Right(_NAMES, "standing list"),
            dpo=_NAMES,
        ),
        "reports.write": _cells(
            organiser=_SUBTREE, secretary=_SUBTREE, treasurer=Right(_SUBTREE, "figures of money")
        ),
        "reports.approve": _cells(secretary=_BELOW),
        "reports.read": _cells(**_ALL_OFFICES),
        "people.erase.ask": _cells(
            member=_SELF, organiser=Right(_NAMES, "propose"), secretary=Right(_NAMES, "propose"), dpo=_NAMES
        ),
        "people.erase": _cells(dpo=_NAMES),
        # What holds for everybody's data in a section, as how old one must be.
        "protection.rules": _cells(secretary=_NAMES, dpo=_NAMES),
        "protection.breach": _cells(dpo=_SUBTREE),
        "protection.breach.read": _cells(dpo=_SUBTREE, auditor=_SUBTREE),
        "trail.read": _cells(
            member=Right(_SELF, "who saw her record"),
            secretary=Right(_SUBTREE, "structure and mandates"),
            treasurer=Right(_SUBTREE, "money"),
            dpo=_SUBTREE,
            auditor=_SUBTREE,
        ),
        # Bulk entry goes around the single steps: for the one who runs the server alone.
        "structure.load": _cells(),
        "people.load": _cells(),
    }
)

# Within one unit an office is given from above: two of the same rank cannot appoint each other.
RANK: Final[Mapping[str, int]] = MappingProxyType(
    {"secretary": 3, "treasurer": 2, "dpo": 2, "auditor": 2, "organiser": 1}
)


def _covers(reach: Reach, office: Office, unit: Place) -> bool:
    if reach is Reach.EVERYWHERE:
        return True
    if reach is Reach.BELOW:
        return office.covers_below(unit.path)
    if reach is Reach.NAMES:
        return office.holds_names and unit.holds_names and office.covers(unit.path)
    return reach is Reach.SUBTREE and office.covers(unit.path)


def right(actor: Actor, capability: str, unit: Place | None) -> Right | None:
    """Return the right by which the actor may do this to the unit, None when she may not.

    Without a unit only the operator's rights and those that reach everywhere hold. An unknown
    capability is a fault of the program: KeyError.
    """
    row = CAPABILITIES[capability]
    if actor.operator:
        return Right(Reach.EVERYWHERE)
    for office in actor.mandates:
        cell = row.get(office.office)
        if cell and unit is not None and _covers(cell.reach, office, unit):
            return cell
    cell = row.get("anonymous" if actor.account_id is None else "member")
    if cell and cell.reach is Reach.EVERYWHERE:
        return cell
    if cell and cell.reach is Reach.OWN_UNITS and unit is not None and unit.pk in actor.own_units:
        return cell
    return None


def may(actor: Actor, capability: str, unit: Place | None) -> bool:
    """Return whether the actor may do this to the unit."""
    return right(actor, capability, unit) is not None


def may_for_herself(actor: Actor, capability: str, person_id: int) -> bool:
    """Return whether the actor may do this to the record of a person because it is her own."""
    cell = CAPABILITIES[capability].get("member")
    return bool(cell and cell.reach is Reach.HERSELF and actor.person_id == person_id)


def may_anywhere(actor: Actor, capability: str) -> bool:
    """Return whether the actor has this capability for any unit or for herself: what a door asks."""
    row = CAPABILITIES[capability]
    roles = {office.office for office in actor.mandates} | {
        "anonymous" if actor.account_id is None else "member"
    }
    return actor.operator or any(role in row for role in roles)


def may_by_office(actor: Actor, capability: str) -> bool:
    """Return whether an office of the actor has this capability somewhere: what a page may lead her to.

    Her own record is no office, and an office above all names has no right that ends with them.
    """
    return actor.operator or bool(tops(actor, capability))


def tops(actor: Actor, capability: str, *, how: str = "") -> list[str]:
    """Return the paths of the offices by which the actor has a capability in their units or below.

    With `how` those alone whose right is of that word. Strictly below means that the unit itself is not hers.
    """
    row = CAPABILITIES[capability]
    cells = ((office, row.get(office.office)) for office in actor.mandates)
    return [
        office.path
        for office, cell in cells
        if cell is not None
        and (cell.reach is not Reach.NAMES or office.holds_names)
        and (not how or cell.how == how)
    ]


def may_give(actor: Actor, office: str, unit: Place, *, to_person: int) -> bool:
    """Return whether the actor may give (or end) this office in this unit for that person.

    No grant reaches above the granter's own unit, none equals her own rank in her own unit, and
    nobody gives an office to herself. An unknown office is a fault of the program: KeyError.
    """
    rank = RANK[office]
    if actor.operator:
        return True
    if actor.person_id == to_person:
        return False
    return any(
        held.office in CAPABILITIES["accounts.mandate"]
        and (held.covers_below(unit.path) or (held.path == unit.path and rank < RANK[held.office]))
        for held in actor.mandates
    )
