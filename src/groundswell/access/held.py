"""What this room's own tables hold of a person (`personal.py` says what the words mean)."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from groundswell.access import personal
from groundswell.access.personal import PersonalTable, Words

TABLES: Final = (
    PersonalTable(
        table="access_session",
        title=_("Sessions"),
        person="account_id",
        via="accounts_account",
        purpose=_("Staying signed in"),
        basis=personal.SECURITY,
        kept=_("until a week after they end, at most twelve hours after signing in"),
        erase="delete",
        merge="end",
        fields={
            "digest": _("digest of the secret in the browser"),
            "kind": _("visitor or person"),
            "data": _("what Django remembers of the session, signed"),
            "created_at": _("when it was opened"),
            "expires_at": _("when it ends by itself"),
            "ended_at": _("when it was ended"),
            "device": _("browser and system, in two words"),
            "seen_at": _("in which hour it was last used"),
        },
        withheld=("digest", "data"),
        opens={"device": lambda row: ", ".join(filter(None, row["device"].split("|")))},
    ),
    PersonalTable(
        table="access_reading",
        title=_("Who opened the record"),
        purpose=_("Telling a person who read her record, when and for what"),
        basis=personal.SECURITY,
        kept=_("24 months"),
        erase="delete",
        merge="move",
        fields={
            "account_id": _("the account that read"),
            "office": _("the office by which it read"),
            "office_unit_id": _("the unit of that office"),
            "what": _("what was opened: the record, a list, an export"),
            "purpose": _("the purpose that was given"),
            "at": _("when, by the machine's clock"),
        },
        withheld=("account_id",),
    ),
    PersonalTable(
        table="access_trailpayload",
        title=_("Trail of changes"),
        purpose=_("Proving who changed what"),
        basis=personal.SECURITY,
        kept=_("as long as the person is kept; the entry without its content stays"),
        erase="blank",
        merge="both",
        fields={
            "trail_id": _("the entry of the trail"),
            "salt": _("what hides the content's digest"),
            "old": _("the row before the change"),
            "new": _("the row after the change"),
        },
        withheld=("salt",),
        blanks={"person_id": "null", "salt": "null", "old": "null", "new": "null"},
    ),
    PersonalTable(
        table="keys.personkey",
        title=_("Key of the person"),
        purpose=_("Reading her encrypted details"),
        basis=personal.SECURITY,
        kept=personal.WITH_THE_PERSON,
        erase="delete",
        merge="both",
        fields={"wrapped": _("the key, itself encrypted"), "made_at": _("when it was made")},
        export=False,
    ),
)
MENTIONS: Final[dict[str, Words]] = {
    "access_trail.account_id": _(
        "who acted, as a number; it leads to nobody once the account is gone, and cannot be changed"
    ),
}
