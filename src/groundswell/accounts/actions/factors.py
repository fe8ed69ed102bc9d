"""Second factors: which offices demand one, one that goes, all that are lost, one handed over."""

from collections.abc import Collection

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest

from groundswell.access import gate, sessions
from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.accounts import queries, rules
from groundswell.accounts.actions.sessions import end_other_sessions
from groundswell.accounts.models import Account
from groundswell.accounts.words import office_names
from groundswell.kernel.meanwhile import reconciled
from groundswell.structure.models import Unit
from groundswell.structure.queries import root


@transaction.atomic
def demand_factors(
    offices: Collection[str], *, actor: Actor, seen: Collection[str] | None = None
) -> list[str]:
    """Let just these offices demand a second factor; return those that did not before.

    For whoever gives the offices of the top unit, and for whoever runs the server. `seen` are those that
    demanded one when the page was opened.
    """
    top = None if actor.operator else root()  # the demo's choose before there is a unit
    require(actor, "accounts.mandate", top)
    for office in offices:
        rules.check_office(office)
    if top is not None:
        Unit.objects.select_for_update(of=("self",)).get(pk=top.pk)
    before, chosen = queries.demanded(), sorted(set(offices))
    if seen is not None:
        said = reconciled(
            {"offices": _named(before)}, before={"offices": _named(seen)}, wanted={"offices": _named(chosen)}
        )
        if said["offices"] == _named(before):
            return []
    gate.vouch("accounts_factordemand", ",".join(chosen))
    with connection.cursor() as cursor:
        cursor.execute("select accounts_demand_factors(%s)", [chosen])
    record("accounts.factors.demanded", actor=actor, subject=top, offices=chosen)
    return [office for office in chosen if office not in before]


def _named(offices: Collection[str]) -> list[str]:
    """Return what offices are called, so that a refusal speaks of them in the reader's language."""
    return [name for office, name in office_names().items() if office in offices]


@transaction.atomic
def give_authenticator_app(account: Account, *, secret: str, actor: Actor) -> None:
    """Give an account an authenticator app with a secret (base 32). For whoever runs the server."""
    require(actor, "people.load", None)
    TOTP.activate(account, secret)


def may_go(factor: Authenticator) -> None:
    """Refuse to remove the last second factor that her office demands, or the last thing that signs her in.

    Her account is locked until the transaction ends: two windows do not remove one each.
    """
    account = Account.objects.select_for_update().get(pk=factor.user_id)
    demanded = queries.office_demands_of(account)
    rules.check_factor_may_go(demanded=demanded, others=queries.other_factors(factor))
    if factor.type == Authenticator.Type.WEBAUTHN:
        comes_back = queries.comes_back(account, without=factor.pk)
        rules.check_way_back(comes_back=comes_back, mail=rules.mail_is_set_up(settings.EMAIL_BACKEND))


def put_app_aside(account: Account) -> None:
    """Let the authenticator app go that another one, which has shown its code, takes the place of."""
    Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).delete()


def end_sessions_without_factor(account: Account, *, actor: Actor) -> int:
    """End her other sessions once her first second factor is there: they were opened without it; how many."""
    held = Authenticator.objects.filter(user=account).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return end_other_sessions(actor=actor) if held.count() == 1 else 0


def showed_herself(request: HttpRequest, *, method: str) -> None:
    """Note that whoever set something up to sign in with has just shown by it that it is she."""
    record_authentication(request, request.user, method=method, reauthenticated=True)


@transaction.atomic
def take_factors(account: Account, *, actor: Actor) -> int:
    """Take all second factors of an account away and end its sessions; return how many there were.

    For whoever runs the server, when they are lost; it stands in the trail.
    """
    require(actor, "people.load", None)
    taken = Authenticator.objects.filter(user=account)
    count: int = taken.exclude(type=Authenticator.Type.RECOVERY_CODES).count()
    taken.delete()
    sessions.end_all_of(account.pk)
    record("accounts.factors.taken", actor=actor, subject=account.person or account, count=count)
    return count
