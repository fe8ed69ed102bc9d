"""A list is staged: every row is read, understood and kept sealed, and nothing is written of anybody yet."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.exchange import consents, queries
from groundswell.exchange.actions.counting import counted
from groundswell.exchange.importing import dittos, footers, marks, sealing
from groundswell.exchange.importing import mapping as columns
from groundswell.exchange.importing.entries import (
    WHICH_UNIT,
    Entry,
    Problem,
    Setting,
    entry_of,
    listed,
    unit_said,
)
from groundswell.exchange.importing.fields import PARTS_OF_A_NAME, meaning_of
from groundswell.exchange.importing.mapping import ColumnMapping
from groundswell.exchange.importing.reading import Row, Table, headed, rows
from groundswell.exchange.importing.unitnames import UNKNOWN, folded
from groundswell.exchange.models import Batch, FileName, RememberedMapping
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people.queries import refuse_by_number
from groundswell.structure.models import Unit

LARGEST_FILE: Final = 512 * 1024 * 1024
_LONGEST_NAME: Final = 200
_BLOCK: Final = 1 << 20
# Of more names than these the first are asked about first.
_MOST_TWINS: Final = 5

COPY: Final = """
copy exchange_line_staged (batch_id, unit_id, number, outcome, why, sealed, marks) from stdin
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is said of a list besides its file: why it may be taken in, where it is from, what people are.

    `mapping` is given whole, or `chosen` the fields of the columns, where somebody looked at them; else
    they are remembered, of the preset, or recognised.
    `encoding` is the code of the one that somebody chose for a text, '' where it is guessed; `headed` says
    that the first row names the columns, where that is not seen.
    `order` answers whether the day comes first where the file's days leave it open, `country` (two letters)
    whose the phone numbers are that begin with no +, '' for the unit's. `words` are the texts to
    which columns say that people agreed, by field, `agreed_on` the day for those of whom the list says none.
    `places` say which unit is meant by a name, folded, that several have: its code, or UNKNOWN.
    """

    basis: str = ""
    origin: str = ""
    kind: str = "member"
    preset: str = ""
    order: str = ""
    country: str = ""
    encoding: str = ""
    headed: bool = False
    mapping: ColumnMapping | None = None
    chosen: tuple[str, ...] = ()
    words: Mapping[str, int] = field(default_factory=dict)
    agreed_on: dt.date | None = None
    places: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def stage(path: Path, *, name: str, unit: Unit, wanted: Wanted, actor: Actor, at: dt.datetime) -> Batch:
    """Read a file into a batch of a unit; return it with all its rows waiting or refused.

    Raises Refusal for a file that cannot be read, a mapping that names nobody, days that nobody can tell, and
    names that several units have where nobody says which of them is meant.
    """
    require(actor, "lists.import", unit)
    today = clock.day_in(unit.time_zone, at)
    refuse_by_number(unit, today)
    digest = _digest(path)
    chosen = _mapping(table_of(path, unit, wanted), unit, wanted)
    table = table_of(path, unit, wanted)
    batch = Batch.objects.create(
        unit=unit,
        account_id=actor.account_id,
        digest=digest,
        form=table.form[:200],
        columns=list(table.columns),
        mapping=chosen.said()
        | _agreeing(chosen, wanted)
        | {"places": dict(wanted.places), "country": wanted.country},
        kind=wanted.kind,
        basis=wanted.basis[:200],
        origin=wanted.origin[:200],
        today=today,
        created_at=at,
    )
    sealed = sealing.seal_name(batch.pk, name[:_LONGEST_NAME])
    FileName.objects.create(batch=batch, unit=unit, sealed=sealed)
    unread, setting = _Unread(table, chosen), queries.setting_of(batch)
    _keep(batch, table, chosen, setting, unread)
    _refuse_twins(unread.twins, setting)
    read = {"left_out": unread.names(), "other_sheets": sum(table.others), "vague": unread.vague}
    batch.mapping = batch.mapping | read
    batch.save(update_fields=["mapping"])
    batch = counted(batch)
    columns.check_rows(rows=batch.rows)
    record("exchange.list.staged", actor=actor, subject=batch)
    return batch


def _digest(path: Path) -> bytes:
    if path.stat().st_size > LARGEST_FILE:
        sentence = _("The file has %(size)d MB; at most %(most)d MB can be read. Split it.")
        words = {"size": path.stat().st_size >> 20, "most": LARGEST_FILE >> 20}
        raise Refusal(sentence % words, field="file", code="too-large")
    made = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            made.update(block)
    return made.digest()


def table_of(path: Path, unit: Unit, wanted: Wanted) -> Table:
    """Return the table of a unit's file, in the encoding chosen, else in the likeliest of its languages."""
    table = rows(path, encoding=wanted.encoding, languages=(unit.locale, *unit.languages))
    return headed(table) if wanted.headed else table


def _mapping(table: Table, unit: Unit, wanted: Wanted) -> ColumnMapping:
    """Return which column means what; Refusal where nobody can be named or a column's days stay open."""
    consents.checked_texts(unit, wanted.words)
    asked = consents.fields_of(unit) if wanted.words else {}
    added = queries.added_fields(unit) | {key: one for key, one in asked.items() if key in wanted.words}
    if wanted.mapping is not None:
        chosen = wanted.mapping
    else:
        sample, profiles = queries.sample_of(table)
        chosen = columns.propose(
            table.columns,
            profiles,
            sample,
            preset=wanted.preset,
            remembered=wanted.chosen or queries.remembered(unit, table.columns),
            order=wanted.order,
            added=added,
        )
    columns.check(chosen, len(table.columns), added)
    if chosen.open_days():
        names = ", ".join(table.columns[place] for place in chosen.open_days())
        sentence = _(
            "Whether the day or the month comes first cannot be told from the days in %(columns)s; say it."
        )
        raise Refusal(sentence % {"columns": names}, field="dates", code="which-order")
    return chosen


