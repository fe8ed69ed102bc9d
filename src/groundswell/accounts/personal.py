"""What this room's tables hold of a person (`access.personal` says what the words mean)."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from groundswell.access import personal
from groundswell.access.personal import PersonalTable
from groundswell.accounts.words import office_names

ACCOUNT: Final = PersonalTable(
    table="accounts_account",
    title=_("Account"),
    purpose=_("Signing in"),
    basis=personal.MEMBERSHIP,
    kept=personal.WITH_THE_PERSON,
    erase="delete",
    merge="keep one",
    fields={
        "email": _("the e-mail to sign in with, in clear: it is needed before anybody is known"),
        "password": _("digest of the password"),
        "last_login": _("when she last signed in"),
        "is_active": _("whether the account may sign in"),
        "created_at": _("when it was made"),
    },
    withheld=("password",),
)
LINK: Final = PersonalTable(
    table="accounts_signinlink",
    title=_("Sign-in links"),
    person="account_id",
    via="accounts_account",
    purpose=_("Signing in without a password"),
    basis=personal.SECURITY,
    kept=_("a day, an invitation a week; they go when the next link is made"),
    erase="delete",
    merge="end",
    fields={
        "digest": _("digest of the link"),
        "expires_at": _("when it ends"),
        "used_at": _("when it was used"),
    },
    withheld=("digest",),
)
MANDATE: Final = PersonalTable(
    table="accounts_mandate",
    title=_("Offices"),
    purpose=_("Who held which office, and what rights went with it"),
    basis=personal.MEMBERSHIP,
    kept=personal.FIGURES_STAY,
    erase="pseudonym",
    merge="withdraw",
    fields={
        "unit_id": _("the unit in which the office is held"),
        "office": _("the office"),
        "given_by": _("the account that gave it, as a number"),
    },
    withheld=("given_by",),
    says={"office": office_names},
)
FACTOR: Final = PersonalTable(
    table="mfa_authenticator",
    title=_("Second factors"),
    person="user_id",
    via="accounts_account",
    purpose=_("Signing in with a second thing that only she holds"),
    basis=personal.SECURITY,
    kept=_("until she removes it"),
    erase="delete",
    merge="end",
    fields={
        "type": _("what it is: an authenticator app, a passkey, recovery codes"),
        "data": _("a sealed secret, or the public half of a passkey with the name she gave it"),
        "created_at": _("when it was made"),
        "last_used_at": _("when it was last used"),
    },
    withheld=("data",),
)
ADDRESS: Final = PersonalTable(
    table="account_emailaddress",
    title=_("Further addresses to sign in with"),
    person="user_id",
    via="accounts_account",
    purpose=_("None: the library that signs people in has this table, and here it stays empty"),
    basis=personal.SECURITY,
    kept=_("never"),
    erase="delete",
    merge="end",
    fields={
        "email": _("always empty"),
        "verified": _("always empty"),
        "primary": _("always empty"),
    },
)
TABLES: Final = (ACCOUNT, LINK, MANDATE, FACTOR, ADDRESS)
