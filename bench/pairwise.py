"""Schulze on 100,000 ballots, mostly distinct, and 20 candidates: ours, votelib's, and numpy's floor.

All in one run on one machine, on the same ballots. votelib and numpy are in the `bench` group.
"""

import importlib
import importlib.util
import random
import time
from collections import Counter
from collections.abc import Callable
from functools import partial

from groundswell.calc.tally.ballots import Ballot, Election
from groundswell.calc.tally.methods import Options, Rule, Unranked, find

CANDIDATES, BALLOTS, REPEATS = 20, 100_000, 3
Orders = list[list[int]]


def run() -> str:
    """Return a Markdown section: the best of three runs each, and who won."""
    orders = _orders()
    election = Election(
        1,
        tuple(f"c{index}" for index in range(CANDIDATES)),
        frozenset(),
        tuple(Ballot(1, tuple((index,) for index in order)) for order in orders),
    )
    distinct = len(set(map(tuple, orders)))
    lines = [
        "## Pairwise: Schulze, 100,000 ballots, 20 candidates (goal: 0.3 s)",
        "",
        f"{distinct} of the {BALLOTS} ballots are distinct; each ranks 5 to 20 candidates.",
        "",
        "| who | best of three | winner |",
        "| --- | ---: | --- |",
    ]
    for method in ("schulze", "ranked-pairs"):
        rule = find(method)
        lines.append(_row(f"Groundswell {method}", partial(_ours, rule, election, "last")))
        ignored = partial(_ours, rule, election, "ignored")
        lines.append(_row(f"Groundswell {method}, unranked ignored", ignored))
    if _installed("votelib"):
        lines.append(_row("votelib, Schulze", partial(_votelib, orders), repeats=1))
    if _installed("numpy"):
        lines.append(_row("numpy, table and paths only, no working", partial(_numpy, orders)))
    return "\n".join(lines) + "\n"


def _orders() -> Orders:
    draw = random.Random("pairwise")
    strength = [draw.random() for _ in range(CANDIDATES)]
    orders = []
    for _ in range(BALLOTS):
        liking = [base + 1.5 * draw.random() for base in strength]
        order = sorted(range(CANDIDATES), key=liking.__getitem__, reverse=True)
        orders.append(order[: draw.randint(5, CANDIDATES)])
    return orders


def _ours(rule: Rule, election: Election, unranked: Unranked) -> str:
    result = rule.count(election, Options(unranked=unranked))
    return result.names(result.winners)[0]


def _votelib(orders: Orders) -> str:
    condorcet = importlib.import_module("votelib.evaluate.condorcet")
    convert = importlib.import_module("votelib.convert")
    votes = Counter(tuple(f"c{index}" for index in order) for order in orders)
    pairs = convert.RankedToCondorcetVotes(unranked_at_bottom=True).convert(votes)
    return str(condorcet.Schulze().evaluate(pairs, 1)[0])


def _numpy(orders: Orders) -> str:
    np = importlib.import_module("numpy")
    places = np.full((BALLOTS, CANDIDATES), CANDIDATES, dtype=np.int8)
    lengths = np.fromiter(map(len, orders), dtype=np.int64, count=BALLOTS)
    flat = np.fromiter((index for order in orders for index in order), dtype=np.int64)
    rows = np.repeat(np.arange(BALLOTS), lengths)
    ranks = np.arange(len(flat)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    places[rows, flat] = ranks
    columns = np.ascontiguousarray(places.T)
    table = np.array([(column[None, :] < columns).sum(axis=1) for column in columns])
    paths = np.where(table > table.T, table, 0)
    for middle in range(CANDIDATES):
        paths = np.maximum(paths, np.minimum(paths[:, middle, None], paths[None, middle, :]))
    np.fill_diagonal(paths, 0)
    return f"c{int(np.argmax((paths >= paths.T).all(axis=1)))}"


def _installed(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def _row(who: str, work: Callable[[], str], repeats: int = REPEATS) -> str:
    times = []
    winner = ""
    for _ in range(repeats):
        start = time.perf_counter()
        winner = work()
        times.append(time.perf_counter() - start)
    return f"| {who} | {min(times):.3f} s | {winner} |"


if __name__ == "__main__":
    print(run())
