"""What erasing a person will do, told beforehand: what goes, what stays without a name."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from groundswell.access import erasing
from groundswell.people.models import Person


@dataclass(frozen=True, slots=True)
class Becomes:
    """What becomes of the rows of one table."""

    title: str
    rows: int
    becomes: str


def of(person: Person) -> list[Becomes]:
    """Return what becomes of everything held of her; tables that hold nothing are left out."""
    words = {
        "delete": _("goes"),
        "blank": _("is emptied"),
        "pseudonym": _("stays for the figures, under a number that leads to nobody"),
        "nothing": _("stays; nothing of hers is in it"),
    }
    return [
        Becomes(str(one.table.title), len(one.rows), words[one.table.erase])
        for one in erasing.held_of(person.pk)
        if one.rows
    ]
