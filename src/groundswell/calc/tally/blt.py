"""Files of ballots in the BLT format, in every dialect in use, read as a stream.

The format is that of Hill, Wichmann and Woodall, “Algorithm 123: Single Transferable Vote by Meek's
Method”, The Computer Journal 30 (1987), with what later programs added: comments from `#` to the end
of the line, names without quotation marks (one to a line), weights as decimals or fractions, `=`
between candidates ranked equally, `-` for a skipped rank, an identifier in parentheses before the
weight, ballots that name nobody. `docs/counting.md` shows one of each.

What is held is bounded by the distinct ballots, not by the size of the file.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from groundswell.calc.errors import InputError, Words
from groundswell.calc.tally.ballots import Ballot, Election, Number, Ranks, whole_if_possible
from groundswell.calc.tally.figures import read_count, read_weight
from groundswell.calc.tally.names import read_names
from groundswell.calc.tally.reading import Lines, open_lines, shown

MOST_CANDIDATES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the ballots."""

    candidates: int
    seats: int


def read_blt(path: Path, *, seats: int | None = None) -> Election:
    """Read a file. `seats` overrides what the file says. Raises `InputError` with the line's number."""
    with open_lines(path) as lines:
        return election_from(lines, seats=seats)


def election_from(source: Lines, *, seats: int | None = None) -> Election:
    """Read an election from lines. Raises `InputError` with the line's number."""
    lines = iter(source)
    head = _head(lines, seats)
    withdrawn, ballots = _ballots(lines, head)
    candidates, title = read_names(lines, head.candidates)
    return Election(
        seats=head.seats,
        candidates=candidates,
        withdrawn=withdrawn,
        ballots=ballots,
        title=title,
        remarks=source.remarks(),
    )


def _head(lines: Iterator[tuple[int, str]], seats: int | None) -> Head:
    for number, line in lines:
        words = _uncommented(line).split()
        if not words:
            continue
        if len(words) != 2:  # noqa: PLR2004 - the two numbers the format begins with
            raise InputError(
                "a BLT file begins with two numbers, candidates and seats; here stands %(found)s.",
                number,
                found=shown(line),
            )
        candidates = read_count(words[0], Words("the number of candidates"), number)
        filled = read_count(words[1], Words("the number of seats"), number) if seats is None else seats
        if candidates > MOST_CANDIDATES:
            raise InputError(
                "%(candidates)s candidates are more than the %(most)s allowed.",
                number,
                candidates=candidates,
                most=MOST_CANDIDATES,
            )
        if filled > candidates:
            raise InputError(
                "there are more seats (%(seats)s) than candidates (%(candidates)s).",
                number,
                seats=filled,
                candidates=candidates,
            )
        return Head(candidates, filled)
    raise InputError("the file is empty.", 1)


def _uncommented(line: str) -> str:
    return line.partition("#")[0]


def _ballots(lines: Iterator[tuple[int, str]], head: Head) -> tuple[frozenset[int], tuple[Ballot, ...]]:
    """Read the withdrawn and the ballots up to the line `0`."""
    withdrawn: set[int] = set()
    pile = _Pile(head.candidates)
    number = 1
    for number, line in lines:
        text = line.strip()
        if text == "0" or (text and _uncommented(text).strip() == "0"):
            if not pile.papers:
                raise InputError("the file holds no ballots.", number)
            return frozenset(withdrawn), pile.ballots()
        if text.startswith("-") and not pile.papers:
            _withdraw(_uncommented(text), withdrawn, head, number)
        elif text and not text.startswith("#"):
            pile.add(text, number)
    raise InputError("the file ends before the line “0” that closes the ballots.", number)


def _withdraw(text: str, withdrawn: set[int], head: Head, number: int) -> None:
    for word in text.split():
        if not word.startswith("-"):
            raise InputError(
                "on the line of withdrawn candidates stands %(found)s, no number below 0.",
                number,
                found=shown(word),
            )
        withdrawn.add(_candidate(word[1:], head.candidates, number))


