"""Who acts: an account, the person behind it, and the offices she holds today."""

from dataclasses import dataclass
from typing import Final, Protocol

OFFICES: Final = ("organiser", "secretary", "treasurer", "dpo", "auditor")


class Place(Protocol):
    """What reach is measured on: a unit, with the path of today's tree ('/1/17/203/')."""

    @property
    def pk(self) -> int:
        """The unit's surrogate key."""

    @property
    def path(self) -> str:
        """The keys from the top down to the unit itself."""

    @property
    def holds_names(self) -> bool:
        """Whether offices of this unit may see the names of its members."""


@dataclass(frozen=True, slots=True)
class Office:
    """A mandate that is valid today: an office in a unit."""

    office: str
    unit_id: int
    path: str
    holds_names: bool

    def covers(self, path: str) -> bool:
        """Return whether the unit with this path is the office's own or lies below it."""
        return path.startswith(self.path)

    def covers_below(self, path: str) -> bool:
        """Return whether the unit with this path lies strictly below the office's own."""
        return path != self.path and path.startswith(self.path)


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks or acts; `operator` is the one who runs the server, with every right.

    `own_units` are the units a member knows from inside: her branch, its section, the international.
    `time_zone` is that of the unit she is at home in, whose calendar she lives by (`kernel.clock.read_in`).
    `needs_factor` says that one of her offices demands a second factor which she has not set up yet.
    """

    account_id: int | None = None
    person_id: int | None = None
    name: str = ""
    mandates: tuple[Office, ...] = ()
    operator: bool = False
    own_units: frozenset[int] = frozenset()
    time_zone: str = "UTC"
    needs_factor: bool = False


ANONYMOUS: Final = Actor()
OPERATOR: Final = Actor(name="operator", operator=True)
