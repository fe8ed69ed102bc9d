"""What a report is asked, and the addresses of the pages that answer."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse

TOP_SLASHES: Final = 2  # the path of the first unit is '/1/'


@dataclass(frozen=True, slots=True)
class Question:
    """What a report was asked: the unit, the window, what was known, which structure."""

    unit: str
    as_of: dt.date
    since: dt.date
    known_at: dt.datetime | None
    structure: str

    def arguments(self) -> dict[str, Any]:
        """Return what the report's query is asked."""
        return {
            "unit_code": self.unit or None,
            "as_of": self.as_of,
            "since": self.since,
            "known_at": self.known_at,
            "structure_of": self.structure,
        }

    def file_name(self, ending: str) -> str:
        """Return a name for the report as a file."""
        return f"report-{self.unit or 'whole'}-{self.since.isoformat()}-{self.as_of.isoformat()}.{ending}"

    def address(self, name: str = "reports:report", **more: str) -> str:
        """Return the address of a page of the room for this question."""
        address = address_of(self, name)
        return f"{address}&{urlencode(more)}" if more else address


@lru_cache(maxsize=256)
def address_of(question: Question, name: str) -> str:
    """Return the address of a page of the room for a question; a page asks it hundreds of times."""
    known = {"known_at": question.known_at.isoformat().replace("+00:00", "Z")} if question.known_at else {}
    parameters = {
        "as_of": question.as_of.isoformat(),
        "since": question.since.isoformat(),
        **({"unit": question.unit} if question.unit else {}),
        **known,
        "structure": question.structure,
    }
    return f"{reverse(name)}?{urlencode(parameters)}"


def replaced(question: Question, *, unit: str) -> Question:
    """Return the same question about another unit."""
    return replace(question, unit=unit)


def within(question: Question, since: dt.date, as_of: dt.date) -> Question:
    """Return the same question about another window."""
    return replace(question, since=since, as_of=as_of)


def other_structure(question: Question) -> Question:
    """Return the same question in the other structure."""
    return replace(question, structure="now" if question.structure == "then" else "then")
