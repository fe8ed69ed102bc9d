"""What the pages of importing show, ready for their templates."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.exchange import candidates, leftover, planning, queries, rowwords, words
from groundswell.exchange.importing.reading import readings
from groundswell.exchange.importing.reading.encodings import UNICODE
from groundswell.exchange.models import Batch
from groundswell.kernel import clock
from groundswell.people.personpage import shown_names
from groundswell.structure import queries as structure
from groundswell.structure.models import Unit
from groundswell.web import figures

_SET_IN: Final = "\N{EM SPACE}"


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
    said, batches = words.states(), queries.batches(actor)
    names = structure.called(sorted({one.unit_id for one in batches}), clock.today())
    titles = queries.titles_of(batches)
    return {
        "batches": [
            (one, titles[one.pk], names[one.unit_id].name, said[one.state], _number(one.new + one.known))
            for one in batches
        ]
    }


def letters(path: Path, unit: Unit, encoding: str) -> dict[str, Any]:
    """Return how the letters of a file were read, and how else they can be."""
    found = readings(path, encoding=encoding, languages=(unit.locale, *unit.languages))
    guessed = bool(found) and not encoding and found[0].code not in UNICODE
    return {"read_as": found[0] if found else None, "other_readings": found[1:], "guessed": guessed}


def tallies(counts: Mapping[str, int]) -> list[Tally]:
    """Return the counts that are not nought, in the order in which they matter."""
    said = words.outcomes()
    return [Tally(one, said[one], _number(counts[one])) for one in said if counts.get(one)]


def progress(batch: Batch) -> dict[str, Any]:
    """Return how far an import has come."""
    done = batch.rows - queries.waiting(batch)
    return {
        "batch": batch,
        "title": queries.title_of(batch),
        "done": done,
        "rows": batch.rows,
        "words": _("%(done)s of %(rows)s rows.") % {"done": _number(done), "rows": _number(batch.rows)},
        "undoing": batch.state == "undoing",
    }


def result(batch: Batch) -> dict[str, Any]:
    """Return what an import became, and what is still to be said of its doubtful rows."""
    counts = {one: getattr(batch, one) for one in ("new", "known", "doubtful", "refused", "passed")}
    done = batch.state == "done"
    doubtful = queries.lines(batch, "doubtful", most=planning.MOST_ASKED) if done and batch.doubtful else []
    plans = {one.entry.number: one for one in planning.doubts(batch)} if doubtful else {}
    labels = rowwords.labels_of(batch, plans.values())
    return {
        "headline": _undone(batch, leftover.count_stayed(batch))
        if batch.state == "undone"
        else _brought_in(batch),
        "batch": batch,
        "title": queries.title_of(batch),
        "tallies": tallies(counts),
        "doubtful": [
            (
                row,
                rowwords.told(row.entry, labels),
                candidates.question(plans[row.number], labels, batch.today),
            )
            for row in doubtful
            if row.number in plans
        ],
        "refused": queries.lines(batch, "refused", most=20) if done and batch.refused else [],
        "passed": queries.lines(batch, "passed", most=20) if done and batch.passed else [],
        "undone": batch.state == "undone",
        "stayed": _stayed(batch) if batch.state == "undone" else [],
        "gone": said_gone(queries.count_gone(batch)),
        "wait": _waiting(batch) if batch.state == "undone" else "",
        "later": _later(batch) if batch.state == "undone" else [],
    }


def said_gone(count: int) -> str:
    """Return that so many rows of a list are not kept any more, or nothing."""
    sentence = ngettext(
        "%(count)s row is not kept any more: somebody in it was erased or is read in her own unit alone,"
        " or its time was over.",
        "%(count)s rows are not kept any more: somebody in them was erased or is read in her own unit alone,"
        " or their time was over.",
        count,
    )
    return sentence % {"count": _number(count)} if count else ""


def undoing(batch: Batch) -> dict[str, Any]:
    """Return what the page asks that offers to undo a list."""
    return {"batch": batch, "title": queries.title_of(batch), "later": _later(batch)}


def _waiting(batch: Batch) -> str:
    """Return that people of an undone list are kept by a later one, or nothing."""
    count = leftover.count_waiting(batch)
    return (
        ngettext(
            "%(count)s person stands in a later list as well. What this list wrote of her goes when that"
            " list is undone too.",
            "%(count)s people stand in a later list as well. What this list wrote of them goes when that"
            " list is undone too.",
            count,
        )
        % {"count": _number(count)}
        if count
        else ""
    )


def _later(batch: Batch) -> list[tuple[str, str, str]]:
    """Return the later lists that name people of this one: each with its page and how many people."""
    found = leftover.named_later(batch)
    titles = queries.titles_of([one for one, _count in found])
    return [
        (
            titles[one.pk],
            reverse("exchange:batch", args=[one.pk]),
            ngettext("%(count)s person", "%(count)s people", count) % {"count": _number(count)},
        )
        for one, count in found
    ]


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
    found = leftover.stayed(batch)
    names = shown_names(found)
    return [(names[one.pk], reverse("people:person", args=[one.pk])) for one in found]


def _number(count: int) -> str:
    return figures.number(count, get_language() or "en")
