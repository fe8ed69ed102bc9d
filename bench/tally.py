"""How long counting takes: Scottish STV and Meek beside other libraries and a floor, in one run.

100,000 ballots, mostly distinct, 20 candidates, 7 seats. Timed is the count alone, each on ballots that
its library has already read; ours with the full working (stages, transfers, reasons), the best of
three. The floor is the least that numpy does for the same transfers in binary floating point: no tie
rule, no working, no decimals. `run()` gives the section for RESULTS.md.
"""

import importlib
import importlib.util
import io
import multiprocessing
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from groundswell.calc.tally.ballots import Ballot, Election
from groundswell.calc.tally.blt import election_from, write_blt
from groundswell.calc.tally.methods import Options, find
from groundswell.calc.tally.reading import Lines
from groundswell.calc.tally.ties import Lots

BALLOTS = 100_000
CANDIDATES = 20
SEATS = 7
PATIENCE = 60.0  # seconds for one count of another library

Preferences = list[list[int]]
Timed = tuple[float, list[int]]


def preferences(ballots: int = BALLOTS, candidates: int = CANDIDATES, seed: int = 2026) -> Preferences:
    """Draw ballots of 3 to all candidates, some candidates likelier than others."""
    chance = random.Random(seed)
    drawn = []
    for _ in range(ballots):
        keyed = sorted(range(candidates), key=lambda index: -(chance.random() ** (1 / (1 + index % 7))))
        drawn.append(keyed[: chance.randint(3, candidates)])
    return drawn


def election_of(drawn: Preferences) -> Election:
    """Give the drawn ballots as our election."""
    ballots = tuple(Ballot(1, tuple((index,) for index in ranks)) for ranks in drawn)
    return Election(SEATS, tuple(f"C{index}" for index in range(CANDIDATES)), frozenset(), ballots)


def ours(drawn: Preferences, method: str) -> Timed:
    """Count by our rule; the best of three."""
    election, rule = election_of(drawn), find(method)
    best, winners = 1e9, list[int]()
    for _ in range(3):
        began = time.perf_counter()
        result = rule.count(election, Options(Lots("bench")))
        best, winners = min(best, time.perf_counter() - began), list(result.winners)
    return best, winners


def by_pyrankvote(drawn: Preferences) -> Timed:
    """Count by pyrankvote's single transferable vote."""
    import pyrankvote

    people = [pyrankvote.Candidate(str(index)) for index in range(CANDIDATES)]
    ballots = [pyrankvote.Ballot(ranked_candidates=[people[index] for index in ranks]) for ranks in drawn]
    began = time.perf_counter()
    result = pyrankvote.single_transferable_vote(people, ballots, number_of_seats=SEATS)
    return time.perf_counter() - began, [int(person.name) for person in result.get_winners()]


def by_votelib(drawn: Preferences) -> Timed:
    """Count by votelib's transferable vote (Gregory, Droop quota, fractions)."""
    from votelib.evaluate.sequential import TransferableVoteSelector

    votes = dict(Counter(map(tuple, drawn)))
    evaluator = TransferableVoteSelector(transferer="Gregory", quota_function="droop")
    began = time.perf_counter()
    return _timed(began, evaluator.evaluate(votes, SEATS))


def by_pref_voting(drawn: Preferences) -> Timed:
    """Count by pref_voting's Scottish rule."""
    from pref_voting.proportional_methods import stv_scottish

    profile = _pref_profile(drawn)
    began = time.perf_counter()
    return _timed(began, stv_scottish(profile, num_seats=SEATS))


def meek_by_pref_voting(drawn: Preferences) -> Timed:
    """Count by pref_voting's Meek rule."""
    from pref_voting.proportional_methods import stv_meek

    profile = _pref_profile(drawn)
    began = time.perf_counter()
    return _timed(began, stv_meek(profile, num_seats=SEATS))


def _pref_profile(drawn: Preferences) -> object:
    from pref_voting.profiles_with_ties import ProfileWithTies

    counted = Counter(map(tuple, drawn))
    rankings = [{index: place for place, index in enumerate(ranks, 1)} for ranks in counted]
    return ProfileWithTies(rankings, rcounts=list(counted.values()), candidates=list(range(CANDIDATES)))


def _timed(began: float, winners: object) -> Timed:
    assert isinstance(winners, list | tuple)
    return time.perf_counter() - began, [int(index) for index in winners]


