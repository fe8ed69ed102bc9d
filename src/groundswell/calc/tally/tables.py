"""Ballots as a table: CSV of ranks (a column for each candidate) or of preferences (a column for each rank).

Which of the two it is stands in the first line: `1,2,3` are ranks, so that the cells below hold names;
anything else are the names of candidates, so that the cells below hold ranks. A column `weight` may
stand first. The separator is the one sign of `,` `;` and tab that the first line has.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import Final

from groundswell.calc.errors import InputError, Words
from groundswell.calc.tally.ballots import Ballot, Election, Number, Ranks, whole_if_possible
from groundswell.calc.tally.figures import read_count, read_weight
from groundswell.calc.tally.reading import Lines, open_lines, shown

WEIGHT: Final = "weight"
_SEPARATORS: Final = (",", ";", "\t")


def read_csv(path: Path, *, seats: int) -> Election:
    """Read a table of ranks or of preferences. Raises `InputError` with the line's number."""
    with open_lines(path) as lines:
        return election_from(lines, seats=seats)


def election_from(source: Lines, *, seats: int) -> Election:
    """Read an election from the lines of a table. Raises `InputError` with the line's number."""
    rows = _rows(source)
    number, head = next(rows, (1, []))
    if not any(cell.strip() for cell in head):
        raise InputError("the table is empty: its first line names the columns.", number)
    head = [cell.strip() for cell in head]
    weighted = head[0].lower() == WEIGHT
    columns = head[1:] if weighted else head
    if _are_ranks(columns):
        candidates, ballots = _preferences(rows, len(columns), weighted=weighted)
        kind = "a table of preferences"
    else:
        _check_names(columns, number)
        candidates, ballots = tuple(columns), _ranks(rows, len(columns), weighted=weighted)
        kind = "a table of ranks"
    if not ballots:
        raise InputError("the file holds no ballots.", number)
    if seats > len(candidates):
        raise InputError(
            "there are more seats (%(seats)s) than candidates (%(candidates)s).",
            seats=seats,
            candidates=len(candidates),
        )
    remarks = (*source.remarks(), f"The file was read as {kind}.")
    return Election(seats, candidates, frozenset(), ballots, remarks=remarks)


def _rows(source: Lines) -> Iterator[tuple[int, list[str]]]:
    """Split the lines; the separator is decided by the first that is not empty."""
    separator = ""
    for number, line in source:
        if not line.strip():
            continue
        if not separator:
            present = [sign for sign in _SEPARATORS if sign in line]
            if len(present) > 1:
                raise InputError(
                    "the first line has several separators: use one of comma, semicolon, tab.", number
                )
            separator = present[0] if present else ","
        try:
            yield number, next(csv.reader([line], delimiter=separator, strict=True))
        except csv.Error as problem:
            raise InputError("the line is no row of a table: %(problem)s.", number, problem=problem) from None


def _are_ranks(columns: Sequence[str]) -> bool:
    return bool(columns) and list(columns) == [str(rank) for rank in range(1, len(columns) + 1)]


def _check_names(columns: Sequence[str], number: int) -> None:
    for name in columns:
        if not name:
            raise InputError("a column has no name; each column is a candidate.", number)
        if columns.count(name) > 1:
            raise InputError(
                "two candidates have the same name, %(name)s: tell them apart.", number, name=shown(name)
            )


def _split(row: list[str], columns: int, number: int, *, weighted: bool) -> tuple[Number, list[str]]:
    cells = [cell.strip() for cell in row]
    weight: Number = read_weight(cells[0], number) if weighted else 1
    cells = cells[1:] if weighted else cells
    if len(cells) > columns:
        raise InputError(
            "the row has %(cells)s cells for %(columns)s columns.", number, cells=len(cells), columns=columns
        )
    return weight, cells


def _ranks(rows: Iterator[tuple[int, list[str]]], columns: int, *, weighted: bool) -> tuple[Ballot, ...]:
    counts: dict[Ranks, Number] = {}
    for number, row in rows:
        weight, cells = _split(row, columns, number, weighted=weighted)
        places: dict[int, list[int]] = {}
        for index, cell in enumerate(cells):
            if cell:
                rank = read_count(cell, Words("a rank"), number)
                if rank > columns:
                    raise InputError(
                        "rank %(rank)s is beyond the %(columns)s candidates.",
                        number,
                        rank=rank,
                        columns=columns,
                    )
                places.setdefault(rank, []).append(index)
        ranks = tuple(tuple(places.get(rank, ())) for rank in range(1, max(places, default=0) + 1))
        counts[ranks] = counts.get(ranks, 0) + weight
    return _ballots(counts)


def _preferences(
    rows: Iterator[tuple[int, list[str]]], columns: int, *, weighted: bool
) -> tuple[tuple[str, ...], tuple[Ballot, ...]]:
    indexes: dict[str, int] = {}
    counts: dict[Ranks, Number] = {}
    for number, row in rows:
        weight, cells = _split(row, columns, number, weighted=weighted)
        ranks: list[tuple[int, ...]] = [
            (indexes.setdefault(cell, len(indexes)),) if cell else () for cell in cells
        ]
        named = [group for group in ranks if group]
        if len(set(named)) < len(named):
            raise InputError("a candidate stands twice on the ballot.", number)
        while ranks and not ranks[-1]:
            ranks.pop()
        key = tuple(ranks)
        counts[key] = counts.get(key, 0) + weight
    return tuple(indexes), _ballots(counts)


def _ballots(counts: dict[Ranks, Number]) -> tuple[Ballot, ...]:
    return tuple(Ballot(whole_if_possible(weight), ranks) for ranks, weight in counts.items())


def write_ranks(election: Election) -> Iterable[str]:
    """Write a table of ranks, line by line. Seats, title and withdrawals have no place in it."""
    yield _line([WEIGHT, *election.candidates])
    for ballot in election.ballots:
        ranks = {index: rank for rank, group in enumerate(ballot.ranks, 1) for index in group}
        cells = [str(ranks.get(index, "")) for index in range(len(election.candidates))]
        yield _line([str(ballot.weight), *cells])


def write_preferences(election: Election) -> Iterable[str]:
    """Write a table of preferences. Raises `InputError` for equal rankings, which it cannot hold."""
    if election.has_equal_ranks:
        raise InputError("a table of preferences holds no equal rankings: write a table of ranks.")
    widest = max((len(ballot.ranks) for ballot in election.ballots), default=1) or 1
    yield _line([WEIGHT, *map(str, range(1, widest + 1))])
    for ballot in election.ballots:
        names = [election.candidates[group[0]] if group else "" for group in ballot.ranks]
        yield _line([str(ballot.weight), *names, *[""] * (widest - len(names))])


def _line(cells: Sequence[str]) -> str:
    buffer = StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(cells)
    return buffer.getvalue()
