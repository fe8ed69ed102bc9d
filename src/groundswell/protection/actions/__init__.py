"""Every write of the room."""

from groundswell.protection.actions.asking import ask, grant, refuse
from groundswell.protection.actions.erasing import Erased, erase_person
from groundswell.protection.actions.handing import hand_out
from groundswell.protection.actions.retaining import keep_no_longer

__all__ = ["Erased", "ask", "erase_person", "grant", "hand_out", "keep_no_longer", "refuse"]
