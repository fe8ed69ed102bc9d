"""Cells that say “as above” by a ditto mark, as lists made by hand do."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from groundswell.exchange.importing.reading import Row

# What may be somebody's name (Do, Idem) is not among them.
_MARKS: Final = frozenset(
    (
        *('"', "''", ",,", "\N{DITTO MARK}", "\N{DOUBLE PRIME}", "\N{LEFT DOUBLE QUOTATION MARK}"),
        *("\N{RIGHT DOUBLE QUOTATION MARK}", "\N{DOUBLE LOW-9 QUOTATION MARK}", '-"-', '- " -', '--"--'),
        *("dto.", "dto", "ditto", "dito", "detto", "do."),
    )
)
_LONGEST: Final = 8


def filled(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows with what stands above in the cells that only say so."""
    above: tuple[str, ...] = ()
    for row in rows:
        if any(map(_is_mark, row.values)):
            cells = enumerate(row.values)
            values = tuple(
                above[place] if place < len(above) and _is_mark(cell) else cell for place, cell in cells
            )
            row = replace(row, values=values)  # noqa: PLW2901 - the row as it is meant
        above = row.values
        yield row


def _is_mark(cell: str) -> bool:
    return 0 < len(cell) <= _LONGEST and cell.strip().casefold() in _MARKS
