"""What becomes of the rows that wait, for the preview and the run alike: who each is, and what it adds.

A plan is made of what is there at this moment, and writes nothing. Rows are planned in their order: somebody
of whom two rows tell is met by the second as the first leaves her.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db import connection

from groundswell.access.secrets import blind_index
from groundswell.exchange import queries, records
from groundswell.exchange.importing import filling, judging, sealing
from groundswell.exchange.importing.entries import Entry
from groundswell.exchange.importing.filling import Filling, Place, Record, Telling
from groundswell.exchange.importing.judging import Known, Likely, Traits, Verdict
from groundswell.exchange.models import Batch, Line
from groundswell.exchange.records import called_words
from groundswell.people import rules
from groundswell.people.queries import fields_of
from groundswell.protection.queries import NewConsent, may_be_listed

# What a waiting line says when somebody was asked about it and answered.
SAID_NEW: Final = "said-new"
SAID_SAME: Final = "said-same"
# Of a list that came in so many rows are asked about at a time.
MOST_ASKED: Final = 100
# So many are offered of those whom a row may be; the others are looked for where some of them are not seen.
MOST_OFFERED: Final = 5
_MOST_LIKELY: Final = 50

_LINES: Final = """
select id, number, sealed, why, person_id, marks from exchange_line
where batch_id = %s and outcome = %s and sealed is not null order by number limit %s
"""


_DOUBTS: Final = """
select id, number, sealed, why, person_id, marks from exchange_line
where batch_id = %s and outcome = 'doubtful' and sealed is not null and number = any(%s) order by number
"""


class Kept(NamedTuple):
    """A line as the database keeps it."""

    line: int
    number: int
    sealed: bytes
    why: str
    person: int | None
    marks: Sequence[bytes]


class Waiting(NamedTuple):
    """A line that waits, understood, with its traits and by what it is found.

    `answer` is what somebody said of it when she was asked, `met` whom it was found to be, or said to be.
    """

    line: int
    entry: Entry
    place: Place
    traits: Traits
    digests: tuple[tuple[str, str, bytes], ...]
    marks: frozenset[bytes]
    said: Verdict | None = None
    answer: str = ""
    met: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom a row may be: what is held of her, what speaks for it, and what the row would add."""

    person: int
    held: Record
    signs: tuple[str, ...]
    filling: Filling


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of a line: who it is, and what it adds to her.

    The person of somebody new is the negative number of the line that makes her; `of_row` is the number of an
    earlier row of the list that is the same person. A doubtful row adds nothing.

    Where it is asked who somebody is, `candidates` are whom she may be, the likeliest first, and `answer` is
    what was said: SAID_NEW, SAID_SAME, or '' while nobody has said anything.
    """

    line: int
    entry: Entry
    place: Place
    verdict: Verdict
    filling: Filling
    held: Record | None = None
    of_row: int | None = None
    candidates: Sequence[Candidate] = ()
    answer: str = ""

    @property
    def new(self) -> bool:
        """Return whether the line makes somebody new."""
        return self.verdict.outcome == judging.NEW

    @property
    def asked(self) -> bool:
        """Return whether it is asked, or was answered, who she is: not where her unit is the question."""
        asked = self.verdict.outcome == judging.DOUBTFUL or bool(self.answer)
        return asked and self.verdict.why != judging.NO_UNIT

    @property
    def person(self) -> int:
        """Return whom the line is about: 0 where nobody is taken in."""
        return 0 if self.verdict.outcome == judging.DOUBTFUL else self.verdict.person or 0


def plans(batch: Batch, *, most: int, lock: bool = False, offers: bool = False) -> list[Plan]:
    """Return the plans of the next rows that wait, in the order of the list.

    `lock` to write them, `offers` to say whom each may be about which it is asked.
    """
    waiting = understood(_next(batch, "waiting", most, lock=lock), places_of(batch))
    return planned(batch, waiting, offers=offers)


def doubts(batch: Batch, *, most: int = MOST_ASKED, numbers: Sequence[int] = ()) -> list[Plan]:
    """Return the first doubtful rows of a list that came in, or these, with whom each may be."""
    lines = kept(_DOUBTS, [batch.pk, list(numbers)]) if numbers else _next(batch, judging.DOUBTFUL, most)
    waiting = understood(lines, places_of(batch))
    asked = [one._replace(said=Verdict(judging.DOUBTFUL, one.met, one.answer)) for one in waiting]
    return planned(batch, asked, offers=True)


def _next(batch: Batch, outcome: str, most: int, *, lock: bool = False) -> list[Kept]:
    return kept(_LINES + ("for update" if lock else ""), [batch.pk, outcome, most])


def kept(statement: str, parameters: Sequence[Any]) -> list[Kept]:
    """Return the lines that a statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [
            Kept(line, number, bytes(sealed), why, person, [bytes(mark) for mark in marks])
            for line, number, sealed, why, person, marks in cursor.fetchall()
        ]


