"""Reading the scenario's small files, and refusing them in one sentence with file, line and value."""

import csv
import datetime as dt
import io
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from groundswell.kernel.errors import Refusal

EARLIEST: Final = dt.date(1800, 1, 1)
LATEST: Final = dt.date(2999, 12, 31)


class ScenarioProblem(Refusal):
    """A scenario file is wrong; the sentence names file, line and value, `where` is "file:line"."""

    def __init__(self, file: str, line: int | None, sentence: str) -> None:
        place = file if line is None else f"{file}, line {line}"
        super().__init__(f"{place}: {sentence.rstrip('.')}.", code="scenario")
        self.where = file if line is None else f"{file}:{line}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a file, which knows where it stands so that a refusal can say so."""

    file: str
    line: int
    column: str
    text: str

    def refuse(self, why: str) -> ScenarioProblem:
        """Return the refusal of this value: `why` completes “column “value” …”."""
        return ScenarioProblem(self.file, self.line, f"{self.column} “{self.text}” {why}.")

    def filled(self) -> str:
        """Return the text; an empty one is refused."""
        if not self.text:
            raise self.refuse("is empty")
        return self.text

    def whole(self, least: int, most: int) -> int:
        """Return a whole number between `least` and `most`, both included."""
        if not (self.text.isascii() and self.text.isdigit() and len(self.text) < 12):  # noqa: PLR2004 - longer is no count
            raise self.refuse("is not a whole number")
        number = int(self.text)
        if not least <= number <= most:
            raise self.refuse(f"does not lie between {least:,} and {most:,}")
        return number

    def degrees(self, most: float) -> float:
        """Return an angle between minus and plus `most` degrees."""
        try:
            angle = float(self.text)
        except ValueError:
            raise self.refuse("is not an angle in degrees") from None
        if not -most <= angle <= most:
            raise self.refuse(f"does not lie between -{most:g} and {most:g}")
        return angle

    def day(self) -> dt.date:
        """Return a day written as YYYY-MM-DD."""
        return as_day(self.text, self)

    def one_of(self, choices: Sequence[str]) -> str:
        """Return the text if it is one of `choices`."""
        if self.text not in choices:
            raise self.refuse(f"is none of {', '.join(choices)}")
        return self.text

    def parts(self) -> tuple[str, ...]:
        """Return the parts between semicolons; none of them may be empty."""
        found = tuple(part.strip() for part in self.text.split(";")) if self.text else ()
        if not all(found):
            raise self.refuse("has an empty part between its semicolons")
        return found

    def by_language(self) -> Mapping[str, str]:
        """Return `language=text` pairs in their order."""
        pairs = [part.partition("=") for part in self.parts()]
        if not all(language and text for language, _, text in pairs):
            raise self.refuse("is not a list of language=text")
        return {language: text for language, _, text in pairs}


def as_day(text: str, cell: Cell) -> dt.date:
    """Return the day `text` writes as YYYY-MM-DD, refused at `cell` when it is none."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise cell.refuse("is not a day (write it as 2024-01-31)") from None
    if not EARLIEST <= day <= LATEST:
        raise cell.refuse(f"is not a day between {EARLIEST} and {LATEST}")
    return day


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file: its header, and its rows of cells by column."""

    file: str
    header: tuple[str, ...]
    rows: tuple[Mapping[str, Cell], ...]

    def heading(self, column: str) -> Cell:
        """Return the header's own cell of `column`, to refuse it."""
        return Cell(self.file, 1, "column", column)


def read_table(folder: Path, file: str, required: Sequence[str]) -> Table:
    """Read `file` of `folder`; a missing file, column or cell is refused."""
    rows = _rows(_text(folder, file), file)
    _, first = next(rows, (1, []))
    header = tuple(name.strip() for name in first)
    for column in required:
        if column not in header:
            raise ScenarioProblem(file, 1, f"the column “{column}” is missing")
    if len(set(header)) != len(header):
        raise ScenarioProblem(file, 1, "a column appears twice")
    return Table(file, header, tuple(_cells(file, header, line, row) for line, row in rows))


def read_toml(folder: Path, file: str) -> "Document":
    """Read `file` of `folder`; what is not TOML is refused with the parser's own line."""
    text = _text(folder, file)
    try:
        return Document(file, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        raise ScenarioProblem(file, None, f"is not TOML: {problem}") from None


@dataclass(frozen=True, slots=True)
class Document:
    """A TOML file and its text, in which a refused value is found again."""

    file: str
    text: str
    content: Mapping[str, Any]

    def cell(self, key: str, value: object) -> Cell:
        """Return the place of `value` under `key`: the first line that holds both, or the key."""
        lines = self.text.splitlines()
        both = [number for number, line in enumerate(lines, 1) if key in line and str(value) in line]
        either = [number for number, line in enumerate(lines, 1) if key in line]
        return Cell(self.file, (both or either or [1])[0], key, str(value))

    def table(self, *path: str) -> Mapping[str, Any]:
        """Return the table at `path`; a missing one is refused."""
        found: Any = self.content
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        if not isinstance(found, dict):
            raise ScenarioProblem(self.file, None, f"the table [{'.'.join(path)}] is missing")
        return found

    def tables(self, key: str) -> list[Mapping[str, Any]]:
        """Return the tables of the array `key`; none is an empty list."""
        found = self.content.get(key, [])
        if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
            raise ScenarioProblem(self.file, None, f"[[{key}]] is not a list of tables")
        return found

    def value(self, table: Mapping[str, Any], key: str, kind: type | tuple[type, ...]) -> Any:
        """Return `table[key]` of the type `kind`; missing or of another type it is refused."""
        if key not in table:
            raise ScenarioProblem(self.file, None, f"the key “{key}” is missing in {_glimpse(table)}")
        value = table[key]
        if not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool):
            raise self.cell(key, value).refuse("is of the wrong type")
        return value

    def day(self, table: Mapping[str, Any], key: str) -> dt.date:
        """Return the day at `table[key]`."""
        return as_day(str(self.value(table, key, dt.date)), self.cell(key, table[key]))


def _glimpse(table: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{key} = {value}" for key, value in list(table.items())[:2]) + " …}"


def _text(folder: Path, file: str) -> str:
    try:
        return (folder / file).read_text("utf-8")
    except FileNotFoundError:
        raise ScenarioProblem(file, None, "the file is missing") from None
    except UnicodeDecodeError:
        raise ScenarioProblem(file, None, "the file is not UTF-8 text") from None


def _rows(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text), strict=True)
    while True:
        try:
            row = next(reader, None)
        except csv.Error as problem:
            raise ScenarioProblem(file, reader.line_num, f"is not CSV: {problem}") from None
        if row is None:
            return
        if row:
            yield reader.line_num, row


def _cells(file: str, header: tuple[str, ...], line: int, row: list[str]) -> Mapping[str, Cell]:
    if len(row) != len(header):
        raise ScenarioProblem(file, line, f"has {len(row)} values, the header has {len(header)}")
    return {name: Cell(file, line, name, text.strip()) for name, text in zip(header, row, strict=True)}
