"""What a row adds to a record, and what it says otherwise, which stays as it is.

Pure: what is held of a person comes in as `Record`, what a row says as `Telling`. Nothing is overwritten: a
row adds what the record lacks, what differs is shown. Of somebody new nothing is held, and all is added.
Whoever was a member before joins again only on a day that is said: by the row, or for all of the list.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Final

from groundswell.exchange.importing.entries import Entry
from groundswell.exchange.importing.values import CONTACT
from groundswell.people.rules import folded_name
from groundswell.people.status import Stay

# What becomes of a row besides what it is judged to be: she was a member before and joins again, or stays
# what she is; an earlier row of the list is the same person.
REJOINS: Final = "rejoins"
STAYS_FORMER: Final = "stays-former"
REPEATS: Final = "repeats"
# What the row of a person herself holds, once each.
LINES: Final = ("call_name", "pronoun", "town", "postcode")
# What the record says otherwise, where that is no value: she is a member to this day; she agreed to nothing,
# or withdrew it; she is under 18, or not.
OPEN: Final = "open"
NOT_AGREED: Final = "not-agreed"
MINOR: Final = "minor"
GROWN: Final = "grown"


@dataclass(frozen=True, slots=True)
class Place:
    """A unit: its key, where it lies (`/1/17/`), and since when it counts its people: often its founding."""

    pk: int
    path: str
    since: dt.date

    def holds(self, other: "Place") -> bool:
        """Return whether another unit is this one or lies below it."""
        return other.path.startswith(self.path)


@dataclass(frozen=True, slots=True)
class Telling:
    """What a row says, the unit it says it of, and its e-mails and phones with their digests.

    `own` are the fields of units' own that hold for the person, `agrees` the texts to which she can be
    written down to agree; `rejoin_on` the day on which former members of the list join again.
    """

    entry: Entry
    place: Place
    contacts: tuple[tuple[str, str, bytes], ...]
    today: dt.date
    own: frozenset[int] = frozenset()
    agrees: frozenset[int] = frozenset()
    rejoin_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What is held of somebody, as far as a row may add to it.

    `called` is what of her name may be shown here; `stays` are all believed memberships.
    """

    place: Place
    name: str = ""
    called: str = ""
    call_name: str = ""
    pronoun: str = ""
    town: str = ""
    postcode: str = ""
    languages: tuple[str, ...] = ()
    minor: bool = False
    of_age_on: dt.date | None = None
    contacts: frozenset[bytes] = frozenset()
    tags: frozenset[str] = frozenset()
    paid_until: dt.date | None = None
    notes: frozenset[str] = frozenset()
    own: Mapping[int, str] = field(default_factory=dict)
    agreed: frozenset[int] = frozenset()
    stays: tuple[Stay, ...] = ()

    def filled(self, filling: "Filling") -> "Record":
        """Return the record once a row has added to it: the next row of the same person meets this one."""
        joining = filling.joining
        moved = joining is not None and joining.until is None
        details: dict[str, Any] = dict(filling.details)
        if "languages" in details:
            details["languages"] = tuple(details["languages"])
        return dataclasses.replace(
            self,
            **details,
            place=joining.place if joining is not None and moved else self.place,
            contacts=self.contacts | {digest for _kind, _text, digest in filling.contacts},
            tags=self.tags | set(filling.tags),
            paid_until=filling.paid_until or self.paid_until,
            notes=self.notes | {filling.note} - {""},
            own={**self.own, **dict(filling.own)},
            agreed=self.agreed | {text for text, _day in filling.consents},
            stays=(*self.stays, joining.stay()) if joining is not None else self.stays,
        )


@dataclass(frozen=True, slots=True)
class Joining:
    """A membership that a row makes: where, on which days, of which kind.

    `flow` is 'opening' where she was there before the first day, and nobody knows or counts since when.
    """

    place: Place
    start: dt.date
    until: dt.date | None
    kind: str
    flow: str

    def stay(self) -> Stay:
        """Return it as the record holds it afterwards."""
        return Stay(
            self.kind, self.place.pk, self.start, self.until, home=True, earlier=self.flow == "opening"
        )


@dataclass(frozen=True, slots=True)
class Differs:
    """What a row says otherwise than the record: the field, both values; `number` is that of a field or text.

    `earlier` says that the day of the record is only the latest on which it can have been.
    """

    field: str
    said: Any
    held: Any
    number: int = 0
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class Filling:
    """What a row adds to a record, and what it says otherwise.

    `again` is REJOINS or STAYS_FORMER of whoever was a member before, and '' of all others.
    """

    details: Mapping[str, Any] = field(default_factory=dict)
    contacts: tuple[tuple[str, str, bytes], ...] = ()
    tags: tuple[str, ...] = ()
    paid_until: dt.date | None = None
    note: str = ""
    own: tuple[tuple[int, str], ...] = ()
    consents: tuple[tuple[int, dt.date], ...] = ()
    joining: Joining | None = None
    again: str = ""
    differs: tuple[Differs, ...] = ()

    @property
    def adds(self) -> bool:
        """Return whether it adds anything."""
        return self != Filling(again=self.again, differs=self.differs)

    def left_alone(self) -> "Filling":
        """Return it without all that it adds: whoever is known is left as she is."""
        return Filling(again=STAYS_FORMER if self.again else "", differs=self.differs)


