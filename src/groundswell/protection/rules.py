"""What data protection decides by: pure, with the day given."""

import datetime as dt
from collections.abc import Collection
from typing import Final

from django.utils.translation import gettext as _

from groundswell.kernel.errors import Refusal
from groundswell.kernel.periods import sensible_day

# For so long a backup gives back what was erased since (`ground.backup`): keys, and names with days.
KEY_BACKUP_DAYS: Final = 7
BACKUP_DAYS: Final = 35
LONGEST_WORDS: Final = 2_000
MONTHS_TO_ANSWER: Final = 1
# So long beforehand the officer sees what the clocks will do.
DAYS_AHEAD: Final = 30
# What a minimum age is asked for: writing somebody down by hand; her own consent (GDPR art. 8).
ENTRY, CONSENT = "entry", "consent"
AGES: Final = (ENTRY, CONSENT)
YOUNGEST_MINIMUM, OLDEST_MINIMUM = 10, 21
# Where no country is known, or nobody said anything of it (GDPR art. 8(1)).
DEFAULT_AGE: Final = 16
LONGEST_LABEL: Final = 80
LONGEST_TEXT: Final = 4_000
# What is done about a breach, in this order as a rule; the last closes it.
STEPS: Final = ("contain", "assess", "authority", "persons", "close")
# The authority is notified within 72 hours after it was found out (GDPR art. 33(1)).
HOURS_TO_NOTIFY: Final = 72
LONGEST_REASON: Final = 200
# How many records an auditor reads in a sample, and in all samples that are open at the same time.
USUAL_SAMPLE: Final = 30
MOST_DRAWN: Final = 200
DAYS_TO_READ: Final = 30


def check_not_held(reasons: list[str]) -> None:
    """Refuse to erase a person whom a legal hold keeps."""
    if reasons:
        sentence = _("She is kept for now (%(why)s). Lift the hold first.")
        raise Refusal(sentence % {"why": "; ".join(reasons)}, code="held")


def check_holds_no_office(*, offices: int, may_end: bool) -> None:
    """Refuse to erase whoever holds an office that the actor cannot end."""
    if offices and not may_end:
        raise Refusal(_("She holds an office. Her secretary ends it first."), code="holds-an-office")


def check_old_enough(*, minor: bool, said: bool, years: int) -> None:
    """Refuse the consent of somebody under 18 of whom nobody says that she has the years it needs."""
    if minor and not said:
        sentence = _("She is under 18: agreeing by herself needs %(years)d years. Say that she has them.")
        raise Refusal(sentence % {"years": years}, field="old_enough", code="too-young")


def check_years(years: int | None) -> int:
    """Return a minimum age; refuse one that no law knows."""
    if years is None or not YOUNGEST_MINIMUM <= years <= OLDEST_MINIMUM:
        sentence = _("A minimum age lies between %(least)d and %(most)d years.")
        words = {"least": YOUNGEST_MINIMUM, "most": OLDEST_MINIMUM}
        raise Refusal(sentence % words, field="years", code="bad-age")
    return years


def check_moments(
    *, found: dt.datetime, since: dt.datetime, until: dt.datetime | None, now: dt.datetime
) -> None:
    """Refuse a breach that was found out before it can have been, or ended before it began."""
    if found > now:
        raise Refusal(_("This moment has not come yet."), field="found_at", code="not-yet")
    if since > found:
        sentence = _("It was found out before the data could be read.")
        raise Refusal(sentence, field="readable_from", code="found-before")
    if until is not None and until < since:
        raise Refusal(_("This ends before it begins."), field="readable_until", code="ends-before")


def notify_by(found: dt.datetime) -> dt.datetime:
    """Return by when the authority is notified of a breach."""
    return found + dt.timedelta(hours=HOURS_TO_NOTIFY)


def check_step(step: str, *, done: Collection[str], needed: bool, words: str) -> None:
    """Refuse a step that there is not, that is done, that nobody explains, or that closes too early."""
    if step not in STEPS:
        raise Refusal(_("There is no such step."), code="no-step")
    if step in done or "close" in done:
        raise Refusal(_("This is ticked already; the record stays as it was written."), code="ticked")
    if not needed and not words:
        raise Refusal(_("Say why it is not needed; the authority may ask."), field="words", code="no-reason")
    if step == "close" and (not needed or set(STEPS[:-1]) - set(done)):
        raise Refusal(_("Tick the other steps first, or say why they are not needed."), code="open-steps")


def check_sample(size: int | None, as_of: dt.date, today: dt.date, *, open_already: int) -> None:
    """Refuse a sample of nobody, of too many together with those still open, or of a day to come."""
    if size is None or size < 1:
        raise Refusal(_("Draw at least one record."), field="size", code="bad-size")
    if size + open_already > MOST_DRAWN:
        sentence = _(
            "%(most)d records may be open to you at the same time, and %(open)d are."
            " Draw fewer, or wait until an earlier sample has closed."
        )
        words = {"most": MOST_DRAWN, "open": open_already}
        raise Refusal(sentence % words, field="size", code="too-many")
    sensible_day(as_of, field="as_of")
    if as_of > today:
        raise Refusal(_("This day is still to come."), field="as_of", code="future")


def check_anybody(population: int) -> None:
    """Refuse a sample of a unit where nobody was a member."""
    if not population:
        sentence = _("Nobody was a member there on that day: there is nothing to draw from.")
        raise Refusal(sentence, field="as_of", code="nobody")
