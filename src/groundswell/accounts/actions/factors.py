"""Second factors: which offices demand one, and one handed over with an account."""

from collections.abc import Collection

from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.accounts import rules
from groundswell.accounts.models import Account, FactorDemand


@transaction.atomic
def demand_factors(offices: Collection[str], *, actor: Actor) -> None:
    """Let just these offices demand a second factor. For whoever runs the server."""
    require(actor, "people.load", None)
    for office in offices:
        rules.check_office(office)
    FactorDemand.objects.exclude(office__in=offices).delete()
    there = set(FactorDemand.objects.values_list("office", flat=True))
    FactorDemand.objects.bulk_create(FactorDemand(office=one) for one in sorted(set(offices) - there))
    record("accounts.factors.demanded", actor=actor, subject=None, offices=sorted(offices))


@transaction.atomic
def give_authenticator_app(account: Account, *, secret: str, actor: Actor) -> None:
    """Give an account an authenticator app with a secret (base 32). For whoever runs the server."""
    require(actor, "people.load", None)
    TOTP.activate(account, secret)
