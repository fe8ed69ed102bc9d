"""What this room tells of what waits: terms that end soon, and sections left without a secretary."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.reach import within_reach
from groundswell.access.slots import Waits
from groundswell.accounts.models import Mandate
from groundswell.accounts.words import office_names
from groundswell.structure import queries as structure
from groundswell.structure.models import Unit
from groundswell.web import figures

# A term is told of so many days before its end.
SOON: Final = 30


def what_waits(actor: Actor, today: dt.date) -> Iterator[Waits]:
    """Tell whose term ends soon, and which section or highest unit has no secretary any more.

    Of her own office she is told herself, of a secretary's whoever may give it: within a section all of them,
    above it those of sections.
    """
    gives = within_reach(actor, "accounts.mandate") & Q(office="secretary", unit__dissolved_on=None)
    above = gives & (Q(unit__section=None) | Q(unit__section=F("unit")))
    told = Q(person=actor.person_id or 0) | (gives & within_reach(actor, "people.decide"))
    soon = today + dt.timedelta(days=SOON)
    ends = Q(valid__contains=today, valid__endswith__lte=soon)
    held = Mandate.objects.select_related("unit").filter(recorded__upper_inf=True)
    found = list(held.filter(above | (told & ends)).order_by("unit__path", "valid", "pk"))
    ending = [one for one in found if _ends(one, today, soon) and not _is_followed(one)]
    gone = _without([one for one in found if one.office == "secretary" and _is_top(one.unit)], today)
    if not ending and not gone:
        return
    units = {one.unit_id: one.unit for one in found}
    called, lang = structure.called(sorted(units), today), get_language() or "en"
    for one in ending:
        said = _("The term of an office ends on %(day)s: %(office)s, %(unit)s.") % {
            "day": figures.day(one.valid.upper, lang),
            "office": office_names()[one.office],
            "unit": called[one.unit_id].name,
        }
        yield Waits(said, reverse("structure:unit", args=[one.unit.code]), None)
    for key, day in gone.items():
        words = {"unit": called[key].name, "day": figures.day(day, lang)}
        said = _("%(unit)s has had no secretary since %(day)s.") % words
        yield Waits(said, reverse("offices:give", args=[units[key].code]), None)


def _ends(held: Mandate, today: dt.date, soon: dt.date) -> bool:
    valid = held.valid
    return valid.lower <= today and valid.upper is not None and today < valid.upper <= soon


def _is_followed(held: Mandate) -> bool:
    """Whether somebody holds the same office in the same unit when this one ends."""
    same = Mandate.objects.filter(unit=held.unit_id, office=held.office, recorded__upper_inf=True)
    return same.filter(valid__contains=held.valid.upper).exists()


def _is_top(unit: Unit) -> bool:
    return unit.section_id in {None, unit.pk}


def _without(secretaries: Sequence[Mandate], today: dt.date) -> dict[int, dt.date]:
    """Return since when units that had a secretary have none, and none to come."""
    ends: dict[int, list[dt.date]] = {}
    for one in secretaries:
        ends.setdefault(one.unit_id, []).append(one.valid.upper or dt.date.max)
    return {unit: max(days) for unit, days in ends.items() if max(days) <= today}
