"""From which number on something is proposed: data of each unit, for all below it."""

from django.db import transaction

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.structure import rules
from groundswell.structure.models import ProposalRule, Unit


@transaction.atomic
def set_proposal_rule(unit: Unit, *, what: str, number: int | None, actor: Actor) -> ProposalRule:
    """Let `what` be proposed from a number on for the unit and all below it; None: it is not proposed."""
    require(actor, "structure.change", unit)
    rules.check_proposal_rule(what, number)
    rule, _made = ProposalRule.objects.update_or_create(unit=unit, what=what, defaults={"number": number})
    record("structure.proposal_rule.set", actor=actor, subject=rule)
    return rule
