"""The preview of a list, page by page: what becomes of every row, what is to be chosen before it comes in."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundswell.exchange import candidates, foreseeing, planning, queries, rowwords
from groundswell.exchange.candidates import Question
from groundswell.exchange.importing import filling, judging
from groundswell.exchange.importpages import said_gone, tallies
from groundswell.exchange.models import Batch
from groundswell.exchange.planning import Plan
from groundswell.exchange.queries import Shown
from groundswell.exchange.rowwords import Labels
from groundswell.web import figures

# On one page stand so many rows; of a list with more than `MOST_AT_ONCE` only those of the page are planned
# at this moment, and what becomes of the others is known from when it was looked through.
ON_A_PAGE: Final = 100
MOST_AT_ONCE: Final = 2_000
# Of all that a row can become, this leaves somebody to be written down or to be asked about.
_KNOWN: Final = (judging.KNOWN, filling.REJOINS, filling.STAYS_FORMER, filling.REPEATS)
_TAKEN: Final = (judging.NEW, judging.DOUBTFUL, *_KNOWN)
_UNPLANNED: Final = ("refused", "passed", "gone")


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A row with what becomes of it: `person` is who she is or may be, as she is called here, and her page.

    `adds` is what is added to somebody who is known, `stays` what the list says otherwise. `asked` is the
    question who she is, of a row about which it is asked.
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
    asked: Question | None = None

    @property
    def nothing(self) -> bool:
        """Return whether she is known and nothing of her is new."""
        return self.outcome in _KNOWN and not self.adds


@dataclass(frozen=True, slots=True)
class Preview:
    """A page of the preview: its rows, how many rows become what, and what is asked.

    `only` is the outcome that alone is shown, '' for all; `after` the row behind which the page begins, `on`
    the one behind which the next does, None on the last. `since` is when a long list was looked through.
    """

    batch: Batch
    rows: Sequence[Foreseen]
    counts: Mapping[str, int]
    only: str
    after: int
    on: int | None
    since: dt.datetime | None
    asks_known: bool
    asks_former: bool

    @property
    def live(self) -> bool:
        """Return whether all rows were planned at this moment."""
        return self.batch.rows <= MOST_AT_ONCE


def preview(batch: Batch, only: str = "", after: int = -1) -> Preview:
    """Return a page of what each row of a staged list would become; nothing is written."""
    if batch.rows <= MOST_AT_ONCE:
        return _of_all(batch, only, after)
    counts = queries.outcomes_of(batch)
    only = only if only in counts else ""
    shown = queries.lines(batch, *filter(None, [only]), after=after, most=ON_A_PAGE + 1)
    plans = foreseeing.plans_of(batch, [row.number for row in shown[:ON_A_PAGE]])
    return Preview(
        batch,
        _rows(batch, shown, {one.entry.number: one for one in plans}),
        counts,
        only,
        after,
        _on(shown),
        batch.foreseen_at,
        # Of rows that nobody has looked through yet anything may be.
        asks_known="waiting" in counts or any(one in counts for one in _KNOWN),
        asks_former="waiting" in counts or filling.STAYS_FORMER in counts,
    )


def _of_all(batch: Batch, only: str, after: int) -> Preview:
    """Return the preview of a list that is planned whole."""
    plans = {one.entry.number: one for one in planning.plans(batch, most=MOST_AT_ONCE, offers=True)}
    becomes = {number: rowwords.outcome(one) for number, one in plans.items()}
    counts = queries.outcomes_of(batch)
    others = {one: count for one, count in counts.items() if one in _UNPLANNED}
    counts = Counter(becomes.values()) + Counter(others)
    only = only if only in counts else ""
    if only in others:
        shown = queries.lines(batch, only, after=after, most=ON_A_PAGE + 1)
    elif only:
        numbers = [number for number, word in becomes.items() if word == only and number > after]
        shown = queries.lines(batch, numbers=numbers[: ON_A_PAGE + 1])
    else:
        shown = queries.lines(batch, after=after, most=ON_A_PAGE + 1)
    return Preview(
        batch,
        _rows(batch, shown, plans),
        counts,
        only,
        after,
        _on(shown),
        None,
        asks_known=any(one.person > 0 and one.filling.adds for one in plans.values()),
        asks_former=any(one.filling.again == filling.STAYS_FORMER for one in plans.values()),
    )


def _rows(batch: Batch, shown: Sequence[Shown], plans: Mapping[int, Plan]) -> list[Foreseen]:
    page = shown[:ON_A_PAGE]
    labels = rowwords.labels_of(batch, [plans[row.number] for row in page if row.number in plans])
    return [_foreseen(row, plans.get(row.number), labels, batch.today) for row in page]


def _on(shown: Sequence[Shown]) -> int | None:
    """Return the row behind which the next page begins, None where this one is the last."""
    return shown[ON_A_PAGE - 1].number if len(shown) > ON_A_PAGE else None


def _foreseen(row: Shown, plan: Plan | None, labels: Labels, today: dt.date) -> Foreseen:
    if plan is None:
        word = labels.outcomes[row.outcome]
        return Foreseen(row.number, row.name, "", row.outcome, word, "", "", row.reasons, (), ())
    outcome, said = rowwords.outcome(plan), plan.filling
    known = plan.verdict.outcome == judging.KNOWN
    # Who was made by an earlier row is met there.
    person = plan.verdict.person or 0
    asked = candidates.question(plan, labels, today)
    return Foreseen(
        row.number,
        row.name,
        "" if known else rowwords.told(plan.entry, labels),
        outcome,
        labels.outcomes[outcome],
        plan.held.called if plan.held and person > 0 and known else "",
        reverse("people:person", args=[person]) if person > 0 else "",
        rowwords.reasons(plan),
        rowwords.adds(said, labels) if known else (),
        rowwords.stays(said, labels) if known else (),
        asked,
    )


def page(found: Preview) -> dict[str, Any]:
    """Return what the page shows."""
    language = get_language() or "en"
    rows = found.rows
    return {
        "headline": _headline(found, sum(found.counts.get(one, 0) for one in _TAKEN)),
        "batch": found.batch,
        "title": queries.title_of(found.batch),
        "tallies": tallies({one: count for one, count in found.counts.items() if one != "gone"}),
        "only": found.only,
        "rows": rows,
        "asks": any(row.asked for row in rows),
        "on": found.on,
        "after": found.after if found.after >= 0 else "",
        "behind": found.after >= 0,
        "since": figures.moment(found.since, language) if found.since else "",
        "looks": not found.live,
        "from_to": {
            "first": figures.number(rows[0].number, language),
            "last": figures.number(rows[-1].number, language),
        }
        if rows and (found.on is not None or found.after >= 0)
        else None,
        "can_start": any(one in found.counts for one in (*_TAKEN, "waiting")),
        "left_out": left_out(found.batch),
        "other_sheets": other_sheets(found.batch),
        "vague": vague_days(found.batch),
        "gone": said_gone(found.counts.get("gone", 0)),
    }


def left_out(batch: Batch) -> str:
    """Return the columns with something in them that are not taken, in words."""
    names = [_("“%(name)s”") % {"name": name} for name in batch.mapping.get("left_out", ())]
    return figures.listed(names, get_language() or "en")


def other_sheets(batch: Batch) -> str:
    """Return that other sheets of the file were not read, or nothing."""
    count = batch.mapping.get("other_sheets", 0)
    sentence = ngettext(
        "Only the first sheet with something in it was read; %(count)s other holds something too."
        " If people stand in it, save it as a file of its own and bring that in as well.",
        "Only the first sheet with something in it was read; %(count)s others hold something too."
        " If people stand in them, save each as a file of its own and bring that in as well.",
        count,
    )
    return sentence % {"count": figures.number(count, get_language() or "en")} if count else ""


def vague_days(batch: Batch) -> str:
    """Return that some rows say no day but a month or a year, and what is made of it, or nothing."""
    count = batch.mapping.get("vague", 0)
    sentence = ngettext(
        "%(count)s row says only the month or the year in which somebody joined or left."
        " She joins on its first day and leaves on its last.",
        "%(count)s rows say only the month or the year in which somebody joined or left."
        " They join on its first day and leave on its last.",
        count,
    )
    return sentence % {"count": figures.number(count, get_language() or "en")} if count else ""


def _headline(found: Preview, taken: int) -> str:
    if "waiting" in found.counts:
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
