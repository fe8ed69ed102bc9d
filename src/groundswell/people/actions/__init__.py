"""Every write of the room: who joins, leaves, moves; what is put right; what comes in bulk."""

from groundswell.people.actions.aging import come_of_age, say_age
from groundswell.people.actions.asking import (
    accept,
    accept_due,
    ask_to_join,
    ask_to_leave,
    ask_to_transfer,
    propose_change,
    refuse,
    withdraw_asking,
)
from groundswell.people.actions.correcting import change_joining_day, change_leaving_day, reopen, withdraw
from groundswell.people.actions.customising import add_field, change_field, end_field, put_values
from groundswell.people.actions.details import (
    change_person,
    drop_contact,
    fold_contact,
    put_contact,
    put_paid_until,
    put_tags,
    write_note,
)
from groundswell.people.actions.gathering import change_gathering, hold_gathering, put_came
from groundswell.people.actions.joining import add_person, be_guest, join
from groundswell.people.actions.lapsing import lapse_due
from groundswell.people.actions.leaving import change_kind, leave, transfer
from groundswell.people.actions.loading import NewMembership, NewPerson, load_memberships, load_people
from groundswell.people.actions.loading_details import (
    NewContact,
    NewValue,
    empty_details,
    fill_details,
    load_contacts,
    load_notes,
    load_standings,
    load_tags,
    load_values,
)
from groundswell.people.actions.returning import file_return, report_by_number
from groundswell.people.actions.ruling import set_section_rules
from groundswell.people.actions.tagging import Tagged, tag_all
from groundswell.people.actions.viewing import drop_view, keep_view

__all__ = [
    "NewContact",
    "NewMembership",
    "NewPerson",
    "NewValue",
    "Tagged",
    "accept",
    "accept_due",
    "add_field",
    "add_person",
    "ask_to_join",
    "ask_to_leave",
    "ask_to_transfer",
    "be_guest",
    "change_field",
    "change_gathering",
    "change_joining_day",
    "change_kind",
    "change_leaving_day",
    "change_person",
    "come_of_age",
    "drop_contact",
    "drop_view",
    "empty_details",
    "end_field",
    "file_return",
    "fill_details",
    "fold_contact",
    "hold_gathering",
    "join",
    "keep_view",
    "lapse_due",
    "leave",
    "load_contacts",
    "load_memberships",
    "load_notes",
    "load_people",
    "load_standings",
    "load_tags",
    "load_values",
    "propose_change",
    "put_came",
    "put_contact",
    "put_paid_until",
    "put_tags",
    "put_values",
    "refuse",
    "reopen",
    "report_by_number",
    "say_age",
    "set_section_rules",
    "tag_all",
    "transfer",
    "withdraw",
    "withdraw_asking",
    "write_note",
]
