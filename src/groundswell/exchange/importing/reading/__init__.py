"""Files as tables: `rows(path)` recognises what a file is and hands out its rows one by one.

Memory does not grow with the file: text is streamed, sheets are opened by a process of their own with
a ceiling (`sheets`), after the archive has been measured (`archives`). What cannot be read is a
Refusal in one sentence, with the line where there is one.
"""

from pathlib import Path

from groundswell.exchange.importing.reading import cards, delimited, sheets
from groundswell.exchange.importing.reading.sniffing import Form, form_of
from groundswell.exchange.importing.reading.table import Row, Table

__all__ = ["Form", "Row", "Table", "rows"]


def rows(path: Path) -> Table:
    """Return the table of a file: its columns and an iterator of its rows. Raises Refusal."""
    form = form_of(path)
    if form.kind == "cards":
        return cards.read(path, form)
    if form.kind == "sheet":
        return sheets.read(path)
    return delimited.read(path, form)
