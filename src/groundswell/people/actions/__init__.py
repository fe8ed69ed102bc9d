"""Every write of the room: who joins, leaves, moves; what is put right; what comes in bulk."""

from groundswell.people.actions.correcting import change_joining_day, reopen, withdraw
from groundswell.people.actions.joining import add_person, be_guest, join
from groundswell.people.actions.leaving import change_kind, leave, transfer
from groundswell.people.actions.loading import NewMembership, NewPerson, load_memberships, load_people
from groundswell.people.actions.returning import file_return, report_by_number

__all__ = [
    "NewMembership",
    "NewPerson",
    "add_person",
    "be_guest",
    "change_joining_day",
    "change_kind",
    "file_return",
    "join",
    "leave",
    "load_memberships",
    "load_people",
    "reopen",
    "report_by_number",
    "transfer",
    "withdraw",
]
