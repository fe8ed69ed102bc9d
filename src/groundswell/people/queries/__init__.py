"""The reads of the room: persons with what hangs on them, memberships, who is found."""

from groundswell.people.queries.memberships import (
    believed_membership,
    counts,
    open_membership,
    refuse_by_number,
    refuse_members_from,
)
from groundswell.people.queries.persons import (
    by_contact,
    contacts_of,
    notes_of,
    paid_until,
    person_for,
    tags_of,
)

__all__ = [
    "believed_membership",
    "by_contact",
    "contacts_of",
    "counts",
    "notes_of",
    "open_membership",
    "paid_until",
    "person_for",
    "refuse_by_number",
    "refuse_members_from",
    "tags_of",
]
