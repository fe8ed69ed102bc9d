"""The question who a row is: whom she may be, what speaks for each, and what was answered."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import get_language

from groundswell.exchange import planning, rowwords, words
from groundswell.exchange.planning import Candidate, Plan
from groundswell.exchange.rowwords import Labels
from groundswell.web import figures

# Answers as forms send them: somebody new, nobody knows, or the number of a person.
NEW: Final = "new"
OPEN: Final = "open"


@dataclass(frozen=True, slots=True)
class Offered:
    """Somebody whom a row may be: what she is called, what tells her apart, her page, what speaks for it.

    `value` is the answer that it is she.
    """

    value: str
    name: str
    told: str
    href: str
    signs: str
    adds: str


@dataclass(frozen=True, slots=True)
class Question:
    """Whom a row may be, the likeliest first, and what was answered: NEW, OPEN, or a person's number."""

    number: int
    offered: Sequence[Offered]
    answer: str


def question(plan: Plan, labels: Labels, today: dt.date) -> Question | None:
    """Return what is asked about a row, None where nothing is."""
    if not plan.asked:
        return None
    answer = {planning.SAID_NEW: NEW, planning.SAID_SAME: str(plan.verdict.person or OPEN)}
    return Question(
        plan.entry.number,
        [_offered(one, labels, today) for one in plan.candidates],
        answer.get(plan.answer, OPEN),
    )


def _offered(one: Candidate, labels: Labels, today: dt.date) -> Offered:
    said, held = words.signs(), one.held
    told = (labels.units.get(held.place.pk, ""), held.town, rowwords.stands(held, labels, today))
    return Offered(
        str(one.person),
        held.called,
        " · ".join(filter(None, told)),
        reverse("people:person", args=[one.person]),
        figures.listed([said[sign] for sign in one.signs], get_language() or "en"),
        " · ".join(rowwords.adds(one.filling, labels)),
    )
