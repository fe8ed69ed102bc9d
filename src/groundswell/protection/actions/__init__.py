"""Every write of the room."""

from groundswell.protection.actions.erasing import Erased, erase_person
from groundswell.protection.actions.handing import hand_out

__all__ = ["Erased", "erase_person", "hand_out"]
