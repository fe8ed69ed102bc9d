"""The reads of the room: persons with what hangs on them, memberships, who is found."""

from groundswell.people.queries.asked import (
    asking_for,
    details_of,
    home_of,
    may_decide,
    may_withdraw,
    section_rule,
    waiting,
)
from groundswell.people.queries.customs import field_for, fields_of, values_in, values_of
from groundswell.people.queries.gatherings import (
    came_to,
    gathering_for,
    gatherings,
    known_to,
    last_met,
    of_unit,
    who_came,
)
from groundswell.people.queries.memberships import (
    believed_membership,
    comes_to,
    counts,
    open_membership,
    refuse_by_number,
    refuse_members_from,
)
from groundswell.people.queries.persons import (
    by_contact,
    contacts_of,
    merged_into,
    note_texts,
    notes_of,
    paid_until,
    person_for,
    tags_of,
)

__all__ = [
    "asking_for",
    "believed_membership",
    "by_contact",
    "came_to",
    "comes_to",
    "contacts_of",
    "counts",
    "details_of",
    "field_for",
    "fields_of",
    "gathering_for",
    "gatherings",
    "home_of",
    "known_to",
    "last_met",
    "may_decide",
    "may_withdraw",
    "merged_into",
    "note_texts",
    "notes_of",
    "of_unit",
    "open_membership",
    "paid_until",
    "person_for",
    "refuse_by_number",
    "refuse_members_from",
    "section_rule",
    "tags_of",
    "values_in",
    "values_of",
    "waiting",
    "who_came",
]