@dataclass(frozen=True, slots=True)
class Places:
    """The units that rows of a list may name, by code, and the one whose list it is."""

    batch: int
    named: Mapping[str, Place]
    own: Place


def places_of(batch: Batch) -> Places:
    """Return the units of a list as they are today."""
    units = queries.units_below(batch.unit)
    found = records.places([*units.values(), batch.unit_id])
    return Places(batch.pk, {code: found[key] for code, key in units.items()}, found[batch.unit_id])


def understood(lines: Iterable[Kept], places: Places) -> list[Waiting]:
    """Return lines that wait as rows understood."""
    waiting = []
    for one in lines:
        entry = sealing.entry_of(places.batch, one.number, one.sealed)
        answer = _said(one.why, one.person)
        if entry.unit not in places.named:
            answer = Verdict(judging.DOUBTFUL, None, judging.NO_UNIT)
        waiting.append(_waiting(one, entry, places.named.get(entry.unit, places.own), answer))
    return waiting


def _said(why: str, person: int | None) -> Verdict | None:
    """Return what somebody answered of a doubtful row, None where nobody was asked."""
    if why == SAID_NEW:
        return Verdict(judging.NEW)
    return Verdict(judging.KNOWN, person) if why == SAID_SAME and person else None


def _waiting(one: Kept, entry: Entry, place: Place, answer: Verdict | None) -> Waiting:
    digests = tuple(
        (kind, text, blind_index(kind, text))
        for kind, texts in (("email", entry.emails), ("phone", entry.phones))
        for text in texts
    )
    emails, phones = (
        frozenset(digest for kind, _text, digest in digests if kind == wanted)
        for wanted in ("email", "phone")
    )
    traits = Traits(
        frozenset(rules.folded_name(entry.name, entry.call_name).split()),
        place.pk,
        entry.town.lower(),
        emails,
        phones,
        called_words(entry.call_name),
    )
    return Waiting(one.line, entry, place, traits, digests, frozenset(one.marks), answer, one.why, one.person)


def known_to(batch: Batch, waiting: Sequence[Waiting]) -> Known:
    """Return the people whom these lines may be."""
    return records.known_people(
        batch,
        {digest for one in waiting for digest in one.traits.digests},
        [(one.place.pk, rules.sort_key(one.entry.name)) for one in waiting],
        {one.met for one in waiting if one.met},
    )


def planned(
    batch: Batch, waiting: Sequence[Waiting], known: Known | None = None, *, offers: bool = False
) -> list[Plan]:
    """Return the plans of these lines; `known` are whom they may be, if that was looked for already.

    `offers` says of rows about which it is asked whom each may be: of those whom the session sees.
    """
    known = known_to(batch, waiting) if known is None else known
    judged = _judge(waiting, known, offers=offers)
    met = [(one, person) for one, verdict, likely in judged for person in _met(verdict, likely)]
    persons = sorted({person for _one, person in met})
    noted = {person for one, person in met if one.entry.note or one.entry.address}
    held = records.records_of(persons, noted=sorted(noted))
    rows = _made_here(batch, persons)
    shared = _shared(batch, met)
    made = []
    for one, verdict, likely in judged:
        plan = _plan(one, verdict, held, rows, shared, likely)
        made.append(plan)
        if plan.person:
            held[plan.person] = (plan.held or Record(one.place)).filled(plan.filling)
            if plan.new:
                rows[plan.person] = one.entry.number
    return made


