"""Somebody says of two records that they are one person, or two."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.duplicates import rules
from groundswell.duplicates.models import VERDICTS, Likeness
from groundswell.kernel.errors import Refusal
from groundswell.people.models import Person


@transaction.atomic
def put_side_by_side(one: Person, other: Person, *, actor: Actor, at: dt.datetime) -> Likeness:
    """Hold two records against each other; a pair that is known already comes back to those who judge."""
    require(actor, "people.erase.ask", one.unit)
    require(actor, "people.erase.ask", other.unit)
    rules.check_two(one.pk, other.pk)
    first, second = sorted((one, other), key=lambda person: person.pk)
    pair, made = Likeness.objects.get_or_create(
        person=first,
        other=second,
        defaults={
            "unit_id": first.unit_id,
            "other_unit_id": second.unit_id,
            "origin": "hand",
            "found_at": at,
        },
    )
    if made:
        record("duplicates.likeness.put", actor=actor, subject=pair)
    return pair


@transaction.atomic
def judge(likeness: Likeness, verdict: str, *, actor: Actor, at: dt.datetime) -> None:
    """Propose that two are one (`proposed`), or say that they are two (`different`)."""
    require(actor, "people.erase.ask", likeness.unit)
    require(actor, "people.erase.ask", likeness.other_unit)
    if verdict not in VERDICTS:
        raise Refusal(_("Say whether they are one person or two."), field="verdict", code="no-verdict")
    Likeness.objects.filter(pk=likeness.pk).update(
        verdict=verdict, decided_at=at, decided_by=actor.account_id
    )
    record(f"duplicates.likeness.{verdict}", actor=actor, subject=likeness)
