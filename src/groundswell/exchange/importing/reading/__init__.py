"""Files as tables: `rows(path)` recognises what a file is and hands out its rows one by one.

Memory does not grow with the file: text is streamed, sheets are opened by a process of their own with
a ceiling (`sheets`), after the archive has been measured (`archives`). What cannot be read is a
Refusal in one sentence, with the line where there is one.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from groundswell.exchange.importing.reading import cards, delimited, sheets, sniffing
from groundswell.exchange.importing.reading.letters import Reading
from groundswell.exchange.importing.reading.sniffing import Form, form_of
from groundswell.exchange.importing.reading.table import Row, Table, headed

__all__ = ["MOST_READINGS", "Form", "Reading", "Row", "Table", "headed", "readings", "rows"]

# The right one stood among the first six of every list that was tried (docs/decisions/0740).
MOST_READINGS: Final = 8


def rows(path: Path, *, encoding: str = "", languages: Sequence[str] = ()) -> Table:
    """Return the table of a file: its columns and an iterator of its rows. Raises Refusal.

    `encoding` is the one that somebody chose; without one it is guessed, first in these `languages`.
    """
    form = form_of(path, encoding=encoding, languages=languages)
    if form.kind == "cards":
        return cards.read(path, form)
    if form.kind == "sheet":
        return sheets.read(path)
    return delimited.read(path, form)


def readings(path: Path, *, encoding: str = "", languages: Sequence[str] = ()) -> list[Reading]:
    """Return how the letters of a file can be read, the way that `rows` takes first.

    None where every letter is plain or the file itself says what it is.
    """
    form = form_of(path, encoding=encoding, languages=languages)
    return sniffing.offered(path, form, languages, most=MOST_READINGS)
