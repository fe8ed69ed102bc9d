"""Every write of the room: a list is staged, taken in, undone; a list goes out."""

from groundswell.exchange.actions.asking import (
    LARGEST_UPLOAD,
    ask_to_undo,
    drop_upload,
    receive,
    settle,
    throw_away,
)
from groundswell.exchange.actions.counting import counted
from groundswell.exchange.actions.exporting import (
    TakenOut,
    ask_to_release,
    check_purpose,
    decide,
    fetch,
    is_over,
    may_release,
    take_out,
)
from groundswell.exchange.actions.forgetting import forget_person, forget_rows, forget_uploads
from groundswell.exchange.actions.looking import look_through
from groundswell.exchange.actions.running import choose, finish, run_chunk, start
from groundswell.exchange.actions.staging import Wanted, remember_mapping, stage, table_of
from groundswell.exchange.actions.undoing import undo

__all__ = [
    "LARGEST_UPLOAD",
    "TakenOut",
    "Wanted",
    "ask_to_release",
    "ask_to_undo",
    "check_purpose",
    "choose",
    "counted",
    "decide",
    "drop_upload",
    "fetch",
    "finish",
    "forget_person",
    "forget_rows",
    "forget_uploads",
    "is_over",
    "look_through",
    "may_release",
    "receive",
    "remember_mapping",
    "run_chunk",
    "settle",
    "stage",
    "start",
    "table_of",
    "take_out",
    "throw_away",
    "undo",
]
