"""What this room's tables hold of a person (`access.personal` says what the words mean)."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from groundswell.access import personal
from groundswell.access.personal import PersonalTable, Words
from groundswell.exchange import words
from groundswell.exchange.importing import sealing

# A row that nobody is written down for yet is nothing any more without what it holds.
_EMPTIED: Final = {
    "sealed": "null",
    "marks": "'{}'",
    "outcome": "case when outcome in ('waiting', 'doubtful', 'refused') then 'gone' else outcome end",
}

LINE: Final = PersonalTable(
    table="exchange_line",
    title=_("Rows of lists that were brought in"),
    purpose=_("Taking a list in once, showing what became of each row, and undoing it"),
    basis=personal.MEMBERSHIP,
    kept=_("the row itself for 30 days, then only that there was one"),
    erase="blank",
    merge="both",
    fields={
        "batch_id": _("the import"),
        "number": _("the number of the row"),
        "outcome": _("what became of it"),
        "foreseen": _("what would have become of it while it waited"),
        "why": _("why it was not taken in"),
        "made": _("which rows were written for it"),
        "sealed": _("the row as it was brought in, encrypted"),
        "marks": _("by what the row is found again, unreadable"),
    },
    withheld=("marks",),
    blanks={"person_id": "null", "made": "null"} | _EMPTIED,
    leaner=_EMPTIED,
    says={"outcome": words.outcomes, "foreseen": words.outcomes, "why": words.doubts},
    opens={"sealed": sealing.row_of},
)
TABLES: Final = (LINE,)
MENTIONS: Final[dict[str, Words]] = {
    "exchange_batch.account_id": _("the account that brought the list in"),
    "exchange_upload.account_id": _("the account that chose a file; both go within two days"),
    "exchange_release.asked_by": _("the account that asked to take a larger list out, part of its proof"),
    "exchange_release.decided_by": _("the account that agreed or refused, part of the same proof"),
}