def fill(telling: Telling, record: Record) -> Filling:
    """Return what a row adds to a record."""
    entry, joining = telling.entry, _joining(telling, record)
    note = "\n".join(filter(None, (entry.note, entry.address)))
    paid = entry.paid_until
    return Filling(
        details=dict(_details(entry, record)),
        contacts=tuple(one for one in telling.contacts if one[2] not in record.contacts),
        tags=tuple(word for word in entry.tags if word not in record.tags),
        # A later day is news; an earlier one is not.
        paid_until=paid if paid and (record.paid_until is None or paid > record.paid_until) else None,
        note="" if note in record.notes else note,
        own=tuple(one for one in entry.own if one[0] in telling.own and one[0] not in record.own),
        consents=tuple(one for one in entry.consents if one[0] in telling.agrees - record.agreed),
        joining=joining,
        again=_again(telling, record, joining),
        differs=tuple(_differs(telling, record, joining)),
    )


def _details(entry: Entry, record: Record) -> Iterator[tuple[str, Any]]:
    for line in LINES:
        if getattr(entry, line) and not getattr(record, line):
            yield line, getattr(entry, line)
    if entry.languages and not record.languages:
        yield "languages", list(entry.languages)
    if entry.minor and not record.minor:
        yield "minor", True
    if entry.of_age_on and not record.of_age_on:
        yield "of_age_on", entry.of_age_on


def _joining(telling: Telling, record: Record) -> Joining | None:
    """Return the membership of which a row tells and that nobody knew; who has one on these days keeps it.

    Who joined before her unit was founded, or on a day that nobody knows, is there from the beginning and
    raises no figure of those who joined.
    """
    entry = telling.entry
    if entry.kind == CONTACT:
        return None
    # She belongs where she is at home, if the row only says that it is somewhere below.
    place = record.place if telling.place.holds(record.place) else telling.place
    said = entry.joined
    if said is None and any(stay.home for stay in record.stays):
        return _joins_again(telling, record, place)
    start = max(said or telling.today, place.since)
    if entry.left is not None and entry.left <= start:
        return None
    if _taken(record, place, start, entry.left):
        return _joins_again(telling, record, place) if entry.left is None else None
    return Joining(place, start, entry.left, entry.kind, "entry" if said == start else "opening")


def _joins_again(telling: Telling, record: Record, place: Place) -> Joining | None:
    """Return the membership of a former member from the day that was said for all of the list."""
    day = telling.rejoin_on
    if day is None or day < place.since or _taken(record, place, day, None):
        return None
    return Joining(place, day, None, telling.entry.kind, "entry")


def _taken(record: Record, place: Place, start: dt.date, until: dt.date | None) -> bool:
    """Return whether she is a member somewhere, or a guest just there, on one of these days."""
    return any(
        (stay.home or stay.unit_id == place.pk)
        and (until is None or stay.since < until)
        and (stay.until is None or start < stay.until)
        for stay in record.stays
    )


def _again(telling: Telling, record: Record, joining: Joining | None) -> str:
    """Return what becomes of somebody who was a member before, is none now, and whom the list calls one."""
    homes = [stay for stay in record.stays if stay.home]
    if not homes or telling.entry.kind == CONTACT or telling.entry.left is not None:
        return ""
    if any(stay.until is None or stay.until > telling.today for stay in homes):
        return ""
    return REJOINS if joining is not None else STAYS_FORMER


def _differs(telling: Telling, record: Record, joining: Joining | None) -> Iterator[Differs]:
    yield from _details_differ(telling.entry, record)
    yield from _facts_differ(telling, record)
    if joining is None:
        yield from _membership_differs(telling, record)


def _details_differ(entry: Entry, record: Record) -> Iterator[Differs]:
    if record.name and set(folded_name(record.name).split()) != set(folded_name(entry.name).split()):
        yield Differs("name", entry.name, record.called)
    for line in LINES:
        said, held = getattr(entry, line), getattr(record, line)
        if said and held and said.casefold() != held.casefold():
            yield Differs(line, said, held)
    if record.languages and not set(entry.languages) <= set(record.languages):
        yield Differs("languages", entry.languages, record.languages)
    if entry.grown and record.minor:
        yield Differs("born", GROWN, MINOR)


def _facts_differ(telling: Telling, record: Record) -> Iterator[Differs]:
    entry = telling.entry
    if entry.paid_until and record.paid_until and entry.paid_until < record.paid_until:
        yield Differs("paid_until", entry.paid_until, record.paid_until)
    for number, kept in entry.own:
        if record.own.get(number, kept) != kept:
            yield Differs("own", kept, record.own[number], number)
    for text, day in entry.consents:
        if text not in telling.agrees | record.agreed:
            yield Differs("consent", day, NOT_AGREED, text)


def _membership_differs(telling: Telling, record: Record) -> Iterator[Differs]:
    """Yield what a row says otherwise of a membership that there is: no list rewrites one."""
    entry = telling.entry
    if not telling.place.holds(record.place):
        yield Differs("unit", telling.place.pk, record.place.pk)
    held = next((stay for stay in record.stays if stay.home and stay.holds_on(telling.today)), None)
    if held is None or entry.kind == CONTACT:
        return
    if entry.kind != held.kind:
        yield Differs("kind", entry.kind, held.kind)
    # Who was transferred since joined where she was before.
    began = {stay.since for stay in record.stays if stay.home}
    if entry.joined is not None and not _begins(entry, max(entry.joined, record.place.since), began):
        yield Differs("joined", entry.joined, held.since, earlier=held.earlier)
    if entry.left is not None and held.until is None:
        yield Differs("left", entry.left, OPEN)


def _begins(entry: Entry, joined: dt.date, began: AbstractSet[dt.date]) -> bool:
    """Return whether somebody joined on one of these days: in one of these years, of a day that is vague."""
    if "joined" in entry.vague:
        return joined.year in {day.year for day in began}
    return joined in began
