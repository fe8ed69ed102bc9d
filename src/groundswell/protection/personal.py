"""What this room's tables hold of a person (`access.personal` says what the words mean)."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from groundswell.access import personal
from groundswell.access.personal import PersonalTable

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
)
TABLES: Final = (REQUEST,)
