"""Who a row is: somebody new, somebody known, or somebody of whom only a person can say it.

Pure: what is known of the people it may be comes in as `Known`. Nothing is guessed. Two that share an
e-mail or a phone and the name are one; two that share the name alone are one where nothing speaks
against it, doubtful where one thing does, and two where both e-mail and phone do.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

NEW: Final = "new"
KNOWN: Final = "known"
DOUBTFUL: Final = "doubtful"
# Of somebody under 18 whom the one who brought the list does not read: no more is said than of the erased.
LEFT: Final = "gone"

# Why a row is doubtful, as stable words; `exchange.words` has the sentences.
OTHER_NAME: Final = "other-name"
SEVERAL: Final = "several"
OTHER_TOWN: Final = "other-town"
OTHER_CONTACT: Final = "other-contact"
GONE: Final = "gone"
NO_UNIT: Final = "no-unit"

# What speaks for it that a row is somebody, as stable words, the strongest first; a name weighs as much as a
# way to reach her, and more than the rest together.
SAME_EMAIL: Final = "same-email"
SAME_PHONE: Final = "same-phone"
SAME_NAME: Final = "same-name"
PART_OF_NAME: Final = "part-of-name"
SAME_TOWN: Final = "same-town"
SAME_UNIT: Final = "same-unit"
_WEIGHTS: Final = {SAME_EMAIL: 5, SAME_PHONE: 5, SAME_NAME: 5, PART_OF_NAME: 2, SAME_TOWN: 1, SAME_UNIT: 1}


@dataclass(frozen=True, slots=True)
class Traits:
    """What a person is recognised by: her name's words, unit, town, digests of e-mails and phones.

    `called` are those of her words that are what she is called besides.
    """

    words: frozenset[str]
    unit_id: int
    town: str
    emails: frozenset[bytes] = frozenset()
    phones: frozenset[bytes] = frozenset()
    called: frozenset[str] = frozenset()

    @property
    def digests(self) -> frozenset[bytes]:
        """The digests of both."""
        return self.emails | self.phones


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a row is; `person` whom it is, or the likeliest whom it may be, `why` what makes it doubtful."""

    outcome: str
    person: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Likely:
    """Somebody whom a row may be, and what speaks for it."""

    person: int
    signs: tuple[str, ...]

    @property
    def weight(self) -> int:
        """How much speaks for it."""
        return sum(_WEIGHTS[one] for one in self.signs)


@dataclass(slots=True)
class Known:
    """The people that rows may be, found by digest and by name; rows that were taken in join them.

    `shut` are those under 18 whom the one who brought the list does not read (decision 0766).
    """

    traits: dict[int, Traits] = field(default_factory=dict)
    by_digest: dict[bytes, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_name: dict[tuple[int, frozenset[str]], set[int]] = field(default_factory=lambda: defaultdict(set))
    shut: set[int] = field(default_factory=set)

    def add(self, person: int, traits: Traits) -> None:
        """Know a person by these traits besides those that she is known by.

        As a list leaves her: her name stays, her town and what she is called do, where she has them, and what
        she is reached by is added.
        """
        if before := self.traits.get(person):
            self.by_name[before.unit_id, before.words].discard(person)
            emails, phones = traits.emails | before.emails, traits.phones | before.phones
            called, town = before.called or traits.called, before.town or traits.town
            words = before.words | called
            traits = Traits(words, before.unit_id, town, emails, phones, called)
        self.traits[person] = traits
        for digest in traits.digests:
            self.by_digest[digest].add(person)
        self.by_name[traits.unit_id, traits.words].add(person)

    def learn(self, other: "Known") -> None:
        """Know whom another knows."""
        for person, traits in other.traits.items():
            self.add(person, traits)
        self.shut |= other.shut

    def judge(self, row: Traits) -> Verdict:
        """Return what a row with these traits is."""
        verdict = self._judged(row)
        return Verdict(LEFT) if verdict.person in self.shut else verdict

    def _judged(self, row: Traits) -> Verdict:
        reached = {person for digest in row.digests for person in self.by_digest.get(digest, ())}
        if reached:
            return self._among_reached(row, reached)
        named = self.by_name.get((row.unit_id, row.words), set())
        if not named:
            return Verdict(NEW)
        return self._among_named(row, named)

    def likely(self, row: Traits, *, besides: Iterable[int] = ()) -> list[Likely]:
        """Return whom a row with these traits may be, the likeliest first; `besides` some who are known.

        Nobody who is shut is among them.
        """
        reached = {person for digest in row.digests for person in self.by_digest.get(digest, ())}
        named = self.by_name.get((row.unit_id, row.words), set())
        open_ = {person for person in named if not _contradict(row, self.traits[person])}
        found = reached | open_ | {person for person in besides if person in self.traits}
        return self._weighed(row, found - self.shut)

    def _among_reached(self, row: Traits, reached: set[int]) -> Verdict:
        agreeing = [person for person in reached if _agree(row.words, self.traits[person].words)]
        if len(agreeing) == 1:
            return Verdict(KNOWN, agreeing[0])
        if agreeing:
            return Verdict(DOUBTFUL, self._likeliest(row, agreeing), SEVERAL)
        return Verdict(DOUBTFUL, self._likeliest(row, reached), OTHER_NAME)

    def _likeliest(self, row: Traits, people: Iterable[int]) -> int:
        return self._weighed(row, people)[0].person

    def _weighed(self, row: Traits, people: Iterable[int]) -> list[Likely]:
        listed = [Likely(person, _signs(row, self.traits[person])) for person in people]
        return sorted(listed, key=lambda one: (-one.weight, one.person))

    def _among_named(self, row: Traits, named: Iterable[int]) -> Verdict:
        people = sorted(person for person in named if not _contradict(row, self.traits[person]))
        if not people:
            return Verdict(NEW)
        if len(people) > 1:
            return Verdict(DOUBTFUL, self._likeliest(row, people), SEVERAL)
        person = people[0]
        known = self.traits[person]
        if row.town and known.town and row.town != known.town:
            return Verdict(DOUBTFUL, person, OTHER_TOWN)
        if row.digests and known.digests:
            return Verdict(DOUBTFUL, person, OTHER_CONTACT)
        return Verdict(KNOWN, person)


def _signs(row: Traits, known: Traits) -> tuple[str, ...]:
    """Return what speaks for it that a row is somebody who is known."""
    same_name = row.words == known.words
    said = {
        SAME_EMAIL: bool(row.emails & known.emails),
        SAME_PHONE: bool(row.phones & known.phones),
        SAME_NAME: same_name,
        PART_OF_NAME: not same_name and _agree(row.words, known.words),
        SAME_TOWN: bool(row.town) and row.town == known.town,
        SAME_UNIT: row.unit_id == known.unit_id,
    }
    return tuple(sign for sign, speaks in said.items() if speaks)


def _contradict(row: Traits, known: Traits) -> bool:
    """Return whether both e-mail and phone say that two of one name are two people."""
    return bool(
        row.emails and known.emails and row.phones and known.phones and not row.digests & known.digests
    )


def _agree(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two names may be one person's: one says all the words of the other."""
    return bool(one) and bool(other) and (one <= other or other <= one)
