"""A section says by which rules it goes: transfers, lapsing, how long people are kept."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.kernel.meanwhile import reconciled
from groundswell.people import queries, rules
from groundswell.people.models import SectionRule
from groundswell.structure.models import Unit

RULED: Final = ("transfer_days", "lapse_months", "contact_months", "former_years")


@transaction.atomic
def set_section_rules(
    section: Unit, *, wanted: Mapping[str, int | None], before: Mapping[str, Any] | None, actor: Actor
) -> SectionRule:
    """Let a section, or a unit that is in none, go by these rules from now on.

    `wanted` says all of `RULED`: days, months (None: nobody lapses), months, years. `before` is what the one
    who sets them saw.
    """
    require(actor, "people.decide", section)
    said = {name: rules.check_ruled(name, wanted[name]) for name in RULED}
    Unit.objects.select_for_update(of=("self",)).get(pk=section.pk)
    stands = queries.section_rule(section)
    kept = reconciled({name: getattr(stands, name) for name in RULED}, before=before, wanted=said)
    rule, _made = SectionRule.objects.update_or_create(pk=section.pk, defaults=kept)
    record("people.section.ruled", actor=actor, subject=rule)
    return rule
