"""Second factors: which offices demand one, and one handed over with an account."""

from collections.abc import Collection

from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection, transaction

from groundswell.access import gate
from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.accounts import queries, rules
from groundswell.accounts.models import Account
from groundswell.structure.queries import root


@transaction.atomic
def demand_factors(offices: Collection[str], *, actor: Actor) -> list[str]:
    """Let just these offices demand a second factor; return those that did not before.

    For whoever gives the offices of the top unit, and for whoever runs the server.
    """
    top = None if actor.operator else root()  # the demo's choose before there is a unit
    require(actor, "accounts.mandate", top)
    for office in offices:
        rules.check_office(office)
    before, chosen = queries.demanded(), sorted(set(offices))
    gate.vouch("accounts_factordemand", ",".join(chosen))
    with connection.cursor() as cursor:
        cursor.execute("select accounts_demand_factors(%s)", [chosen])
    record("accounts.factors.demanded", actor=actor, subject=top, offices=chosen)
    return [office for office in chosen if office not in before]


@transaction.atomic
def give_authenticator_app(account: Account, *, secret: str, actor: Actor) -> None:
    """Give an account an authenticator app with a secret (base 32). For whoever runs the server."""
    require(actor, "people.load", None)
    TOTP.activate(account, secret)
