"""Cells of a list as text: where a sheet parts them at semicolons, none of the parts becomes a formula.

Excel parts a CSV as its country does: in much of Europe at semicolons, whatever the file was written with. So
`Ada;=HYPERLINK(…)`, one cell here, is two there.
"""

from groundswell.kernel import guarding

_PARTS = ";"


def guarded(cell: str) -> str:
    """Return a cell of which no part behind a semicolon is a formula either."""
    return _PARTS.join(map(guarding.guarded, cell.split(_PARTS)))


def unguarded(cell: str) -> str:
    """Return a cell as it was before `guarded`."""
    if _PARTS not in cell:  # nearly every cell; millions are read
        return guarding.unguarded(cell)
    first, *others = guarding.unguarded(cell).split(_PARTS)
    parts = (guarding.unguarded(part) if guarding.guarded(part[1:]) != part[1:] else part for part in others)
    return _PARTS.join((first, *parts))
