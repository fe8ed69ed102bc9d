"""By what a row that waits is found again when somebody in it is erased: blind, and as a row is recognised.

An e-mail or a phone wherever it is written, a name within its unit: by the same signs the import takes a row
for somebody (`judging`). Of a row that was refused they are read out of its cells as far as they can be.
"""

import contextlib
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from groundswell.access.secrets import blind_index
from groundswell.exchange.importing import looks, values
from groundswell.exchange.importing.entries import Entry, Setting, name_of, unit_said
from groundswell.exchange.importing.mapping import ColumnMapping
from groundswell.exchange.importing.reading import Row
from groundswell.kernel.errors import Refusal
from groundswell.people.rules import folded_name


def of_name(name: str, unit: int) -> bytes:
    """Return the mark of a name within a unit: of its words, in any order."""
    return of_words(set(folded_name(name).split()), unit)


def of_words(words: AbstractSet[str], unit: int) -> bytes:
    """Return the mark of these words of a name within a unit."""
    return blind_index("exchange.name", f"{unit} {' '.join(sorted(words))}")


def of_contact(kind: str, text: str) -> bytes:
    """Return the mark of an e-mail or a phone, folded: its blind index."""
    return blind_index(kind, text)


def of_entry(entry: Entry, setting: Setting) -> list[bytes]:
    """Return the marks of a row that was understood: also of her name with what she is called besides."""
    unit, called = setting.units[entry.unit], folded_name(entry.name, entry.call_name)
    names = {of_name(entry.name, unit): None, of_words(set(called.split()), unit): None}
    return [
        *(of_contact("email", one) for one in entry.emails),
        *(of_contact("phone", one) for one in entry.phones),
        *names,
    ]


def of_cells(row: Row, mapping: ColumnMapping, setting: Setting) -> list[bytes]:
    """Return the marks of a row that was refused, as far as its cells can be read."""
    found = [of_contact(kind, text) for cell in row.values for kind, text in _contacts(cell, setting.country)]
    name = name_of(row, mapping, setting.locale)
    return [*found, *(of_name(name, unit) for unit in _units(row, mapping, setting))] if name else found


def _units(row: Row, mapping: ColumnMapping, setting: Setting) -> Iterator[int]:
    """Yield the units in which she may be whom a row names: all that may be meant, else that of the list."""
    said = unit_said(row, mapping)
    yield from (setting.units[code] for code in setting.names.meant(said, setting.units) or (setting.unit,))


def _contacts(cell: str, country: str) -> Iterator[tuple[str, str]]:
    for address in values.addresses(cell):
        with contextlib.suppress(Refusal):
            yield from (("email", text) for text in values.emails(address))
    if looks.looks_of(cell) == looks.PHONE:
        numbers, _unread = values.phones([cell], country)
        yield from (("phone", text) for text in numbers)
