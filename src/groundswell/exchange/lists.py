"""A list between its pages: looked at, staged, its doubts answered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from groundswell.access.actor import Actor
from groundswell.exchange import actions, consents, queries, words
from groundswell.exchange.candidates import NEW, OPEN
from groundswell.exchange.consents import Worded
from groundswell.exchange.importing import mapping
from groundswell.exchange.importing.fields import Added
from groundswell.exchange.importing.mapping import ColumnMapping
from groundswell.exchange.importing.reading import Row, Table
from groundswell.exchange.importing.unitnames import UnitNames, folded
from groundswell.exchange.models import Batch, Upload
from groundswell.exchange.previewpage import MOST_AT_ONCE
from groundswell.kernel import clock
from groundswell.structure.lands import country_of
from groundswell.structure.models import Unit

_ANSWER: Final = "row_"
_LONGEST: Final = 9
_LONGEST_PERSON: Final = 18


@dataclass(frozen=True, slots=True)
class Looked:
    """A file's table, read to its end: its first rows, what its columns are taken for, which are empty.

    `added` is what columns can mean in this unit besides, `names` what its units are called;
    `twins` are the cells of each column, by how they are compared, that name more than one unit;
    `asks_country` says that phone numbers stand in it of which nobody can tell whose they are.
    """

    table: Table
    sample: Sequence[Sequence[str]]
    proposed: ColumnMapping
    empty: frozenset[int]
    added: Added
    names: UnitNames
    twins: Mapping[int, Mapping[str, str]]
    asks_country: bool

    @property
    def asks_header(self) -> bool:
        """Return whether the first row may name the columns though no word of it is known."""
        return not self.table.named and not any(
            sign.isdigit() or sign == "@" for cell in self.sample[0] for sign in cell
        )


def looked_at(path: Path, unit: Unit, wanted: actions.Wanted, worded: Worded | None = None) -> Looked:
    """Look at a file from its beginning to its end; Refusal of one in which nobody stands."""
    table, names = actions.table_of(path, unit, wanted), queries.unit_names(unit)
    twins: dict[int, dict[str, str]] = {}
    if names.has_twins():
        table = replace(table, rows=_watched(table.rows, names, twins))
    sample, profiles = queries.sample_of(table)
    mapping.check_rows(rows=len(sample))
    remembered = queries.remembered(unit, table.columns)
    added = queries.added_fields(unit) | (worded or consents.worded(unit)).fields()
    proposed = mapping.propose(table.columns, profiles, sample, remembered=remembered, added=added)
    empty = frozenset(place for place, profile in enumerate(profiles) if not profile.filled)
    asks_country = not country_of(unit) and any(profile.national for profile in profiles)
    return Looked(table, sample, proposed, empty, added, names, twins, asks_country)


def _watched(rows: Iterator[Row], names: UnitNames, twins: dict[int, dict[str, str]]) -> Iterator[Row]:
    """Yield the rows, noting which of their cells name more than one unit."""
    for row in rows:
        for place, cell in enumerate(row.values):
            if len(names.codes.get(folded(cell), ())) > 1:
                twins.setdefault(place, {}).setdefault(folded(cell), cell.strip())
        yield row


def staged(upload: Upload, path: Path, wanted: actions.Wanted, actor: Actor) -> Batch:
    """Stage a chosen file as somebody said it, remember her columns, and forget the file.

    A list that is too long to be planned whole at every look is looked through at once.
    """
    at = clock.now()
    batch = actions.stage(
        path, name=queries.upload_name(upload), unit=upload.unit, wanted=wanted, actor=actor, at=at
    )
    chosen = ColumnMapping.of(batch.mapping)
    actions.remember_mapping(upload.unit, actions.table_of(path, upload.unit, wanted), chosen, at=at)
    actions.drop_upload(upload)
    return actions.look_through(batch, actor=actor, at=at) if batch.rows > MOST_AT_ONCE else batch


def answers(posted: Mapping[str, str]) -> dict[int, str]:
    """Return what was said of rows about which it is asked who they are, by the number of the row."""
    found = {}
    for name, said in posted.items():
        number = name.removeprefix(_ANSWER)
        known = said in {NEW, OPEN} or (said.isdecimal() and said.isascii() and len(said) <= _LONGEST_PERSON)
        if name.startswith(_ANSWER) and known and number.isdecimal() and len(number) <= _LONGEST:
            found[int(number)] = said
    return found


def back_to(batch: Batch, posted: Mapping[str, str]) -> str:
    """Return the address of a list, at the page of its preview from which answers came."""
    only, after = posted.get("only", ""), posted.get("after", "")
    said = {"only": only if only in words.outcomes() else "", "after": after if after.isdecimal() else ""}
    query = urlencode({name: value for name, value in said.items() if value})
    return reverse("exchange:batch", args=[batch.pk]) + (f"?{query}" if query else "")
