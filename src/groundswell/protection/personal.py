"""What this room's tables hold of a person (`access.personal` says what the words mean)."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from groundswell.access import personal
from groundswell.access.personal import PersonalTable, Words
from groundswell.protection import words

REQUEST: Final = PersonalTable(
    table="protection_datarequest",
    title=_("What you asked about your data"),
    purpose=_("Answering within a month what a person asks about her data"),
    basis=personal.DUTY,
    kept=personal.WITH_THE_PERSON,
    erase="delete",
    merge="move",
    fields={
        "kind": _("a copy, a correction, or erasure"),
        "words": _("what you wrote with it"),
        "asked_at": _("when it was asked"),
        "asked_by": _("the account that asked"),
        "due_on": _("the day by which it is answered"),
        "decided_at": _("when it was decided"),
        "decided_by": _("the account that decided"),
        "decision": _("what was decided"),
        "reason": _("why"),
    },
    sealed=("words",),
    withheld=("asked_by", "decided_by"),
    says={"kind": words.asked, "decision": words.answers},
)
CONSENT: Final = PersonalTable(
    table="protection_consent",
    title=_("What you agreed to"),
    purpose=_("Doing only what a person agreed to, and proving that she did"),
    basis=personal.CONSENT,
    kept=personal.WITH_THE_PERSON,
    erase="delete",
    merge="move",
    fields={
        "purpose_id": _("what you agreed to"),
        "text_id": _("the words you agreed to"),
        "given_at": _("when you agreed"),
        "how": _("how"),
        "given_by": _("the account that wrote it down"),
        "withdrawn_at": _("when you withdrew it"),
        "withdrawn_by": _("the account that wrote the withdrawal down"),
    },
    withheld=("given_by", "withdrawn_by"),
    leaner={},
)
DRAWN: Final = PersonalTable(
    table="protection_drawn",
    title=_("Samples you were drawn in"),
    purpose=_("An auditor reads some records, drawn by lot, and not all"),
    basis=personal.DUTY,
    kept=personal.WITH_THE_PERSON,
    erase="delete",
    merge="move",
    fields={
        "sample_id": _("the sample"),
        "place": _("your place in the draw"),
    },
)
TABLES: Final = (REQUEST, CONSENT, DRAWN)
MENTIONS: Final[dict[str, Words]] = {
    "protection_sample.account_id": _("the account that drew a sample; it leads to nobody once it is gone"),
    "protection_breach.opened_by": _(
        "the account that wrote a breach down; it leads to nobody once it is gone"
    ),
    "protection_breach.accounts": _(
        "the accounts through which a breach happened, as numbers; they lead to nobody once they are gone"
    ),
    "protection_breachstep.done_by": _("the account that ticked a step; it leads to nobody once it is gone"),
}
