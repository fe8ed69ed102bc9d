"""Chance that is the same on every machine: one generator for each purpose, seeded by words.

A generator per unit and purpose, so that a change in one section shifts nothing in the others.
"""

import datetime as dt
import random
from typing import Final

SEED: Final = "groundswell 2024"
UTC: Final = dt.UTC


def chance(*words: str) -> random.Random:
    """Return the generator of these words; the same words give the same numbers for ever."""
    return random.Random(" ".join((SEED, *words)))  # noqa: S311 - a plan that repeats itself, not a secret


def share_out(total: int, weights: list[float]) -> list[int]:
    """Share `total` out by `weights` in whole numbers that add up (largest remainders, first wins ties)."""
    whole = sum(weights) or 1.0
    exact = [total * weight / whole for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda place: (shares[place] - exact[place], place))
    for place in by_remainder[: total - sum(shares)]:
        shares[place] += 1
    return shares


def within(total: int, weights: list[float], least: int, most: int) -> list[int]:
    """Share `total` out by `weights`, each share between `least` and `most`.

    Shares beyond a bound are cut to it and the rest is moved, one by one, to the share furthest from
    its wish. Raises ValueError when `total` fits into no such shares.
    """
    if not least * len(weights) <= total <= most * len(weights):
        raise ValueError(f"{total} does not fit into {len(weights)} shares of {least} to {most}")
    wish = share_out(total, weights)
    shares = [min(max(share, least), most) for share in wish]
    while (over := sum(shares) - total) != 0:
        step = -1 if over > 0 else 1
        movable = [p for p, share in enumerate(shares) if least <= share + step <= most]
        place = max(movable, key=lambda p: ((wish[p] - shares[p]) * step, shares[p] * -step, -p))
        shares[place] += step
    return shares


def recorded(day: dt.date, latest: dt.date, rng: random.Random) -> dt.datetime:
    """Return when a fact of `day` was entered: in working hours (UTC), 0 to 3 days later, by `latest`."""
    lag = rng.choices((0, 1, 2, 3), (45, 25, 15, 15))[0]
    return moment(min(day + dt.timedelta(days=lag), latest), rng)


def moment(day: dt.date, rng: random.Random) -> dt.datetime:
    """Return a moment between 8 and 20 o'clock UTC of `day`."""
    return dt.datetime.combine(day, dt.time(8), UTC) + dt.timedelta(seconds=rng.randrange(12 * 3600))
