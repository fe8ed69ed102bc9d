"""What distinguishes the rules that transfer by the weighted inclusive Gregory method."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Law:
    """What one rule of this family says.

    `quota(votes, seats)` and `transfer_value(value, surplus, total)` work in units of 1/10^`places`.
    `zero_surplus`: an elected candidate with exactly the quota has a stage of her own.
    """

    method: str
    title: str
    places: int
    quota: Callable[[int, int], int]
    transfer_value: Callable[[int, int, int], int]
    zero_surplus: bool
    notes: tuple[str, ...]
