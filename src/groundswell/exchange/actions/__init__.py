"""Every write of the room: a list is staged, taken in, undone."""

from groundswell.exchange.actions.counting import counted
from groundswell.exchange.actions.running import finish, run_chunk, start
from groundswell.exchange.actions.staging import Wanted, remember_mapping, stage
from groundswell.exchange.actions.undoing import forget_rows, undo

__all__ = [
    "Wanted",
    "counted",
    "finish",
    "forget_rows",
    "remember_mapping",
    "run_chunk",
    "stage",
    "start",
    "undo",
]
