"""She signs in with another e-mail: once it is shown to be hers, where mail is sent."""

from typing import Final

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from groundswell.access import gate, sessions
from groundswell.access.trail import record
from groundswell.accounts import queries, rules
from groundswell.accounts.actions.signing import LINK_HOURS
from groundswell.accounts.models import Account, SignInLink
from groundswell.kernel.errors import Refusal

_PLACE: Final = "accounts.addressing"


def name_email(account: Account, *, email: str) -> tuple[str, str]:
    """Return another e-mail, folded, and the token that goes there to show that mail to it arrives.

    Nothing is kept: it says of itself which account it is for, and by which e-mail that signs in until then.
    """
    folded = rules.check_other_email(email, before=account.email)
    return folded, signing.dumps([account.pk, account.email, folded], salt=_PLACE)


def shown_email(account: Account, *, token: str) -> str:
    """Return the e-mail that a token shows to be hers; a Refusal where it is not hers, used or too old."""
    try:
        number, before, email = signing.loads(token, salt=_PLACE, max_age=LINK_HOURS * 3600)
    except signing.BadSignature:
        number, before, email = 0, "", ""
    if (number, before) != (account.pk, account.email):
        raise Refusal(
            _("This link has been used, is too old, or is of another account than the one signed in here."),
            code="link-spent",
        )
    return str(email)


@transaction.atomic
def change_email(account: Account, *, email: str) -> None:
    """Let an account sign in by another e-mail; links sent to the old one, and other sessions, end."""
    folded = rules.check_other_email(email, before=account.email)
    rules.check_free(folded, taken=queries.is_taken(folded))
    gate.vouch("accounts_account", folded, account.password, account.person_id, account.is_active)
    Account.objects.filter(pk=account.pk).update(email=folded)
    SignInLink.objects.filter(account=account, used_at=None).delete()
    sessions.end_others()
    record("accounts.email.changed", actor=None, subject=account.person or account)