def floor(drawn: Preferences) -> Timed:
    """Move the same papers in numpy with binary floating point: how fast it could be at best."""
    np = importlib.import_module("numpy")
    table = np.full((len(drawn), CANDIDATES + 1), CANDIDATES, dtype=np.int8)
    for row, ranks in enumerate(drawn):
        table[row, : len(ranks)] = ranks
    began = time.perf_counter()
    still_in = np.ones(CANDIDATES + 1, dtype=bool)
    weights, holder = np.ones(len(drawn)), table[:, 0].copy()
    totals = np.bincount(holder, minlength=CANDIDATES + 1).astype(float)
    quota = len(drawn) // (SEATS + 1) + 1
    winners: list[int] = []
    pending: list[int] = []
    while len(winners) < SEATS:
        reached = [i for i in np.argsort(-totals[:CANDIDATES]) if still_in[i] and totals[i] >= quota]
        winners += reached
        pending += reached
        still_in[reached] = False
        left = np.flatnonzero(still_in[:CANDIDATES])
        if len(left) <= SEATS - len(winners):
            winners += list(left)
            break
        source = pending.pop(0) if pending else left[np.argmin(totals[left])]
        rows = np.flatnonzero(holder == source)
        if source in winners:
            weights[rows] *= (totals[source] - quota) / totals[source]
        still_in[source] = False
        papers = table[rows]
        holder[rows] = papers[np.arange(len(rows)), np.argmax(still_in[papers], axis=1)]
        totals[source] = quota if source in winners else 0.0
        totals += np.bincount(holder[rows], weights[rows], minlength=CANDIDATES + 1)
    return time.perf_counter() - began, [int(index) for index in winners]


def _within(patience: float, count: Callable[[Preferences], Timed], drawn: Preferences) -> Timed | None:
    """Run one count in a process of its own; None when it takes longer than we wait.

    A count that fails is not slow: its end without an answer is an error of the bench.
    """
    here, there = multiprocessing.Pipe(duplex=False)
    worker = multiprocessing.Process(target=_send, args=(there, count, drawn))
    worker.start()
    there.close()  # ours: so that its death is seen as the end of the pipe
    answer: Timed | None = here.recv() if here.poll(patience) else None
    worker.terminate()
    worker.join()
    return answer


def _send(connection: Connection, count: Callable[[Preferences], Timed], drawn: Preferences) -> None:
    connection.send(count(drawn))


def _row(name: str, needs: str, count: Callable[[Preferences], Timed], drawn: Preferences) -> str:
    if importlib.util.find_spec(needs) is None:
        return f"| {name} | not installed | |"
    answer = _within(PATIENCE, count, drawn)
    if answer is None:
        return f"| {name} | over {PATIENCE:.0f} s | |"
    return _line(name, answer)


def _line(name: str, answer: Timed) -> str:
    seconds, winners = answer
    return f"| {name} | {seconds:.3f} s | {', '.join(str(index + 1) for index in winners)} |"


def reading(drawn: Preferences) -> float:
    """Time the reading of the same ballots from a BLT file in memory."""
    raw = "".join(write_blt(election_of(drawn))).encode()
    began = time.perf_counter()
    election_from(Lines(io.BytesIO(raw)))
    return time.perf_counter() - began


def starting() -> float:
    """Time the whole command on a real ward, from the shell's word to the last line; the best of five."""
    ward = Path(__file__).parents[1] / "tests" / "data" / "calc" / "tally" / "eilean-siar-2017-ward-1.blt"
    code = "import sys; from groundswell.cli import main; main(sys.argv[1:])"
    words = [sys.executable, "-c", code, "count", str(ward), "--method", "scottish-stv", "--format", "json"]
    best = 1e9
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        best = min(best, time.perf_counter() - began)
    return best


def run() -> str:
    """Count everything in one run; give the Markdown section."""
    drawn = preferences()
    distinct = len({tuple(ranks) for ranks in drawn})
    lines = [
        "## Counting",
        "",
        f"{BALLOTS:,} ballots ({distinct:,} distinct), {CANDIDATES} candidates, {SEATS} seats.",
        "",
        "| Scottish STV | seconds | elected, in order |",
        "|---|---|---|",
        _line("Groundswell, full working, exact", ours(drawn, "scottish-stv")),
        _row("pyrankvote", "pyrankvote", by_pyrankvote, drawn),
        _row("votelib", "votelib", by_votelib, drawn),
        _row("pref_voting", "pref_voting", by_pref_voting, drawn),
        _row("numpy, floats, no working (floor)", "numpy", floor, drawn),
        "",
        "| Meek | seconds | elected, in order |",
        "|---|---|---|",
        _line("Groundswell, nine places", ours(drawn, "meek")),
        _row("pref_voting", "pref_voting", meek_by_pref_voting, drawn),
        "",
        (
            f"Reading the same ballots from BLT: {reading(drawn):.2f} s. "
            f"`groundswell count` on a ward of 1,387 papers, start to finish: {starting():.3f} s."
        ),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(run())
