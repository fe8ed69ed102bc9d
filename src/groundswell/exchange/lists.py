"""A list between its pages: looked at, staged, its doubts answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from groundswell.access.actor import Actor
from groundswell.exchange import actions, consents, queries
from groundswell.exchange.importing import mapping
from groundswell.exchange.importing.mapping import ColumnMapping
from groundswell.exchange.importing.reading import Table
from groundswell.exchange.models import Batch, Upload
from groundswell.kernel import clock
from groundswell.structure.models import Unit

_ANSWER: Final = "row_"
_LONGEST: Final = 9


@dataclass(frozen=True, slots=True)
class Looked:
    """A file's table, read to its end: its first rows, what its columns are taken for, which are empty."""

    table: Table
    sample: Sequence[Sequence[str]]
    proposed: ColumnMapping
    empty: frozenset[int]


def looked_at(path: Path, unit: Unit, encoding: str = "") -> Looked:
    """Look at a file from its beginning to its end; Refusal of one in which nobody stands."""
    table = actions.table_of(path, unit, encoding)
    sample, profiles = queries.sample_of(table)
    mapping.check_rows(rows=len(sample))
    remembered = queries.remembered(unit, table.columns)
    added = queries.added_fields(unit) | consents.fields_of(unit)
    proposed = mapping.propose(table.columns, profiles, sample, remembered=remembered, added=added)
    empty = frozenset(place for place, profile in enumerate(profiles) if not profile.filled)
    return Looked(table, sample, proposed, empty)


def staged(upload: Upload, path: Path, wanted: actions.Wanted, actor: Actor) -> Batch:
    """Stage a chosen file as somebody said it, remember her columns, and forget the file."""
    at = clock.now()
    batch = actions.stage(path, name=upload.file_name, unit=upload.unit, wanted=wanted, actor=actor, at=at)
    chosen = ColumnMapping.of(batch.mapping)
    actions.remember_mapping(upload.unit, actions.table_of(path, upload.unit, wanted.encoding), chosen, at=at)
    actions.drop_upload(upload)
    return batch


def answers(posted: Mapping[str, str]) -> dict[int, str]:
    """Return what was said of doubtful rows, by the number of the row."""
    found = {}
    for name, said in posted.items():
        number = name.removeprefix(_ANSWER)
        if (
            name.startswith(_ANSWER)
            and said in actions.ANSWERS
            and number.isdecimal()
            and len(number) <= _LONGEST
        ):
            found[int(number)] = said
    return found
