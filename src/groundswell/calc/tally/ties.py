r"""What decides a tie that the votes themselves leave open. Nothing is ever decided silently.

A *decider* puts tied candidates in order: the earlier wins the tie, or stays in. Three exist:
`UNDECIDED` (the default) decides nothing, so that the count stops and says who is tied;
`Lots(seed)`; `Decisions(names)`.

**The lot.** For each tied candidate take the SHA-256 digest of the UTF-8 bytes of the seed, one line
feed (0x0A), and the name exactly as the file has it; write it in lower-case hexadecimal. The lowest
digest, compared as text, comes first. Anybody can repeat it:
`printf '%s\n%s' "$SEED" "$NAME" | sha256sum`. The seed must be fixed in public before the names or
the votes are known to whoever chooses it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from groundswell.calc.errors import InputError, Names, TieError, Words
from groundswell.calc.tally.ballots import Number

How = Literal["backwards", "forwards", "lot", "decision"]


class Decider(Protocol):
    """Puts tied candidates in order, the one who wins or stays in first; None decides nothing."""

    @property
    def how(self) -> How:
        """The word under which the tie is recorded."""
        ...

    def order(self, names: Sequence[str]) -> tuple[str, ...] | None:
        """Order `names`, best first, or give None when this decider cannot tell them apart."""
        ...

    def describe(self) -> str:
        """Give one sentence, printed with the result, by which anybody can repeat the decision."""
        ...


@dataclass(frozen=True, slots=True)
class Undecided:
    """Decides nothing: a tie stops the count."""

    how: How = "decision"

    def order(self, names: Sequence[str]) -> tuple[str, ...] | None:
        """Give None for any names."""
        del names
        return None

    def describe(self) -> str:
        """Say that ties stop the count."""
        return "Nothing was given to decide ties by: a tie stops the count."


UNDECIDED = Undecided()


@dataclass(frozen=True, slots=True)
class Lots:
    """Lots drawn by a published seed; the module's docstring states the algorithm."""

    seed: str
    how: How = "lot"

    def digest(self, name: str) -> str:
        """Give the lot of one candidate: 64 hexadecimal digits, the lowest first."""
        return hashlib.sha256(f"{self.seed}\n{name}".encode()).hexdigest()

    def order(self, names: Sequence[str]) -> tuple[str, ...] | None:
        """Order the names by their lots."""
        return tuple(sorted(names, key=self.digest))

    def describe(self) -> str:
        """State the seed and the algorithm."""
        return (
            f"Lots are drawn with the seed “{self.seed}”: the SHA-256 of the seed, a line feed and the "
            "candidate's name in UTF-8; the lowest digest wins the tie or stays in."
        )


@dataclass(frozen=True, slots=True)
class Decisions:
    """A list of names drawn or decided by people: the earlier wins a tie or stays in."""

    names: tuple[str, ...]
    how: How = "decision"

    def order(self, names: Sequence[str]) -> tuple[str, ...] | None:
        """Order the names as the list has them; None unless it has them all."""
        if not set(names) <= set(self.names):
            return None
        return tuple(sorted(names, key=self.names.index))

    def describe(self) -> str:
        """State the list."""
        return f"Ties are decided by the list given (the earlier wins or stays in): {', '.join(self.names)}."


def decisions(names: object, candidates: Sequence[str]) -> Decisions:
    """Check a list of names against the candidates. Raises `InputError`."""
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InputError('the file of ties must hold a JSON list of names, such as ["Ada", "Ben"].')
    for name in names:
        if name not in candidates:
            raise InputError("the file of ties names “%(name)s”, who is no candidate.", name=name)
        if names.count(name) > 1:
            raise InputError("the file of ties names “%(name)s” twice.", name=name)
    return Decisions(tuple(names))


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie and what decided it.

    `stage` is the stage (1-based) on which it stood, `question` what was asked (“who is excluded”),
    `tied` the candidates' indexes, `chosen` the answer to the question, `how` what decided, `because`
    the sentence that explains it.
    """

    stage: int
    question: str
    tied: tuple[int, ...]
    chosen: int
    how: How
    because: str


def settle(
    tied: Sequence[int],
    *,
    names: Sequence[str],
    stage: int,
    question: Words,
    decider: Decider,
    first: bool,
    before: Words | None = None,
) -> Tie:
    """Let `decider` choose one of `tied`: the first of its order (`first`), or the last.

    Choose the first to elect or to prefer, the last to exclude. `before` is a clause that says what
    was tried before (“the earlier stages do not part them”). Raises `TieError` when nothing decides.
    """
    tied_names = [names[index] for index in tied]
    order = decider.order(tied_names)
    if order is None:
        raise _undecided(tied_names, stage, question, before)
    chosen = tied[tied_names.index(order[0] if first else order[-1])]
    verb = "the lot" if decider.how == "lot" else "the list of decisions"
    because = f"{before}; " if before else ""
    because += f"{verb} has the order {', '.join(order)}"
    return Tie(stage, question, tuple(tied), chosen, decider.how, because)


def _undecided(names: Sequence[str], stage: int, question: Words, before: Words | None) -> TieError:
    if before:
        return TieError(
            "%(names)s are tied on stage %(stage)s (%(question)s), and %(before)s: draw lots in public and "
            "give the names, the winner first, as a JSON list with --ties FILE, or give a seed agreed "
            "beforehand with --seed TEXT.",
            names,
            names=Names(names),
            stage=stage,
            question=question,
            before=before,
        )
    return TieError(
        "%(names)s are tied on stage %(stage)s (%(question)s): draw lots in public and give the names, the "
        "winner first, as a JSON list with --ties FILE, or give a seed agreed beforehand with --seed TEXT.",
        names,
        names=Names(names),
        stage=stage,
        question=question,
    )


def by_history(
    tied: Sequence[int], history: Sequence[Sequence[Number]], *, highest: bool, forwards: bool = False
) -> tuple[tuple[int, ...], int | None]:
    """Narrow a tie by the totals of earlier stages; `history[0]` is the first stage.

    Walks the stages from the latest to the first (backwards) or from the first on (forwards); at each
    where the candidates still tied differ, keeps those with the highest (or lowest) total. Gives who
    is left, and the stage (1-based) that decided last, None when none did.
    """
    left = tuple(tied)
    decided: int | None = None
    order = range(len(history)) if forwards else range(len(history) - 1, -1, -1)
    for position in order:
        totals = [history[position][index] for index in left]
        best = max(totals) if highest else min(totals)
        if any(total != best for total in totals):
            left = tuple(index for index, total in zip(left, totals, strict=True) if total == best)
            decided = position + 1
        if len(left) == 1:
            break
    return left, decided


def break_tie(
    tied: Sequence[int],
    *,
    names: Sequence[str],
    history: Sequence[Sequence[Number]],
    question: Words,
    decider: Decider,
    highest: bool,
) -> Tie:
    """Break a tie backwards: by the latest earlier stage that parts the tied, then by `decider`.

    `history` holds the totals of the stages before this one. `highest`: who had most is chosen (to be
    elected, to be transferred first); else who had fewest (to be excluded). Raises `TieError`.
    """
    left, decided = by_history(tied, history, highest=highest)
    stage = len(history) + 1
    if len(left) == 1:
        because = f"on stage {decided} {names[left[0]]} had the {'most' if highest else 'fewest'} of them"
        return Tie(stage, question, tuple(tied), left[0], "backwards", because)
    before = Words("the earlier stages do not part them")
    if not history:
        before = Words("there is no earlier stage to part them")
    return settle(
        left, names=names, stage=stage, question=question, decider=decider, first=highest, before=before
    )
