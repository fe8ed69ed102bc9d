"""From which number on something is proposed: data of each unit, for all below it."""

from collections.abc import Mapping

from django.db import transaction

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.kernel.meanwhile import reconciled
from groundswell.structure import proposals, rules
from groundswell.structure.actions.periods import lock_tree
from groundswell.structure.models import ProposalRule, Unit


@transaction.atomic
def set_proposal_rule(
    unit: Unit,
    *,
    what: str,
    number: int | None,
    actor: Actor,
    before: Mapping[str, int | None] | None = None,
) -> ProposalRule:
    """Let `what` be proposed from a number on for the unit and all below it; None: it is not proposed.

    `before` is what the one who sets it saw of all numbers.
    """
    require(actor, "structure.change", unit)
    rules.check_proposal_rule(what, number)
    lock_tree()
    number = reconciled(proposals.limits(unit), before=before, wanted={what: number})[what]
    rule, _made = ProposalRule.objects.update_or_create(unit=unit, what=what, defaults={"number": number})
    record("structure.proposal_rule.set", actor=actor, subject=rule)
    return rule
