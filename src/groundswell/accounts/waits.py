"""What this room tells of what waits: offices that are new, terms that end, sections without a secretary."""

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
from groundswell.accounts import queries
from groundswell.accounts.models import Mandate
from groundswell.accounts.words import office_names
from groundswell.structure import queries as structure
from groundswell.structure.models import Unit
from groundswell.web import figures

# A term is told of so many days before its end.
SOON: Final = 30
# For so many days after it began somebody is told that she holds an office.
NEW: Final = 14


def what_waits(actor: Actor, today: dt.date) -> Iterator[Waits]:
    """Tell which offices are newly hers, whose term ends soon, and which section has no secretary any more.

    Of her own office she is told herself, of a secretary's whoever may give it: within a section all of them,
    above it those of sections.
    """
    gives = within_reach(actor, "accounts.mandate") & Q(office="secretary", unit__dissolved_on=None)
    above = gives & (Q(unit__section=None) | Q(unit__section=F("unit")))
    told = Q(person=actor.person_id or 0) | (gives & within_reach(actor, "people.decide"))
    soon = today + dt.timedelta(days=SOON)
    ends = Q(valid__contains=today, valid__endswith__lte=soon)
    held = Mandate.objects.select_related("unit").filter(recorded__upper_inf=True)
    # What is open in an office is told without her account: that she holds it is not.
    new = Q(person=actor.person_id or 0) & Q(valid__startswith__gt=today - dt.timedelta(days=NEW))
    hers = new if actor.account_id else Q(pk=None)
    found = list(held.filter(above | (told & ends) | hers).order_by("unit__path", "valid", "pk"))
    ending = [one for one in found if _ends(one, today, soon) and not _is_followed(one)]
    gone = _without([one for one in found if one.office == "secretary" and _is_top(one.unit)], today)
    given = [one for one in found if actor.account_id and _is_new(actor, one, today)]
    if not ending and not gone and not given:
        return
    units = {one.unit_id: one.unit for one in found}
    called, lang = structure.called(sorted(units), today), get_language() or "en"
    for one in given:
        yield _given(actor, one, called[one.unit_id].name, today)
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


def _is_new(actor: Actor, held: Mandate, today: dt.date) -> bool:
    valid, since = held.valid, today - dt.timedelta(days=NEW)
    return held.person_id == actor.person_id and valid.lower > since and (valid.upper or dt.date.max) > today


def _given(actor: Actor, held: Mandate, unit: str, today: dt.date) -> Waits:
    """Return that she holds or will hold an office; of one to come, that it asks for a second factor."""
    day = held.valid.lower
    words = {
        "day": figures.day(day, get_language() or "en"),
        "office": office_names()[held.office],
        "unit": unit,
    }
    address = reverse("structure:unit", args=[held.unit.code])
    if day <= today:
        return Waits(_("Since %(day)s you hold an office: %(office)s, %(unit)s.") % words, address, None)
    said = _("From %(day)s on you hold an office: %(office)s, %(unit)s.") % words
    if queries.wants_factor(actor.account_id or 0, held.office):
        asks = _("It asks for a second factor: set one up before.")
        return Waits(f"{said} {asks}", reverse("mfa_index"), None)
    return Waits(said, address, None)


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