def _agreeing(chosen: ColumnMapping, wanted: Wanted) -> dict[str, Any]:
    """Return the words of the columns that say who agreed, and the day, as plain data."""
    words = {key: text for key, text in wanted.words.items() if key in chosen.fields}
    day = wanted.agreed_on.isoformat() if wanted.agreed_on else ""
    return {"words": words, "agreed_on": day} if words else {}


@dataclass(slots=True)
class _Unread:
    """What of a list is not understood: columns that mean nothing here in which something stands.

    `twins` are names that several units have of which nobody said which is meant, by how they are compared;
    `vague` counts the rows that say no day on which somebody joined or left, but its month or year.
    """

    table: Table
    chosen: ColumnMapping
    filled: set[int] = field(default_factory=set)
    twins: dict[str, str] = field(default_factory=dict)
    vague: int = 0

    def look(self, row: Row) -> None:
        """Note which of them are filled in this row."""
        for place, cell in enumerate(row.values[: len(self.chosen.fields)]):
            if not self.chosen.fields[place] and place not in self.filled and cell.strip():
                self.filled.add(place)

    def names(self) -> list[str]:
        """Return what they are called; the parts of a name that is taken whole are no loss."""
        named = [
            self.table.columns[place] or _("Column %(number)d") % {"number": place + 1}
            for place in sorted(self.filled)
        ]
        whole = "name" in self.chosen.fields
        return [one for one in named if not (whole and meaning_of(one) in PARTS_OF_A_NAME)]


def _keep(batch: Batch, table: Table, chosen: ColumnMapping, setting: Setting, unread: _Unread) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "create temporary table exchange_line_staged (batch_id bigint, unit_id bigint, number integer,"
            " outcome text, why text, sealed bytea, marks bytea[]) on commit drop"
        )
        with cursor.copy(COPY) as stream:
            for line in _lines(batch, table, chosen, setting, unread):
                stream.write_row(line)
        cursor.execute(
            "insert into exchange_line (batch_id, unit_id, number, outcome, why, sealed, marks)"
            " select batch_id, unit_id, number, outcome, why, sealed, marks from exchange_line_staged"
        )
        cursor.execute("drop table exchange_line_staged")


def _lines(
    batch: Batch, table: Table, chosen: ColumnMapping, setting: Setting, unread: _Unread
) -> Iterator[tuple[Any, ...]]:
    for row in dittos.filled(table.rows):
        judged = table.footed or row.nobody
        if footer := footers.found_in(row, chosen, table.columns) if judged else None:
            sealed = sealing.seal_refused(batch.pk, row.number, [footer.text], ())
            # Nothing of anybody is kept of it, so nothing needs to be found again.
            yield batch.pk, batch.unit_id, row.number, "passed", footer.why, sealed, []
            continue
        unread.look(row)
        entry = _entry(row, chosen, setting)
        if isinstance(entry, Entry):
            unread.vague += bool(entry.vague)
            sealed = sealing.seal_entry(batch.pk, entry)
            found = marks.of_entry(entry, setting)
            yield batch.pk, batch.unit_id, row.number, "waiting", "", sealed, found
        else:
            if any(one.code == WHICH_UNIT for one in entry):
                said = unit_said(row, chosen)
                unread.twins.setdefault(folded(said), said)
            sealed = sealing.seal_refused(batch.pk, row.number, row.values, entry)
            found = marks.of_cells(row, chosen, setting)
            yield batch.pk, batch.unit_id, row.number, "refused", entry[0].code, sealed, found


def _refuse_twins(said: Mapping[str, str], setting: Setting) -> None:
    """Refuse a list in which a name means several units, unless it was said that nobody knows which."""
    sentences = [
        _("“%(name)s” is what several units are called: %(units)s. Say which of them is meant.")
        % {
            "name": name[:80],
            "units": listed(setting.names.labelled(setting.names.meant(name, setting.units))),
        }
        for key, name in said.items()
        if setting.places.get(key) != UNKNOWN
    ]
    if sentences:
        raise Refusal(" ".join(sentences[:_MOST_TWINS]), field="places", code=WHICH_UNIT)


def _entry(row: Row, chosen: ColumnMapping, setting: Setting) -> Entry | tuple[Problem, ...]:
    entry = entry_of(row, chosen, setting)
    if isinstance(entry, Entry) and entry.left is not None and entry.joined is None:
        sentence = _("It says when she left and not when she joined; write both days, or neither.")
        return (Problem("joined", sentence, "no-joined"),)
    return entry


@transaction.atomic
def remember_mapping(unit: Unit, table: Table, chosen: ColumnMapping, *, at: dt.datetime) -> None:
    """Remember which column means what for the next file with these headers."""
    RememberedMapping.objects.update_or_create(
        unit=unit,
        fingerprint=columns.fingerprint(table.columns),
        defaults={"mapping": chosen.said(), "at": at},
    )
