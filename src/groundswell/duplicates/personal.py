"""What this room's tables hold of a person (`access.personal` says what the words mean)."""

import json
from typing import Final

from django.utils.translation import gettext_lazy as _

from groundswell.access import personal
from groundswell.access.personal import PersonalTable, Words
from groundswell.duplicates import queries, words

LIKENESS: Final = PersonalTable(
    table="duplicates_likeness",
    title=_("Records that look like yours"),
    purpose=_("Not writing one person down twice"),
    basis=personal.MEMBERSHIP,
    kept=personal.WITH_THE_PERSON,
    erase="delete",
    merge="nothing",
    fields={
        "other_id": _("the other record, as a number"),
        "other_unit_id": _("the unit of the other record"),
        "score": _("how alike they are"),
        "origin": _("how it was found"),
        "found_at": _("when"),
        "verdict": _("what somebody said of it"),
        "decided_at": _("when it was said"),
        "decided_by": _("the account that said it"),
    },
    withheld=("other_id", "other_unit_id", "decided_by"),
    leaner={},
    says={"origin": words.origins, "verdict": words.verdicts},
    besides=queries.held_of_other,
    changes_besides=queries.changes_of_other,
)
MERGE: Final = PersonalTable(
    table="duplicates_merge",
    title=_("Records that became one with yours"),
    purpose=_("Undoing a merge that was wrong"),
    basis=personal.MEMBERSHIP,
    kept=_("what undoing needs for 30 days, then only that it was merged"),
    erase="delete",
    merge="move",
    fields={
        "goes": _("the number the other record had"),
        "kept": _("the other record as it was with its sign-in, encrypted"),
        "at": _("when"),
        "account_id": _("the account that merged"),
        "undone_at": _("when it was undone"),
    },
    sealed=("kept",),
    withheld=("account_id",),
    leaner={},
    # The sign-in that ended lies sealed within, for nobody to read.
    opens={"kept": lambda row: {k: v for k, v in json.loads(row["kept"]).items() if k != "sign_in"}},
)
TABLES: Final = (LIKENESS, MERGE)
MENTIONS: Final[dict[str, Words]] = {
    "access_merged.stays": _("the number to which a merged number leads"),
    "access_merged.goes": _("a number that leads to another since two records became one"),
}
