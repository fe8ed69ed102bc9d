"""The preview of a list: what becomes of every row, and what is to be chosen before it comes in."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundswell.exchange import planning, queries, rowwords
from groundswell.exchange.importing import filling, judging
from groundswell.exchange.importpages import said_gone, tallies
from groundswell.exchange.models import Batch
from groundswell.exchange.planning import Plan
from groundswell.exchange.queries import Shown
from groundswell.exchange.rowwords import Labels
from groundswell.web import figures

MOST_PREVIEWED: Final = 2_000
# Of all that a row can become, this leaves somebody to be written down or to be asked about.
_KNOWN: Final = (judging.KNOWN, filling.REJOINS, filling.STAYS_FORMER, filling.REPEATS)
_TAKEN: Final = (judging.NEW, judging.DOUBTFUL, *_KNOWN)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A row with what becomes of it: `person` is who she is or may be, as she is called here, and her page.

    `adds` is what is added to somebody who is known, `stays` what the list says otherwise.
    """

    number: int
    name: str
    told: str
    outcome: str
    word: str
    person: str
    href: str
    reasons: Sequence[str]
    adds: Sequence[str]
    stays: Sequence[str]

    @property
    def nothing(self) -> bool:
        """Return whether she is known and nothing of her is new."""
        return self.outcome in _KNOWN and not self.adds


@dataclass(frozen=True, slots=True)
class Preview:
    """All that the page shows, how many rows are gone, whether the others are all here, and what is asked."""

    batch: Batch
    rows: Sequence[Foreseen]
    gone: int
    whole: bool
    asks_known: bool
    asks_former: bool


def preview(batch: Batch) -> Preview:
    """Return what each row of a staged list would become, the first 2,000 of them; nothing is written."""
    plans = {one.entry.number: one for one in planning.plans(batch, most=MOST_PREVIEWED)}
    labels = rowwords.labels_of(batch, plans.values())
    rows = [
        _foreseen(row, plans.get(row.number), labels) for row in queries.lines(batch, most=MOST_PREVIEWED)
    ]
    gone = queries.count_gone(batch)
    whole = batch.rows + batch.passed - gone <= len(rows)
    return Preview(
        batch,
        rows,
        gone,
        whole,
        asks_known=not whole or any(one.person > 0 and one.filling.adds for one in plans.values()),
        asks_former=not whole or any(one.filling.again == filling.STAYS_FORMER for one in plans.values()),
    )


def _foreseen(row: Shown, plan: Plan | None, labels: Labels) -> Foreseen:
    if plan is None:
        word = labels.outcomes[row.outcome]
        return Foreseen(row.number, row.name, "", row.outcome, word, "", "", row.reasons, (), ())
    outcome, said = rowwords.outcome(plan), plan.filling
    known = plan.verdict.outcome == judging.KNOWN
    # Who was made by an earlier row is met there.
    person = plan.verdict.person or 0
    return Foreseen(
        row.number,
        row.name,
        "" if known else rowwords.told(plan.entry, labels),
        outcome,
        labels.outcomes[outcome],
        plan.held.called if plan.held and person > 0 else "",
        reverse("people:person", args=[person]) if person > 0 else "",
        rowwords.reasons(plan),
        rowwords.adds(said, labels) if known else (),
        rowwords.stays(said, labels) if known else (),
    )


def page(found: Preview, only: str) -> dict[str, Any]:
    """Return what the page shows: all rows, or `only` those of one outcome."""
    counts = dict(Counter(row.outcome for row in found.rows))
    return {
        "headline": _headline(found, sum(counts.get(one, 0) for one in _TAKEN)),
        "batch": found.batch,
        "tallies": tallies(counts),
        "only": only if only in counts else "",
        "rows": [row for row in found.rows if only not in counts or row.outcome == only],
        "first_only": not found.whole,
        "count": figures.number(found.batch.rows, get_language() or "en"),
        "can_start": not found.whole or any(one in counts for one in _TAKEN),
        "left_out": left_out(found.batch),
        "gone": said_gone(found.gone),
    }


def left_out(batch: Batch) -> str:
    """Return the columns with something in them that are not taken, in words."""
    names = [_("“%(name)s”") % {"name": name} for name in batch.mapping.get("left_out", ())]
    return figures.listed(names, get_language() or "en")


def _headline(found: Preview, taken: int) -> str:
    if not found.whole:
        return _("What becomes of every row")
    said = {
        name: figures.number(count, get_language() or "en")
        for name, count in (("taken", taken), ("rows", found.batch.rows))
    }
    sentence = ngettext(
        "%(taken)s of %(rows)s row can be taken in.",
        "%(taken)s of %(rows)s rows can be taken in.",
        found.batch.rows,
    )
    return sentence % said
