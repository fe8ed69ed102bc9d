"""Every write of the room."""

from groundswell.protection.actions.asking import ask, grant, refuse, take_back
from groundswell.protection.actions.breaching import Told, end_sessions, open_breach, tell_breach, tick_step
from groundswell.protection.actions.consenting import (
    add_purpose,
    end_purpose,
    give_consent,
    withdraw_consent,
    write_text,
)
from groundswell.protection.actions.erasing import Erased, erase_person
from groundswell.protection.actions.handing import hand_out
from groundswell.protection.actions.holding import lift_hold, place_hold
from groundswell.protection.actions.loading import load_consents
from groundswell.protection.actions.retaining import keep_no_longer
from groundswell.protection.actions.ruling import set_age
from groundswell.protection.actions.sampling import draw_sample, read_sample

__all__ = [
    "Erased",
    "Told",
    "add_purpose",
    "ask",
    "draw_sample",
    "end_purpose",
    "end_sessions",
    "erase_person",
    "give_consent",
    "grant",
    "hand_out",
    "keep_no_longer",
    "lift_hold",
    "load_consents",
    "open_breach",
    "place_hold",
    "read_sample",
    "refuse",
    "set_age",
    "take_back",
    "tell_breach",
    "tick_step",
    "withdraw_consent",
    "write_text",
]
