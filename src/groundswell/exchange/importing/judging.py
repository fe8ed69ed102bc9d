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
    """What a row is; `person` whom it is or may be, `why` what makes it doubtful."""

    outcome: str
    person: int | None = None
    why: str = ""


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

    def _among_reached(self, row: Traits, reached: set[int]) -> Verdict:
        agreeing = [person for person in reached if _agree(row.words, self.traits[person].words)]
        if len(agreeing) == 1:
            return Verdict(KNOWN, agreeing[0])
        if agreeing:
            return Verdict(DOUBTFUL, min(agreeing), SEVERAL)
        return Verdict(DOUBTFUL, min(reached), OTHER_NAME)

    def _among_named(self, row: Traits, named: Iterable[int]) -> Verdict:
        people = sorted(person for person in named if not _contradict(row, self.traits[person]))
        if not people:
            return Verdict(NEW)
        if len(people) > 1:
            return Verdict(DOUBTFUL, people[0], SEVERAL)
        person = people[0]
        known = self.traits[person]
        if row.town and known.town and row.town != known.town:
            return Verdict(DOUBTFUL, person, OTHER_TOWN)
        if row.digests and known.digests:
            return Verdict(DOUBTFUL, person, OTHER_CONTACT)
        return Verdict(KNOWN, person)


def _contradict(row: Traits, known: Traits) -> bool:
    """Return whether both e-mail and phone say that two of one name are two people."""
    return bool(
        row.emails and known.emails and row.phones and known.phones and not row.digests & known.digests
    )


def _agree(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two names may be one person's: one says all the words of the other."""
    return bool(one) and bool(other) and (one <= other or other <= one)
