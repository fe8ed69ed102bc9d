"""What this room tells the pages of units: whose mandates end with a unit, and who keeps no books."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.access.actor import Actor
from groundswell.accounts import queries
from groundswell.accounts.models import Mandate
from groundswell.accounts.words import office_names
from groundswell.structure.actions import Deed
from groundswell.structure.models import Unit


def mandates_affected(actor: Actor, deed: Deed) -> Sequence[str]:
    """Return for a preview which mandates of the unit end, those to come among them, or how many stay.

    A founding touches none.
    """
    del actor  # row security has said already whose mandates she sees
    if deed.what == "founded":
        return []
    ends = deed.what in {"merged", "dissolved"}
    goes_on = Q(valid__upper_inf=True) | Q(valid__endswith__gt=deed.day)
    held = list(
        Mandate.objects.filter(unit=deed.unit, recorded__upper_inf=True)
        .filter(goes_on if ends else Q(valid__contains=deed.day))
        .order_by("office", "pk")
        .only("office")
    )
    if not ends:
        if not held:
            return []
        stay = ngettext("%(count)d mandate in it stays.", "%(count)d mandates in it stay.", len(held))
        return [stay % {"count": len(held)}]
    called = queries.called_by_mandate([one.pk for one in held])
    named = _("The mandate of %(name)s (%(office)s) ends.")
    nameless = _("The mandate of the %(office)s ends.")
    return [
        (named if one.pk in called else nameless)
        % {"name": called.get(one.pk), "office": office_names()[one.office]}
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
