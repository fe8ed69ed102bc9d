"""What the pages of importing show, ready for their templates."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.exchange import queries, words
from groundswell.exchange.importing.entries import Entry
from groundswell.exchange.models import Batch
from groundswell.exchange.queries import Shown
from groundswell.kernel import clock
from groundswell.people import custom
from groundswell.people.models import CustomField
from groundswell.people.personpage import shown_names
from groundswell.people.queries import fields_of
from groundswell.protection.queries import texts_by_key
from groundswell.protection.words import agreed_to
from groundswell.structure import queries as structure
from groundswell.structure.models import Unit
from groundswell.web import figures

_SET_IN: Final = "\N{EM SPACE}"
MOST_DOUBTFUL: Final = 100


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows became what, and what that means for whoever looks."""

    outcome: str
    word: str
    count: str


def units_to_choose(actor: Actor) -> list[tuple[Unit, str]]:
    """Return the units with their names of today, set in by their depth."""
    units = queries.importable(actor)
    names = structure.called([unit.pk for unit in units], clock.today())
    top = min((unit.path.count("/") for unit in units), default=0)
    return [
        (unit, _SET_IN * (unit.path.count("/") - top) + names[unit.pk].name)
        for unit in units
        if unit.pk in names
    ]


def index(actor: Actor) -> dict[str, Any]:
    """Return the newest imports."""
    said = words.states()
    return {
        "batches": [
            (batch, said[batch.state], _number(batch.new + batch.known)) for batch in queries.batches(actor)
        ]
    }


def tallies(counts: dict[str, int]) -> list[Tally]:
    """Return the counts that are not nought, in the order in which they matter."""
    said = words.outcomes()
    return [Tally(one, said[one], _number(counts[one])) for one in said if counts.get(one)]


def preview(batch: Batch, shown: Sequence[Shown]) -> dict[str, Any]:
    """Return what each row would become."""
    counts = dict(Counter(row.outcome for row in shown))
    taken = counts.get("new", 0) + counts.get("known", 0) + counts.get("doubtful", 0)
    headline = ngettext(
        "%(taken)s of %(rows)s row can be taken in.",
        "%(taken)s of %(rows)s rows can be taken in.",
        batch.rows,
    ) % {"taken": _number(taken), "rows": _number(batch.rows)}
    whole, labels = batch.rows <= len(shown), _labels(batch)
    return {
        "headline": headline if whole else _("What becomes of every row"),
        "batch": batch,
        "tallies": tallies(counts),
        "rows": [(row, words.outcomes()[row.outcome], told(row.entry, labels)) for row in shown],
        "first_only": not whole,
        "count": _number(batch.rows),
        "taken": taken,
        "fills": any(row.entry is not None and row.entry.own for row in shown),
    }


def progress(batch: Batch) -> dict[str, Any]:
    """Return how far an import has come."""
    done = batch.rows - queries.waiting(batch)
    return {
        "batch": batch,
        "done": done,
        "rows": batch.rows,
        "words": _("%(done)s of %(rows)s rows.") % {"done": _number(done), "rows": _number(batch.rows)},
        "undoing": batch.state == "undoing",
    }


def result(batch: Batch) -> dict[str, Any]:
    """Return what an import became, and what is still to be said of its doubtful rows."""
    counts = {one: getattr(batch, one) for one in ("new", "known", "doubtful", "refused")}
    doubtful = queries.lines(batch, "doubtful", most=MOST_DOUBTFUL) if batch.state == "done" else []
    labels = _labels(batch)
    return {
        "headline": _undone(batch, queries.count_stayed(batch))
        if batch.state == "undone"
        else _brought_in(batch),
        "batch": batch,
        "tallies": tallies(counts),
        "doubtful": [(row, told(row.entry, labels)) for row in doubtful],
        "refused": queries.lines(batch, "refused", most=20) if batch.state == "done" else [],
        "undone": batch.state == "undone",
        "stayed": _stayed(batch) if batch.state == "undone" else [],
    }


def _brought_in(batch: Batch) -> str:
    """Return how many of its rows the list brought in, those known before among them."""
    taken = batch.new + batch.known
    if not taken:
        return ngettext(
            "Nobody of %(rows)s row was brought in.", "Nobody of %(rows)s rows was brought in.", batch.rows
        ) % {"rows": _number(batch.rows)}
    return ngettext(
        "%(taken)s of %(rows)s row was brought in.", "%(taken)s of %(rows)s rows were brought in.", batch.rows
    ) % {"taken": _number(taken), "rows": _number(batch.rows)}


def _undone(batch: Batch, stayed: int) -> str:
    rows = {"rows": _number(batch.rows), "stayed": _number(stayed)}
    if not stayed:
        return (
            ngettext(
                "The list of %(rows)s row was undone.", "The list of %(rows)s rows was undone.", batch.rows
            )
            % rows
        )
    return (
        ngettext(
            "The list was undone; %(stayed)s person has stayed.",
            "The list was undone; %(stayed)s people have stayed.",
            stayed,
        )
        % rows
    )


def _stayed(batch: Batch) -> list[tuple[str, str]]:
    """Return who has stayed though her list was undone: what she is called here, and her page."""
    found = queries.stayed(batch)
    names = shown_names(found)
    return [(names[one.pk], reverse("people:person", args=[one.pk])) for one in found]


@dataclass(frozen=True, slots=True)
class Labels:
    """What a row may tell besides: fields that were added here, and what texts are agreed to for."""

    kept: Mapping[int, CustomField]
    agreed: Mapping[int, str]


def _labels(batch: Batch) -> Labels:
    texts = texts_by_key(batch.mapping.get("words", {}).values())
    return Labels(
        {one.pk: one for one in fields_of(batch.unit, ended=True)},
        {key: agreed_to(text.purpose) for key, text in texts.items()},
    )


def told(entry: Entry | None, labels: Labels) -> str:
    """Return what a row tells of somebody besides her name, in one line."""
    if entry is None:
        return ""
    kind = words.kinds().get(entry.kind, "")
    parts: list[str] = [*entry.emails[:1], *entry.phones[:1], entry.town]
    if entry.joined is not None:
        parts.append(_("since %(day)s") % {"day": _day(entry.joined)})
    elif kind and entry.kind != "contact":
        parts.append(_("day of joining unknown"))
    for number, value in entry.own:
        if field := labels.kept.get(number):
            parts.append(f"{field.label}: {custom.shown(field.type, value)}")
    parts += [f"{labels.agreed.get(text, '')}, {_day(day)}" for text, day in entry.consents]
    return " · ".join(filter(None, parts))


def _day(day: dt.date) -> str:
    return figures.day(day, get_language() or "en")


def _number(count: int) -> str:
    return figures.number(count, get_language() or "en")
