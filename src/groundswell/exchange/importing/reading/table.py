"""A table: columns by name, rows by number. What every reader hands out."""

import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from groundswell.exchange.importing import fax
from groundswell.exchange.importing.fields import meaning_of, presets
from groundswell.kernel.errors import Refusal
from groundswell.kernel.separated import unguarded

MOST_COLUMNS: Final = 300
# Lines above the header that are looked at: a title, an empty line, who made the list.
_ABOVE: Final = 12
# Of the line `actions.exporting` ends a list with, what is the same in every language.
_TAKEN_OUT: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d \(UTC\)")
_SIGNS: Final = re.compile(r"[\d@]")
_VALUE: Final = re.compile(r"(?:.*<)?\S+@\S+\.\S+|\+?[\d ()/.-]{6,}")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file: `number` is its line or card as people count it, from 1.

    `nobody` says that the file itself calls it something else than a person: a group, a firm, a place.
    """

    number: int
    values: tuple[str, ...]
    nobody: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows. `form` says what the file was taken for, in words that stay with the import.

    `named` says that a header names the columns, `footed` that lines may stand in it in which nobody does.
    `others` says, once all rows are taken, how many other sheets of the file hold something.
    """

    columns: tuple[str, ...]
    rows: Iterator[Row]
    form: str
    named: bool = True
    footed: bool = True
    others: Sequence[int] = field(default=())


def made_of(found: Iterable[Row], form: str, others: Sequence[int] = (), *, margins: bool = False) -> Table:
    """Return the table of raw rows: the header is found, and what stands above it is passed over.

    Without a header (the first line already holds an address or a number, or names nothing that a list
    holds) columns are named by place. Empty rows are left out. In sheets notes stand beside the table:
    with `margins` they are columns without a name; in a text a separator must stand inside a cell.
    """
    filled = (_as_written(row) for row in found if _tells(row.values))
    first = list(itertools.islice(filled, _ABOVE))
    if not first:
        raise Refusal(_("There are no rows in this file."), code="empty-file")
    if max(len(row.values) for row in first) > MOST_COLUMNS:
        sentence = _("The file has more than %(most)d columns; keep those with people in them.")
        raise Refusal(sentence % {"most": MOST_COLUMNS}, code="too-many-columns")
    at = _header_at(first)
    header = tuple(" ".join(value.split())[:200] for value in first[at].values)
    if any(_VALUE.fullmatch(value) for value in header) or _names_nothing(header, first[at + 1 :]):
        wide = max(len(row.values) for row in first)
        names = tuple(_("Column %(number)d") % {"number": place + 1} for place in range(wide))
        return Table(names, itertools.chain(first, filled), form, named=False, others=others)
    while header and not header[-1] and not margins:
        header = header[:-1]
    rows: Iterator[Row] = itertools.chain(first[at + 1 :], filled)
    for place in [place for place, title in enumerate(header) if title in _reason_titles()][:1]:
        header, rows = header[:place] + header[place + 1 :], _without(rows, place)
    if beside := fax.labels(header):
        rows = (replace(row, values=fax.labelled(row.values, beside)) for row in rows)
    return Table(header, rows, form, others=others)


def reason_title() -> str:
    """Return what the last column of a file of refused rows is called: it comes back with them, mended."""
    return _("Why it was not taken in")


@functools.cache
def _reason_titles() -> frozenset[str]:
    """Return the same in every language: who mends the file need not speak that of who fetched it."""
    titles = set()
    for code, _name in settings.LANGUAGES:
        with override(code):
            titles.add(reason_title())
    return frozenset(titles)


def _without(rows: Iterable[Row], place: int) -> Iterator[Row]:
    """Yield the rows without what stands in a column."""
    for row in rows:
        yield replace(row, values=row.values[:place] + row.values[place + 1 :])


def headed(table: Table) -> Table:
    """Return a table without a header as one whose first row names the columns: somebody said so."""
    if table.named:
        return table
    names = tuple(" ".join(value.split())[:200] for value in next(table.rows).values)
    return replace(table, columns=(*names, *table.columns[len(names) :]), named=True)


def _names_nothing(header: Sequence[str], below: Sequence[Row]) -> bool:
    """Return whether the first line is no header but somebody: of a list of names, no other line is above.

    No word of it is that of a column, and where figures or addresses stand below, it has some or a blank.
    """
    known = (preset.meaning_of(word) is not None for word in header for preset in presets().values())
    if not below or any(map(meaning_of, header)) or any(known):
        return False
    words = [place for place, word in enumerate(header) if word and not _SIGNS.search(word)]
    return not any(
        _SIGNS.search(row.values[place]) for row in below for place in words if place < len(row.values)
    )


def _tells(values: Sequence[str]) -> bool:
    """Return whether anything stands in a row."""
    return any(value.strip() for value in values)


def is_ours(row: Row) -> bool:
    """Return whether a row is the last line of a list of our own."""
    said = [value for value in row.values if value.strip()]
    return len(said) == 1 and taken_out(said[0])


def taken_out(text: str) -> bool:
    """Return whether this is the line by which our own lists say when and why they were taken out."""
    return bool(_TAKEN_OUT.search(text))


def _as_written(row: Row) -> Row:
    return Row(row.number, tuple(map(unguarded, row.values)), row.nobody)


def _header_at(first: Sequence[Row]) -> int:
    """Return where the header stands: the first line about as full as the fullest of the first.

    A cell alone above a list of several columns is a title, unless it is a word that names a column.
    """
    filled = [[value for value in row.values if value.strip()] for row in first]
    fullest = max(map(len, filled))
    return next(
        place
        for place, cells in enumerate(filled)
        if len(cells) >= max(1, fullest // 2) and not (len(cells) == 1 < fullest and not meaning_of(cells[0]))
    )
