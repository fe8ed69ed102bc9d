"""Mandates go over from one record of a person to another: two records became one, or two again."""

import datetime as dt
from collections.abc import Sequence

from groundswell.access import scope
from groundswell.access.actor import Actor
from groundswell.access.trail import record
from groundswell.accounts import rules
from groundswell.accounts.actions.ending import supersede
from groundswell.accounts.actions.mandates import vouch
from groundswell.accounts.models import Mandate
from groundswell.accounts.rules import Tenure
from groundswell.kernel.periods import days, since


def carry_mandates(
    gone: Sequence[Tenure], instead: Sequence[Tenure], *, actor: Actor, at: dt.datetime
) -> None:
    """Believe mandates no longer and others in their place. In a transaction of the caller.

    Whoever calls has asked whether the actor may give what anybody gains by it; a data protection officer
    need not be above these offices, so it happens in the worker's scope. Refused where one of those that go
    is not believed as it was seen.
    """
    with scope.worker("offices go over to another record"):
        for tenure in gone:
            valid = days(tenure.start, tenure.end)
            held = (
                Mandate.objects.select_for_update(of=("self",))
                .filter(person=tenure.person, unit=tenure.unit, office=tenure.office, valid=valid)
                .filter(recorded__upper_inf=True)
                .order_by("pk")
                .first()
            )
            rules.check_carried(found=held is not None)
            if held is not None:
                supersede(held, at)
        for tenure in instead:
            valid = days(tenure.start, tenure.end)
            vouch(tenure.person, tenure.unit, tenure.office, valid, believed=True)
            mandate = Mandate.objects.create(
                person_id=tenure.person,
                unit_id=tenure.unit,
                office=tenure.office,
                valid=valid,
                recorded=since(at),
                given_by=tenure.given_by,
            )
            record("accounts.mandate.carried_over", actor=actor, subject=mandate)
