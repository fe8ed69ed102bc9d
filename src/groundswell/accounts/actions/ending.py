"""Mandates end with their unit, and hold again when its end is undone."""

import datetime as dt

from django.db import models

from groundswell.access.actor import Actor
from groundswell.access.trail import record
from groundswell.accounts.actions.mandates import _vouch as vouch
from groundswell.accounts.models import Mandate
from groundswell.kernel.periods import days, since
from groundswell.kernel.periods import until as closed
from groundswell.structure.models import Change


def end_with_unit(change: Change, actor: Actor) -> None:
    """End the mandates of a unit that was merged or dissolved, on the day it ended."""
    for mandate in Mandate.objects.filter(unit=change.unit, recorded__upper_inf=True):
        upper = mandate.valid.upper
        if upper is not None and upper <= change.day:
            continue
        _supersede(mandate, change.recorded_at)
        if mandate.valid.lower < change.day:
            _believe(mandate, days(mandate.valid.lower, change.day), change.recorded_at)
        record("accounts.mandate.ended_with_unit", actor=actor, subject=mandate)


def hold_again(change: Change, actor: Actor, at: dt.datetime) -> None:
    """Let the mandates that ended with a unit hold as before, when its end is undone."""
    if change.what not in {"merged", "dissolved"}:
        return
    mandates = Mandate.objects.filter(unit=change.unit)
    cut = mandates.filter(recorded__startswith=change.recorded_at, recorded__upper_inf=True)
    whole = mandates.filter(recorded__endswith=change.recorded_at)
    for short in [one for one in cut if one.valid.upper == change.day]:
        _supersede(short, at)
    for ended in whole.exclude(recorded__startswith=change.recorded_at):
        _believe(ended, ended.valid, at)
        record("accounts.mandate.holds_again", actor=actor, subject=ended)


def _supersede(mandate: Mandate, at: dt.datetime) -> None:
    stamp = models.Func(function="org_stamp", output_field=models.BigIntegerField())
    vouch(mandate.person_id, mandate.unit_id, mandate.office, mandate.valid, believed=False)
    Mandate.objects.filter(pk=mandate.pk).update(
        recorded=closed(mandate.recorded, at), superseded_stamp=stamp
    )


def _believe(mandate: Mandate, valid: object, at: dt.datetime) -> None:
    vouch(mandate.person_id, mandate.unit_id, mandate.office, valid, believed=True)
    Mandate.objects.create(
        person_id=mandate.person_id,
        unit_id=mandate.unit_id,
        office=mandate.office,
        valid=valid,
        recorded=since(at),
        given_by=mandate.given_by,
    )
