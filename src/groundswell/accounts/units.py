"""What this room tells the pages of units: whose mandates end with a unit, and who keeps no books."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.access.actor import Actor
from groundswell.accounts.models import Mandate
from groundswell.accounts.words import office_names
from groundswell.people.models import Person
from groundswell.structure.actions import Deed
from groundswell.structure.models import Unit


def mandates_affected(actor: Actor, deed: Deed) -> Sequence[str]:
    """Return for a preview which mandates of the unit end, or how many stay; a founding touches none."""
    del actor  # row security has said already whose mandates she sees
    if deed.what == "founded":
        return []
    held = list(
        Mandate.objects.filter(unit=deed.unit, recorded__upper_inf=True, valid__contains=deed.day)
        .order_by("office", "pk")
        .only("person_id", "office")
    )
    if deed.what not in {"merged", "dissolved"}:
        if not held:
            return []
        stay = ngettext("%(count)d mandate in it stays.", "%(count)d mandates in it stay.", len(held))
        return [stay % {"count": len(held)}]
    names = Person.objects.in_bulk([one.person_id for one in held])
    ends = _("The mandate of %(name)s (%(office)s) ends.")
    nameless = _("The mandate of the %(office)s ends.")
    return [
        (ends if one.person_id in names else nameless)
        % {"name": names.get(one.person_id), "office": office_names()[one.office]}
        for one in held
    ]


def without_treasurer(units: Sequence[int], on: dt.date) -> Mapping[int, dt.date]:
    """Return since when each unit has had no treasurer on a day: the last one's end, or its founding."""
    found = dict(Unit.objects.filter(pk__in=units).values_list("pk", "founded_on"))
    held = Mandate.objects.filter(unit__in=units, office="treasurer", recorded__upper_inf=True)
    for unit, valid in held.values_list("unit_id", "valid"):
        if valid.lower <= on and (valid.upper is None or valid.upper > on):
            found.pop(unit, None)
        elif unit in found and valid.upper is not None and valid.upper <= on:
            found[unit] = max(found[unit], valid.upper)
    return found
