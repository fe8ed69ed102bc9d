"""A branch invites a member to an account; an invitation is a link that works once, within a week."""

import contextlib
from collections.abc import Iterator
from typing import Final

from allauth.core.internal import ratelimit
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.accounts import queries, rules
from groundswell.accounts.actions.signing import create_account, make_link
from groundswell.accounts.models import Account, SignInLink
from groundswell.kernel.errors import Refusal
from groundswell.people.models import Person

DAYS = 7
# So many answers that an e-mail is somebody's already are given to one account in a day.
MOST_TAKEN: Final = "10/d/user"


@transaction.atomic
def invite(person: Person, *, email: str, actor: Actor) -> tuple[Account, str]:
    """Return the account a member is invited to, and the token of the link; an earlier invitation ends.

    Refused when she signs in already, or when somebody else does with this e-mail; and of whoever holds an
    office that the actor may not give, for she names who signs in with it (decision 0870).
    """
    require(actor, "people.decide", person.unit)
    account = queries.account_of_person(person)
    mail = rules.mail_is_set_up(settings.EMAIL_BACKEND)
    rules.check_invitation(signs_in=account is not None and account.last_login is not None, mail=mail)
    anew = account is not None and account.email == rules.check_email(email)
    if not (anew and mail):
        held = queries.offices_not_over(person.pk)
        rules.check_hers_to_give(actor, [(one.office, one.unit) for one in held], to_person=person.pk)
    if account is not None and not anew:
        _forget(account)
        account = None
    if account is None:
        account = create_account(person, email=email, actor=actor)
    SignInLink.objects.filter(account=account, used_at=None).delete()
    token = make_link(account, hours=DAYS * 24)
    record("accounts.invitation.made", actor=actor, subject=person)
    return account, token


@contextlib.contextmanager
def counting_taken(request: HttpRequest) -> Iterator[None]:
    """Count an e-mail that is refused as somebody's already, which tells that it is (decision 0826).

    Whoever has named too many of these is refused any other today. Machine time.
    """
    if not _within_limit(request, dry_run=True):
        sentence = _("Too many e-mails that you named today belong to accounts already. Go on tomorrow.")
        raise Refusal(sentence, field="email", code="too-many")
    try:
        yield
    except Refusal as refusal:
        if refusal.code == "email-taken":
            _within_limit(request, dry_run=False)
        raise


def _within_limit(request: HttpRequest, *, dry_run: bool) -> bool:
    used = ratelimit.consume(
        request, app="groundswell", action="taken", config={"taken": MOST_TAKEN}, dry_run=dry_run
    )
    return used is not None


@transaction.atomic
def call_off(person: Person, *, actor: Actor) -> None:
    """Call an invitation off: its link opens nothing any more, and the account it was to is gone."""
    require(actor, "people.decide", person.unit)
    account = queries.account_of_person(person)
    rules.check_calling_off(invited=account is not None and account.last_login is None)
    if account is not None:
        record("accounts.invitation.called_off", actor=actor, subject=person)
        _forget(account)


def _forget(account: Account) -> None:
    # Nobody has ever signed in to it: nothing hangs on it but its links.
    SignInLink.objects.filter(account=account).delete()
    Account.objects.filter(pk=account.pk, last_login=None).delete()
