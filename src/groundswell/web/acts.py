"""What may be done on a page: what is done most as a button, what is rarer behind one word.

On a phone a row of eight buttons stands between whoever came and what she came for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

# What it says, and the address it leads to.
Act = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Acts:
    """The chief act, or None; those beside it as buttons; those in the menu."""

    chief: Act | None
    beside: tuple[Act, ...]
    menu: tuple[Act, ...]

    def __bool__(self) -> bool:
        """Return whether there is anything to do."""
        return bool(self.chief or self.beside or self.menu)


def led(offered: Sequence[Act]) -> Acts:
    """Return acts of which the first is done most; a menu of one is a button."""
    return _parted(offered[0] if offered else None, tuple(offered[1:]))


def level(offered: Sequence[Act]) -> Acts:
    """Return acts of which none comes before another; a menu of one is a button."""
    return _parted(None, tuple(offered))


def _parted(chief: Act | None, rest: tuple[Act, ...]) -> Acts:
    return Acts(chief, rest, ()) if len(rest) == 1 else Acts(chief, (), rest)
