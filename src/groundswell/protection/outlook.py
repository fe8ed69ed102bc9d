"""What erasing will do, told beforehand: what goes of a person, and whom other rules would forget tonight."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.access import erasing, scope
from groundswell.access.actor import OPERATOR
from groundswell.kernel import clock
from groundswell.people.models import Person
from groundswell.people.slots import Foreseen
from groundswell.protection import queries
from groundswell.structure.models import Unit


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


def by_other_rules(section: Unit, wanted: queries.Ruled) -> Iterator[Foreseen]:
    """Tell how many more other rules of a section would erase or reduce in the coming night."""
    night = clock.now().date() + dt.timedelta(days=1)
    there = Q(unit__section=section) | Q(unit=section, unit__section=None)
    with scope.worker("whom other rules would forget"):
        now, then = (
            {one.person.pk for one in queries.due(OPERATOR, until=night, only=there, ruled=ruled)}
            for ruled in ({}, wanted)
        )
    if more := len(then - now):
        said = ngettext(
            "%(count)s record would be erased or reduced to a name in the coming night.",
            "%(count)s records would be erased or reduced to a name in the coming night.",
            more,
        )
        why = _(
            "Their time would be over by these rules. What is gone cannot be had back. Nothing is set yet."
        )
        yield more, said % {"count": more}, why
