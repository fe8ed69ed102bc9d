"""Every write of the room: founding units, and what happens to them afterwards."""

from groundswell.structure.actions.changing import (
    dissolve_unit,
    found_anew,
    merge_units,
    move_unit,
    prepare,
    promote_unit,
    rename_unit,
)
from groundswell.structure.actions.founding import NewUnit, found_root, found_unit, found_units

__all__ = [
    "NewUnit",
    "dissolve_unit",
    "found_anew",
    "found_root",
    "found_unit",
    "found_units",
    "merge_units",
    "move_unit",
    "prepare",
    "promote_unit",
    "rename_unit",
]
