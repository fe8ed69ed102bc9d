"""A unit is split: another is founded beside it, and the members chosen go over to it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.trail import record
from groundswell.kernel.errors import Refusal
from groundswell.structure import hooks
from groundswell.structure.actions.founding import NewUnit, write_one
from groundswell.structure.actions.opening import fresh, kind_on, open_unit
from groundswell.structure.actions.periods import note_event, value_on
from groundswell.structure.models import Unit, UnitParent


@transaction.atomic
def split_unit(unit: Unit, *, new: NewUnit, members: Sequence[int], actor: Actor, at: dt.datetime) -> Unit:
    """Split `new` off from the unit on its day of founding; return the new unit.

    It lies where the unit lies, is of its kind, and protected as it is. `members` are keys that
    `slots.members_of` gave; a room above moves them, by transfers: inside a section its row shows nothing.
    """
    day = new.founded_on
    unit = open_unit(unit, day, actor, asks="structure.place")
    lies = value_on(UnitParent, unit, day)
    if lies is None:
        raise Refusal(_("The first unit of the organisation cannot be split."), code="root")
    kind = kind_on(unit, day).code
    placed = replace(new, parent=lies.parent.code, kind=kind, protected=unit.protected)
    made, change = write_one(placed, unit, actor=actor, at=at, what="split", event="split-off")
    note_event(unit, "split", day, change, other=made)
    for handler in hooks.when_splitting:
        handler(change, members, actor)
    record("structure.unit.split", actor=actor, subject=unit)
    return fresh(made)
