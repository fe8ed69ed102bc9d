"""Cells that a sheet would take for formulas, on their way out and back in."""

import re
from typing import Final

# A cell that begins so is a formula to a sheet, whoever wrote it; some take the wide signs of East Asia too.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

_FIGURES: Final = re.compile(r"\d[\d ()./-]*")


def guarded(cell: str) -> str:
    """Return a cell that no sheet takes for a formula; a number stays a number."""
    number = cell.lstrip("+-").replace(".", "", 1).replace(" ", "").isdecimal()
    return f"'{cell}" if cell.startswith(_FORMULA) and not number else cell


def unguarded(cell: str) -> str:
    """Return a cell as it was before `guarded`; other programs that write lists guard them alike.

    Some guard figures too, so that a sheet keeps the noughts in front of them.
    """
    guards = cell.startswith("'") and (cell[1:].startswith(_FORMULA) or _FIGURES.fullmatch(cell, 1))
    return cell[1:] if guards else cell