def _met(verdict: Verdict, likely: Sequence[Likely]) -> Iterator[int]:
    """Yield whom a row may be of those who are written down."""
    yield from {one for one in (verdict.person, *(some.person for some in likely)) if one and one > 0}


def _plan(
    one: Waiting,
    verdict: Verdict,
    held: Mapping[int, Record],
    rows: Mapping[int, int],
    shared: "_Shared",
    likely: Sequence[Likely],
) -> Plan:
    person = verdict.person or 0
    record = held.get(person)
    if record is None and person > 0:
        # Erased, or one with another record, since somebody answered or while this runs.
        verdict = Verdict(judging.DOUBTFUL, None, judging.GONE)
    met = record or Record(one.place)
    said = filling.fill(shared.telling(one, person, met), met)
    if shared.leaves_alone and person > 0 and person not in rows:
        said = said.left_alone()
    of_row = None if verdict.outcome == judging.NEW else rows.get(person)
    candidates = [
        Candidate(
            some.person,
            held[some.person],
            some.signs,
            filling.fill(shared.telling(one, some.person, held[some.person]), held[some.person]),
        )
        for some in likely
        if some.person in held and some.person > 0
    ]
    answer = one.answer if one.answer in {SAID_NEW, SAID_SAME} else ""
    return Plan(
        one.line, one.entry, one.place, verdict, said, record, of_row, candidates[:MOST_OFFERED], answer
    )


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all rows of a list share: what was chosen for it, and the fields and words that hold here."""

    today: dt.date
    leaves_alone: bool
    rejoin_on: dt.date | None
    fields: Mapping[int, str]
    agrees: AbstractSet[tuple[int, int]]

    def telling(self, one: Waiting, person: int, record: Record) -> Telling:
        """Return a row as it meets a record."""
        agrees = [text for text, _day in one.entry.consents if person <= 0 or (person, text) in self.agrees]
        return Telling(
            entry=one.entry,
            place=one.place,
            contacts=one.digests,
            today=self.today,
            own=frozenset(key for key, path in self.fields.items() if record.place.path.startswith(path)),
            agrees=frozenset(agrees),
            rejoin_on=self.rejoin_on,
        )


def _shared(batch: Batch, met: Sequence[tuple[Waiting, int]]) -> _Shared:
    given = [
        NewConsent(person, text, day, old_enough=one.entry.of_age_on is not None)
        for one, person in met
        for text, day in one.entry.consents
    ]
    chosen = queries.chosen_for(batch)
    fields = {one.pk: one.unit.path for one in fields_of(batch.unit)}
    return _Shared(batch.today, chosen.leaves_alone, chosen.rejoin_on, fields, may_be_listed(given))


def _made_here(batch: Batch, persons: Sequence[int]) -> dict[int, int]:
    """Return which of these persons the list itself has made before, with the number of the row."""
    made = Line.objects.filter(batch=batch, person_id__in=persons, made__new=True)
    return {person or 0: number for person, number in made.values_list("person_id", "number")}


def _judge(
    waiting: Sequence[Waiting], known: Known, *, offers: bool
) -> list[tuple[Waiting, Verdict, Sequence[Likely]]]:
    """Say of each row who it is; rows of this chunk that are somebody new are known to those after them.

    Somebody new goes by the negative number of her line until she has one of her own. Where it `offers`, whom
    a row may be that is doubtful or was answered for stands beside it.
    """
    judged = []
    for one in waiting:
        verdict = one.said or known.judge(one.traits)
        likely: Sequence[Likely] = ()
        if offers and (verdict.outcome == judging.DOUBTFUL or one.answer in {SAID_NEW, SAID_SAME}):
            likely = known.likely(one.traits, besides=[one.met] if one.met else [])[:_MOST_LIKELY]
        if verdict.outcome == judging.NEW:
            verdict = Verdict(judging.NEW, -one.line)
        if verdict.outcome != judging.DOUBTFUL and verdict.person is not None:
            known.add(verdict.person, one.traits)
        judged.append((one, verdict, likely))
    return judged
