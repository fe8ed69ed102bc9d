"""Accounts are made, people sign in by password or by a link that works once, and sign out."""

import datetime as dt
import hashlib
import secrets
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from groundswell.access import gate, sessions
from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.accounts import queries, rules
from groundswell.accounts.models import Account, SignInLink
from groundswell.kernel.errors import Refusal
from groundswell.people.models import Person

LINK_HOURS: Final = 24


@transaction.atomic
def create_account(person: Person, *, email: str, actor: Actor, password: str | None = None) -> Account:
    """Make the account by which a person signs in; without a password she uses one-time links."""
    require(actor, "people.decide", person.unit)
    folded = rules.check_email(email)
    rules.check_free(folded, taken=queries.is_taken(folded))
    hashed = make_password(password)
    is_active = True
    gate.vouch("accounts_account", folded, hashed, person.pk, is_active)
    account = Account.objects.create(email=folded, person=person, password=hashed, is_active=is_active)
    record("accounts.account.created", actor=actor, subject=account)
    return account


@transaction.atomic
def make_link(account: Account, *, hours: int = LINK_HOURS) -> str:
    """Return the token of a link that signs the account in once within a day, or so many hours. Machine time.

    Only its digest is kept, so nobody can read it back from the database.
    """
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    SignInLink.objects.filter(expires_at__lt=now).delete()
    ends = (now + dt.timedelta(hours=hours)).replace(microsecond=0)
    gate.vouch("accounts_signinlink", _digest(token).hex(), account.pk, f"{ends:%Y-%m-%d %H:%M:%S}+00")
    SignInLink.objects.create(digest=_digest(token), account=account, expires_at=ends)
    return token


def count_asking(request: HttpRequest, *, email: str) -> None:
    """Count that a mail by which one signs in is asked for; a Refusal when it is asked for too often.

    Links and codes are counted together, for each address and each network, whether it exists or not.
    """
    if not ratelimit.consume(request, action="request_login_code", key=email.lower()):
        sentence = _("Too many attempts. Wait five minutes, then try again.")
        raise Refusal(sentence, field="email", code="too-many")


@transaction.atomic
def use_link(request: HttpRequest, *, token: str, first_page: str = "", next_page: str = "") -> HttpResponse:
    """Sign in by a link, once; raise Refusal when it is unknown, used or too old.

    Returns where to go on: to the second factor, if she has one, to `first_page` when she signs in for the
    first time, to `next_page`, or into the house.
    """
    link = (
        SignInLink.objects.select_for_update(of=("self",))
        .select_related("account")
        .filter(digest=_digest(token), used_at=None, expires_at__gt=timezone.now(), account__is_active=True)
        .first()
    )
    if link is None:
        raise Refusal(
            _("This link has been used, is too old, or did not come whole."),
            code="link-spent",
        )
    SignInLink.objects.filter(pk=link.pk).update(used_at=timezone.now())
    return _go_on(request, link.account, "link", next_page if link.account.last_login else first_page)


def sign_in(request: HttpRequest, *, email: str, password: str, next_page: str = "") -> HttpResponse:
    """Sign in by password; raise one and the same Refusal whatever of the two was wrong.

    Returns where to go on: to the second factor, if she has one, or to `next_page`. Attempts are counted
    for each address and each network; too many are a Refusal of their own, whether it exists or not.
    """
    account = None
    if rules.writable(email) and rules.writable(password):
        folded = email.strip().casefold()[: rules.LONGEST_EMAIL]
        try:
            account = get_adapter(request).authenticate(request, email=folded, password=password)
        except ValidationError as problem:
            raise Refusal(" ".join(problem.messages), code="too-many") from problem
    if not isinstance(account, Account):
        sentence = _("E-mail and password do not belong together. Check both, or ask for a sign-in link.")
        if not rules.mail_is_set_up(settings.EMAIL_BACKEND):
            sentence = _(
                "E-mail and password do not belong together. Check both, or ask whoever runs this"
                " installation for a sign-in link."
            )
        raise Refusal(sentence, field="password", code="sign-in")
    if identify_hasher(account.password).must_update(account.password):
        _write_password(account, password)
    return _go_on(request, account, "password", next_page)


def signed_in(request: HttpRequest, user: Account, **_more: Any) -> None:
    """Record that somebody has signed in, after her second factor if she has one, and by what she began.

    For allauth's signal `user_logged_in`.
    """
    records = get_authentication_records(request, user)
    first: dict[str, Any] = next((one for one in records if not one.get("reauthenticated")), {})
    how = "passkey" if first.get("passwordless") else str(first.get("method", "password"))
    record(f"accounts.signed_in.by_{how}", actor=None, subject=user)


@transaction.atomic
def set_password(account: Account, *, password: str) -> None:
    """Give an account a password that nobody guesses; its other sessions end with the old one."""
    try:
        validate_password(password, account)
    except ValidationError as problem:
        raise Refusal(" ".join(problem.messages), field="password", code="weak-password") from problem
    _write_password(account, password)
    sessions.end_others()
    record("accounts.password.set", actor=None, subject=account)


@transaction.atomic
def _write_password(account: Account, password: str) -> None:
    account.set_password(password)
    gate.vouch("accounts_account", account.email, account.password, account.person_id, account.is_active)
    Account.objects.filter(pk=account.pk).update(password=account.password)


def _go_on(request: HttpRequest, account: Account, how: str, next_page: str = "") -> HttpResponse:
    record_authentication(request, account, method=how)
    response: HttpResponse = perform_login(request, account, redirect_url=next_page or None)
    return response


def sign_out(request: HttpRequest) -> None:
    """End the session; its secret opens nothing from the next request on."""
    auth.logout(request)


def _digest(token: str) -> bytes:
    # A token from outside may be any text; what no token looks like has the digest of none.
    return hashlib.sha256(token.encode(errors="replace")).digest()
