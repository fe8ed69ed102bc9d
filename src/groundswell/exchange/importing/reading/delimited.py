"""Text with separators: CSV in every dialect that spreadsheets write."""

import csv
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

from django.utils.translation import gettext as _

from groundswell.exchange.importing.reading.sniffing import Form, separator_of
from groundswell.exchange.importing.reading.table import Row, Table, made_of
from groundswell.kernel.errors import Refusal

_SAMPLE: Final = 16 * 1024
_SEPARATORS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def read(path: Path, form: Form) -> Table:
    """Return the table of a text file; it is read while its rows are taken."""
    with path.open(encoding=form.encoding, newline="", errors="strict") as file:
        sample = _sample(file)
    separator = separator_of(sample.lstrip("\ufeff"))
    words = f"CSV, {form.words}, {_SEPARATORS[separator]}"
    return made_of(_rows(path, form.encoding, separator), words)


def _sample(file: TextIO) -> str:
    try:
        return file.read(_SAMPLE)
    except UnicodeError as problem:
        raise _undecodable() from problem


def _rows(path: Path, encoding: str, separator: str) -> Iterator[Row]:
    """Yield the records; each carries the number of the line it begins in."""
    with path.open(encoding=encoding, newline="", errors="strict") as file:
        reader = csv.reader(_lines(file), delimiter=separator, strict=True)
        begins = 1
        while True:
            begins = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as problem:
                raise _broken(problem, begins, reader.line_num) from problem
            except UnicodeError as problem:
                raise _undecodable() from problem
            if cells is None:
                return
            yield Row(begins, tuple(cells))


def _lines(file: TextIO) -> Iterator[str]:
    """Yield lines, whatever ends them; Excel's line that names the separator is passed over."""
    lines = iter(file)
    first = next(lines, "").lstrip("\ufeff")
    if first[:4].lower() == "sep=" and len(first.strip()) <= len("sep=;"):
        first = "\n"
    return itertools.chain([first], lines)


def _broken(problem: csv.Error, begins: int, line: int) -> Refusal:
    if "expected after" in str(problem):
        sentence = _("In line %(line)d a quote ends in the middle of a cell; double it or take it out.")
        return Refusal(sentence % {"line": line}, code="broken-quote")
    sentence = _("The quote that opens in line %(line)d is never closed; close it or take it out.")
    return Refusal(sentence % {"line": begins}, code="open-quote")


def _undecodable() -> Refusal:
    return Refusal(
        _("The file breaks off in the middle of a character; save it anew as UTF-8."), code="broken-text"
    )
