"""The process that opens a sheet: `python -m …sheetprocess FILE` prints its rows as lines of JSON.

The last line is no row: it says how many other sheets of the file hold something.

It stands alone, without Django, and lowers its own ceiling of memory before it opens anything.
"""

import contextlib
import datetime as dt
import json
import resource
import sys
import zipfile
from typing import Any, Final
from xml.parsers import expat

CEILING: Final = 1024 * 1024 * 1024
# The library's own bound of a table, cells that a sheet only claims among them.
MOST_CELLS: Final = 100_000_000
_LOCKED: Final = 3
_DAMAGED: Final = 4
_TOO_LARGE: Final = 5
_STEP: Final = 256 * 1024
# What the library says of a sheet that claims more than it opens; all else that it says is damage.
_CLAIMS: Final = ("Cell limit exceeded", "number too large", "capacity overflow")


def text_of(cell: Any) -> str:
    """Return a cell as a person would write it: whole numbers without a point, days as 2024-01-31."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)


def main(path: str) -> int:
    """Print `[number, [cell, …]]` for each row of the first sheet that has any, then how many others do.

    Return the exit status.
    """
    _hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    ceiling = CEILING if _hard == resource.RLIM_INFINITY else min(CEILING, _hard)
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, _hard))
    from python_calamine import CalamineError, PasswordError, load_workbook

    try:
        _parse(path)
        book = load_workbook(path)
        names = iter(book.sheet_names)
        for name in names:
            sheet = book.get_sheet_by_name(name)
            if sheet.height:
                _print(sheet)
                _say(0)  # what follows takes nothing away from the rows
                break
        # Another sheet may be a chart, or broken: that is no matter of the list, which is read by then.
        with contextlib.suppress(CalamineError):
            _say(sum(bool(book.get_sheet_by_name(name).height) for name in names))
    except PasswordError:
        return _LOCKED
    except MemoryError:
        return _TOO_LARGE
    except (CalamineError, expat.ExpatError, ValueError, OSError) as problem:
        return _verdict(problem)
    except BaseException as problem:
        # What the library did not foresee comes as a panic, which is no Exception and has no name to import.
        if type(problem).__name__ == "PanicException":
            return _verdict(problem)
        raise
    return 0


def _verdict(problem: BaseException) -> int:
    return _TOO_LARGE if any(claim in str(problem) for claim in _CLAIMS) else _DAMAGED


def _parse(path: str) -> None:
    """Run through the text of an OpenDocument sheet: the library never ends on one that breaks off."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        if "content.xml" not in archive.namelist():
            return
        parser = expat.ParserCreate()
        with archive.open("content.xml") as content:
            while block := content.read(_STEP):
                parser.Parse(block, False)  # noqa: FBT003 - expat takes it by its place
        parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by its place


def _print(sheet: Any) -> None:
    # The library hands out every row of the sheet, and of each the cells from the first filled column on.
    left = sheet.start[1] if sheet.start else 0
    down: dict[int, tuple[int, str]] = {}
    merged = _merged(sheet)
    for row, cells in enumerate(sheet.iter_rows()):
        texts = [text_of(cell) for cell in cells]
        for column, last in merged.get(row, ()):
            if left <= column < left + len(texts):
                down[column] = (last, texts[column - left])
        for column, (last, text) in down.items():
            if row <= last:
                texts[column - left] = text
        _say([row + 1, texts])


def _merged(sheet: Any) -> dict[int, list[tuple[int, int]]]:
    """Return the cells that are one down several rows: by the first row, the column and the last row.

    What stands in one of them is said of each of its rows. Cells that are one across are a title.
    """
    found: dict[int, list[tuple[int, int]]] = {}
    for (first, column), (last, to) in getattr(sheet, "merged_cell_ranges", None) or ():
        if first < last and column == to:
            found.setdefault(first, []).append((column, last))
    return found


def _say(what: Any) -> None:
    line = json.dumps(what, ensure_ascii=False)
    sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
