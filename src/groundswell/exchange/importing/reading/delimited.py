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
        sample = _sample(file, form)
    separator = separator_of(sample.lstrip("\ufeff"))
    words = f"CSV, {form.words}, {_SEPARATORS[separator]}"
    return made_of(_rows(path, form, separator), words)


def _sample(file: TextIO, form: Form) -> str:
    try:
        return file.read(_SAMPLE)
    except UnicodeError as problem:
        raise _undecodable(form) from problem


def _rows(path: Path, form: Form, separator: str) -> Iterator[Row]:
    """Yield the records; each carries the number of the line it begins in."""
    with path.open(encoding=form.encoding, newline="", errors="strict") as file:
        reader = csv.reader(_lines(file), delimiter=separator, strict=True)
        begins = 1
        while True:
            begins = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as problem:
                raise _broken(problem, begins, reader.line_num) from problem
            except UnicodeError as problem:
                raise _undecodable(form) from problem
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
    if "field limit" not in str(problem):
        sentence = _("The quote that opens in line %(line)d is never closed; close it or take it out.")
        return Refusal(sentence % {"line": begins}, code="open-quote")
    words = {"line": begins, "last": line, "most": csv.field_size_limit()}
    if line == begins:
        sentence = _("A cell in line %(line)d has more than %(most)d characters; shorten it.")
        return Refusal(sentence % words, code="long-cell")
    # Whether the quote is meant nobody can tell: a cell may have many lines.
    sentence = _(
        "The quote that opens in line %(line)d is not closed down to line %(last)d, after %(most)d"
        " characters; close it or take it out."
    )
    return Refusal(sentence % words, code="open-quote")


def _undecodable(form: Form) -> Refusal:
    sentence = _("The file cannot be read as %(encoding)s to its end; save it anew as UTF-8.")
    return Refusal(sentence % {"encoding": form.words}, field="encoding", code="broken-text")
