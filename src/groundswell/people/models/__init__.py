"""Persons and what hangs on them, memberships over time, and what the figures stand on."""

from groundswell.people.models.asking import ASKING_KINDS, DECISIONS, Asking, Hold
from groundswell.people.models.contact import CONTACT_KINDS, VISIBILITIES, Contact, Note
from groundswell.people.models.custom import CHOOSING, CUSTOM_TYPES, CustomField, CustomValue
from groundswell.people.models.figures import Counting, Movement, Return, Rollup, SectionRollup
from groundswell.people.models.gathering import GATHERING_KINDS, Attendance, Gathering
from groundswell.people.models.membership import (
    ENTRY_FLOWS,
    EXIT_FLOWS,
    FLOWS,
    Membership,
    MembershipKind,
    Transfer,
)
from groundswell.people.models.person import Person, Standing, Tag
from groundswell.people.models.section import SectionRule
from groundswell.people.models.view import SavedView

__all__ = [
    "ASKING_KINDS",
    "CHOOSING",
    "CONTACT_KINDS",
    "CUSTOM_TYPES",
    "DECISIONS",
    "ENTRY_FLOWS",
    "EXIT_FLOWS",
    "FLOWS",
    "GATHERING_KINDS",
    "VISIBILITIES",
    "Asking",
    "Attendance",
    "Contact",
    "Counting",
    "CustomField",
    "CustomValue",
    "Gathering",
    "Hold",
    "Membership",
    "MembershipKind",
    "Movement",
    "Note",
    "Person",
    "Return",
    "Rollup",
    "SavedView",
    "SectionRollup",
    "SectionRule",
    "Standing",
    "Tag",
    "Transfer",
]
