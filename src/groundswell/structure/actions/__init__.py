"""Every write of the room: founding units, what happens to them afterwards, and the rules it goes by."""

from groundswell.structure.actions.changing import announce, found_anew, move_unit, promote_unit, rename_unit
from groundswell.structure.actions.deeds import Deed, do
from groundswell.structure.actions.ending import dissolve_unit, merge_units
from groundswell.structure.actions.founding import NewUnit, found_root, found_unit, found_units
from groundswell.structure.actions.kinds import add_kind, change_kind, order_kinds, set_promotion_rule
from groundswell.structure.actions.preparing import call_off, carry_out_due, prepare_change
from groundswell.structure.actions.proposing import set_proposal_rule
from groundswell.structure.actions.protecting import protect_unit
from groundswell.structure.actions.seating import seat_unit
from groundswell.structure.actions.splitting import split_unit
from groundswell.structure.actions.undoing import undo_change, why_not_undone

__all__ = [
    "Deed",
    "NewUnit",
    "add_kind",
    "announce",
    "call_off",
    "carry_out_due",
    "change_kind",
    "dissolve_unit",
    "do",
    "found_anew",
    "found_root",
    "found_unit",
    "found_units",
    "merge_units",
    "move_unit",
    "order_kinds",
    "prepare_change",
    "promote_unit",
    "protect_unit",
    "rename_unit",
    "seat_unit",
    "set_promotion_rule",
    "set_proposal_rule",
    "split_unit",
    "undo_change",
    "why_not_undone",
]
