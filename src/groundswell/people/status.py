"""What a person is to the organisation on a day: member, guest, former member or contact. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

GUEST: Final = "guest"
FORMER: Final = "former"
CONTACT: Final = "contact"


@dataclass(frozen=True, slots=True)
class Stay:
    """A believed membership: its kind, the unit's key, its days [since, until), whether it is at home.

    `earlier`: she was a member by its first day already, and nobody said since when (an opening).
    """

    kind: str
    unit_id: int
    since: dt.date
    until: dt.date | None
    home: bool
    earlier: bool = False

    def holds_on(self, day: dt.date) -> bool:
        """Return whether the day is one of its days."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Status:
    """A word (a kind of membership, or GUEST, FORMER, CONTACT), the day it dates from and the unit.

    FORMER dates from the first day without a membership, everything else from its own first day, or from
    one before it that nobody knows (`earlier`); a CONTACT has neither day nor unit.
    """

    word: str
    day: dt.date | None = None
    unit_id: int | None = None
    earlier: bool = False


def status_on(stays: Sequence[Stay], day: dt.date) -> Status:
    """Return what somebody with these stays is on a day; what is at home comes before what is not."""
    now = [stay for stay in stays if stay.holds_on(day)]
    for stay in now:
        if stay.home:
            return Status(stay.kind, stay.since, stay.unit_id, stay.earlier)
    ended = [stay for stay in stays if stay.until is not None and stay.until <= day and stay.home]
    if now:
        return Status(GUEST, now[0].since, now[0].unit_id)
    if ended:
        last = max(ended, key=lambda stay: stay.until or day)
        return Status(FORMER, last.until, last.unit_id)
    return Status(CONTACT)
