"""Whatever stands in a file, it is read or refused by a sentence; what is written is read back."""

from collections.abc import Callable
from fractions import Fraction
from io import BytesIO

from hypothesis import example
from hypothesis import strategies as st

from groundswell.calc.errors import InputError
from groundswell.calc.tally import blt, tables
from groundswell.calc.tally.ballots import Ballot, Election, merge
from groundswell.calc.tally.reading import Lines
from sampling import sampled

SIGNS = ["0", "1", "2", "3", "4", "-1", "-", "=", "1=2", "1/2", "0.5", "(x)", "(", ")", '"', '"A"', '""', "#"]
OTHERS = [
    "\\",
    "weight",
    ",",
    ";",
    "\t",
    "Ada",
    "\ufeff",
    "\u202e",
    "é",
    "\n",
    "\r\n",
    "\r",
    " ",
    "",
    "9" * 40,
]
PIECES = st.sampled_from([*SIGNS, *OTHERS])
NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)


def _outcome(read: Callable[[bytes], Election], raw: bytes) -> Election | str:
    try:
        return read(raw)
    except InputError as refusal:
        return refusal.message


def _refused_or_read(raw: bytes) -> None:
    for read in (_file, _table):
        found = _outcome(read, raw)
        if isinstance(found, str):
            assert found.endswith(".")
            assert len(found) < 400
        else:
            assert found.votes > 0


def _file(raw: bytes) -> Election:
    return blt.election_from(Lines(BytesIO(raw)))


def _table(raw: bytes) -> Election:
    return tables.election_from(Lines(BytesIO(raw)), seats=1)


@sampled(15, 400, st.binary(max_size=200))
@example(b"\xff\xfe\x00")
@example(b"\xff\xfe\x00\xd8")
@example(b"\xef\xbb\xbf")
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    _refused_or_read(raw)


@sampled(15, 400, st.lists(PIECES, max_size=40))
def test_any_words_of_the_format_are_read_or_refused(pieces: list[str]) -> None:
    _refused_or_read(" ".join(pieces).encode())
    _refused_or_read(("3 2\n1 1 0\n" + " ".join(pieces)).encode())


@sampled(15, 400, st.data())
def test_any_election_is_written_and_read_back(data: st.DataObject) -> None:
    names = data.draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    groups = st.permutations(range(len(names))).flatmap(
        lambda order: st.lists(st.integers(0, 2), min_size=len(order), max_size=len(order)).map(
            lambda sizes: _cut(list(order), sizes)
        )
    )
    weights = st.integers(1, 9) | st.fractions(Fraction(1, 9), 9, max_denominator=9)
    ballots = merge(data.draw(st.lists(st.builds(Ballot, weights, groups), min_size=1, max_size=8)))
    gone = frozenset(data.draw(st.sets(st.integers(0, len(names) - 1), max_size=2)))
    election = Election(1, tuple(names), gone, ballots, data.draw(NAMES | st.just("")))
    again = blt.election_from(Lines(BytesIO("".join(blt.write_blt(election)).encode())))
    assert again.ballots == election.ballots
    assert (again.candidates, again.withdrawn, again.title) == (election.candidates, gone, election.title)


def _cut(order: list[int], sizes: list[int]) -> tuple[tuple[int, ...], ...]:
    """Cut an order of candidates into groups of the sizes given; 0 is a skipped rank."""
    ranks = []
    for size in sizes:
        ranks.append(tuple(order[:size]))
        order = order[size:]
    while ranks and not ranks[-1]:
        ranks.pop()
    return tuple(ranks)