class _Pile:
    """Ballots being read: each distinct line is understood once, then only counted."""

    def __init__(self, candidates: int) -> None:
        self.papers = False
        self._candidates = candidates
        self._groups = {str(index + 1): (index,) for index in range(candidates)}
        self._known: dict[str, tuple[Number, Ranks]] = {}
        self._counts: dict[Ranks, Number] = {}

    def add(self, text: str, number: int) -> None:
        """Add one line. Raises `InputError`."""
        if text.startswith("("):
            text = _without_identifier(text, number)
        known = self._known.get(text)
        if known is None:
            known = self._understand(text, number)
            self._known[text] = known
        weight, ranks = known
        self._counts[ranks] = self._counts.get(ranks, 0) + weight
        self.papers = True

    def _understand(self, text: str, number: int) -> tuple[Number, Ranks]:
        if text.startswith('"'):
            raise InputError("a name begins here, but no line “0” has closed the ballots.", number)
        first, *words = _uncommented(text).replace("=", " = ").split() or [""]
        if not words or words.pop() != "0":
            raise InputError("the ballot %(found)s does not end with 0.", number, found=shown(text))
        weight = read_weight(first, number)
        groups = self._groups
        if all(word in groups for word in words) and len(set(words)) == len(words):
            return weight, tuple([groups[word] for word in words])  # strict ranks, nearly all there are
        return weight, _ranks(words, self._candidates, number)

    def ballots(self) -> tuple[Ballot, ...]:
        """Give the distinct ballots in the order of their first appearance."""
        return tuple(Ballot(whole_if_possible(weight), ranks) for ranks, weight in self._counts.items())


def _without_identifier(text: str, number: int) -> str:
    _, closed, rest = text.partition(")")
    if not closed:
        raise InputError("the identifier of the ballot has no closing parenthesis.", number)
    return rest.strip()


def _ranks(words: list[str], candidates: int, number: int) -> Ranks:
    ranks: list[tuple[int, ...]] = []
    seen: set[int] = set()
    joined = False
    for position, word in enumerate(words):
        if word == "=":
            if joined or not ranks or not ranks[-1] or position == len(words) - 1:
                raise InputError("“=” must stand between two candidates.", number)
            joined = True
            continue
        if word == "-":
            if joined:
                raise InputError("“=” must stand between two candidates.", number)
            ranks.append(())
            continue
        index = _candidate(word, candidates, number)
        if index in seen:
            raise InputError("candidate %(number)s stands twice on the ballot.", number, number=index + 1)
        seen.add(index)
        if joined:
            ranks[-1] += (index,)
            joined = False
        else:
            ranks.append((index,))
    while ranks and not ranks[-1]:
        ranks.pop()
    return tuple(ranks)


def _candidate(word: str, candidates: int, number: int) -> int:
    if word == "0":
        raise InputError("after the 0 that ends the ballot there is more text.", number)
    if not (word.isascii() and word.isdigit()):
        raise InputError("%(found)s is no number of a candidate.", number, found=shown(word))
    if len(word) > len(str(MOST_CANDIDATES)) or not 1 <= int(word) <= candidates:
        raise InputError(
            "there is no candidate %(found)s; they are numbered 1 to %(candidates)s.",
            number,
            found=shown(word),
            candidates=candidates,
        )
    return int(word) - 1


def write_blt(election: Election) -> Iterable[str]:
    """Write an election line by line, each with its end, in the plainest dialect that can hold it."""
    yield f"{len(election.candidates)} {election.seats}\n"
    if election.withdrawn:
        yield " ".join(str(-(index + 1)) for index in sorted(election.withdrawn)) + "\n"
    for ballot in election.ballots:
        ranks = ("=".join(str(index + 1) for index in group) or "-" for group in ballot.ranks)
        yield " ".join([str(ballot.weight), *ranks, "0"]) + "\n"
    yield "0\n"
    for name in (*election.candidates, election.title):
        yield '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"\n'
