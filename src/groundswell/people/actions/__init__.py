"""Every write of the room: who joins, leaves, moves; what is put right; what comes in bulk."""

from groundswell.people.actions.correcting import change_joining_day, reopen, withdraw
from groundswell.people.actions.details import (
    change_person,
    drop_contact,
    fold_contact,
    put_contact,
    put_paid_until,
    put_tags,
    write_note,
)
from groundswell.people.actions.joining import add_person, be_guest, join
from groundswell.people.actions.leaving import change_kind, leave, transfer
from groundswell.people.actions.loading import (
    NewContact,
    NewMembership,
    NewPerson,
    load_contacts,
    load_memberships,
    load_people,
)
from groundswell.people.actions.returning import file_return, report_by_number

__all__ = [
    "NewContact",
    "NewMembership",
    "NewPerson",
    "add_person",
    "be_guest",
    "change_joining_day",
    "change_kind",
    "change_person",
    "drop_contact",
    "file_return",
    "fold_contact",
    "join",
    "leave",
    "load_contacts",
    "load_memberships",
    "load_people",
    "put_contact",
    "put_paid_until",
    "put_tags",
    "reopen",
    "report_by_number",
    "transfer",
    "withdraw",
    "write_note",
]
