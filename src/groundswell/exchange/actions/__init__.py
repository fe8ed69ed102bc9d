"""Every write of the room: a list is staged, taken in, undone."""

from groundswell.exchange.actions.asking import (
    ANSWERS,
    ask_to_undo,
    drop_upload,
    forget_uploads,
    preview,
    receive,
    settle,
    throw_away,
)
from groundswell.exchange.actions.counting import counted
from groundswell.exchange.actions.running import finish, run_chunk, start
from groundswell.exchange.actions.staging import Wanted, remember_mapping, stage
from groundswell.exchange.actions.undoing import forget_rows, undo

__all__ = [
    "ANSWERS",
    "Wanted",
    "ask_to_undo",
    "counted",
    "drop_upload",
    "finish",
    "forget_rows",
    "forget_uploads",
    "preview",
    "receive",
    "remember_mapping",
    "run_chunk",
    "settle",
    "stage",
    "start",
    "throw_away",
    "undo",
]
