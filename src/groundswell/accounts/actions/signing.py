"""Accounts are made, people sign in by password or by a link that works once, and sign out."""

import datetime as dt
import hashlib
import secrets
from typing import Final

from django.contrib import auth
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from groundswell.access import gate
from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.accounts import rules
from groundswell.accounts.models import Account, SignInLink
from groundswell.kernel.errors import Refusal
from groundswell.people.models import Person

LINK_HOURS: Final = 24
BACKEND: Final = "django.contrib.auth.backends.ModelBackend"


@transaction.atomic
def create_account(person: Person, *, email: str, actor: Actor, password: str | None = None) -> Account:
    """Make the account by which a person signs in; without a password she uses one-time links."""
    require(actor, "people.decide", person.unit)
    folded = rules.check_email(email)
    if Account.objects.filter(email=folded).exists():
        sentence = _("There already is an account for %(email)s.") % {"email": folded}
        raise Refusal(sentence, field="email", code="email-taken")
    hashed = make_password(password)
    is_active = True
    gate.vouch("accounts_account", folded, hashed, person.pk, is_active)
    account = Account.objects.create(email=folded, person=person, password=hashed, is_active=is_active)
    record("accounts.account.created", actor=actor, subject=account)
    return account


@transaction.atomic
def make_link(account: Account) -> str:
    """Return the token of a link that signs the account in once within a day. Machine time.

    Only its digest is kept, so nobody can read it back from the database.
    """
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    SignInLink.objects.filter(expires_at__lt=now).delete()
    SignInLink.objects.create(
        digest=_digest(token), account=account, expires_at=now + dt.timedelta(hours=LINK_HOURS)
    )
    return token


@transaction.atomic
def use_link(request: HttpRequest, *, token: str) -> Account:
    """Sign in by a link, once; raise Refusal when it is unknown, used or too old."""
    link = (
        SignInLink.objects.select_for_update(of=("self",))
        .select_related("account")
        .filter(digest=_digest(token), used_at=None, expires_at__gt=timezone.now(), account__is_active=True)
        .first()
    )
    if link is None:
        raise Refusal(
            _("This link has been used or is too old. Ask for a new one on the sign-in page."),
            code="link-spent",
        )
    SignInLink.objects.filter(pk=link.pk).update(used_at=timezone.now())
    auth.login(request, link.account, backend=BACKEND)
    record("accounts.signed_in.by_link", actor=None, subject=link.account)
    return link.account


def sign_in(request: HttpRequest, *, email: str, password: str) -> Account:
    """Sign in by password; raise one and the same Refusal whatever of the two was wrong."""
    account = None
    if rules.writable(email) and rules.writable(password):
        account = auth.authenticate(request, username=email.strip().casefold(), password=password)
    if not isinstance(account, Account):
        raise Refusal(
            _("E-mail and password do not belong together. Check both, or ask for a sign-in link."),
            field="password",
            code="sign-in",
        )
    auth.login(request, account, backend=BACKEND)
    record("accounts.signed_in.by_password", actor=None, subject=account)
    return account


def sign_out(request: HttpRequest) -> None:
    """End the session; its secret opens nothing from the next request on."""
    auth.logout(request)


def _digest(token: str) -> bytes:
    # A token from outside may be any text; what no token looks like has the digest of none.
    return hashlib.sha256(token.encode(errors="replace")).digest()
