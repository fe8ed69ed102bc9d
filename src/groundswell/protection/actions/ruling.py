"""A section says how old somebody must be."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.kernel.errors import Refusal
from groundswell.kernel.meanwhile import reconciled
from groundswell.people.rules import check_line
from groundswell.protection import queries, rules
from groundswell.protection.models import MinimumAge
from groundswell.structure.models import Unit
from groundswell.structure.rules import check_seat


@transaction.atomic
def set_age(
    unit: Unit,
    *,
    country: str,
    purpose: str,
    years: int | None,
    actor: Actor,
    at: dt.datetime,
    source: str = "",
    before: Mapping[str, int | None] | None = None,
) -> MinimumAge:
    """Let a section go by an age of its own in a country, for one purpose.

    `before` is the age of its own that whoever sets it saw there, as `years`.
    """
    require(actor, "protection.rules", unit)
    if queries.asking_unit(unit).pk != unit.pk:
        raise Refusal(
            _("The ages are those of the section, for all that lies in it."), code="not-the-section"
        )
    if purpose not in rules.AGES:
        raise Refusal(_("Choose what the age is for."), field="purpose", code="no-purpose")
    check_seat(country, "", None, None)
    set_before = MinimumAge.objects.select_for_update(of=("self",))
    there = set_before.filter(unit=unit, country=country, purpose=purpose).first()
    stands = {"years": there.years if there else None}
    said = {
        "years": reconciled(stands, before=before, wanted={"years": rules.check_years(years)})["years"],
        "source": check_line(source, field="source", most=rules.LONGEST_REASON),
        "set_at": at,
    }
    age, _made = MinimumAge.objects.update_or_create(
        unit=unit, country=country, purpose=purpose, defaults=said
    )
    record("protection.age.set", actor=actor, subject=age)
    return age
