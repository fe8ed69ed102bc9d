"""What this room tells of what waits: terms that end soon, and sections left without a secretary."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from django.db.models import F, Q, QuerySet
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
    believed = Mandate.objects.filter(recorded__upper_inf=True)
    told = Q(person=actor.person_id or 0) | above | (gives & within_reach(actor, "people.decide"))
    ending = list(_ending(believed.filter(told), today))
    gone = _without(believed.filter(above), today)
    units = Unit.objects.in_bulk({one.unit_id for one in ending} | set(gone))
    called, lang = structure.called(sorted(units), today), get_language() or "en"
    for one in ending:
        said = _("The term of an office ends on %(day)s: %(office)s, %(unit)s.") % {
            "day": figures.day(one.valid.upper, lang),
            "office": office_names()[one.office],
            "unit": called[one.unit_id].name,
        }
        yield Waits(said, reverse("structure:unit", args=[units[one.unit_id].code]), None)
    for key, day in gone.items():
        words = {"unit": called[key].name, "day": figures.day(day, lang)}
        said = _("%(unit)s has had no secretary since %(day)s.") % words
        yield Waits(said, reverse("offices:give", args=[units[key].code]), None)


def _ending(held: QuerySet[Mandate], today: dt.date) -> Iterator[Mandate]:
    """Yield what is held today, ends soon, and is followed by nobody in the same office."""
    soon = today + dt.timedelta(days=SOON)
    for one in held.filter(valid__contains=today, valid__endswith__lte=soon).order_by("valid", "pk"):
        same = Mandate.objects.filter(unit=one.unit_id, office=one.office, recorded__upper_inf=True)
        if not same.filter(valid__contains=one.valid.upper).exists():
            yield one


def _without(held: QuerySet[Mandate], today: dt.date) -> dict[int, dt.date]:
    """Return since when units that had a secretary have none, and none to come."""
    ends: dict[int, list[dt.date]] = {}
    for unit, valid in held.order_by("unit__path").values_list("unit_id", "valid"):
        ends.setdefault(unit, []).append(valid.upper or dt.date.max)
    return {unit: max(days) for unit, days in ends.items() if max(days) <= today}
