"""What data protection decides by: pure, with the day given."""

from typing import Final

from django.utils.translation import gettext as _

from groundswell.kernel.errors import Refusal

# For so long a backup gives back what was erased since (`ground.backup`): keys, and names with days.
KEY_BACKUP_DAYS: Final = 7
BACKUP_DAYS: Final = 35
LONGEST_WORDS: Final = 2_000
MONTHS_TO_ANSWER: Final = 1
# So long beforehand the officer sees what the clocks will do.
DAYS_AHEAD: Final = 30


def check_not_held(reasons: list[str]) -> None:
    """Refuse to erase a person whom a legal hold keeps."""
    if reasons:
        sentence = _("She is kept for now (%(why)s). Lift the hold first.")
        raise Refusal(sentence % {"why": "; ".join(reasons)}, code="held")


def check_holds_no_office(*, offices: int, may_end: bool) -> None:
    """Refuse to erase whoever holds an office that the actor cannot end."""
    if offices and not may_end:
        raise Refusal(_("She holds an office. Her secretary ends it first."), code="holds-an-office")
