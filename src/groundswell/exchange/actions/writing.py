"""What rows add is written: by their plans, and nothing besides."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from groundswell.access.actor import OPERATOR
from groundswell.access.secrets import blind_index
from groundswell.exchange.models import Batch
from groundswell.exchange.planning import Plan
from groundswell.people import actions as people
from groundswell.protection import actions as protection
from groundswell.protection.queries import NewConsent

# A plan that is written, and whom it is written of.
Pairs = Sequence[tuple[Plan, int]]


@dataclass(frozen=True, slots=True)
class Made:
    """What was written for a line, as far as undoing needs it: all of it was recorded at one moment.

    `details` are the columns of the person's row that were filled, each with the mark of what the list wrote;
    `home` is where she was at home before, and where she is since.
    """

    person: int
    new: bool
    at: str
    tags: list[str] = field(default_factory=list)
    consents: list[int] = field(default_factory=list)
    details: dict[str, str] = field(default_factory=dict)
    home: list[int] = field(default_factory=list)

    def said(self) -> dict[str, Any]:
        """Return it as it is kept with the line: what is empty is left out."""
        always = {"new": self.new, "at": self.at, "tags": self.tags, "consents": self.consents}
        besides = {"details": self.details, "home": self.home}
        return always | {name: value for name, value in besides.items() if value}


def mark(detail: str, value: Any) -> str:
    """Return by what a detail is known again that a list wrote; nobody can read it."""
    text = ",".join(value) if isinstance(value, list) else str(value)
    return blind_index(f"exchange.{detail}", text)[:12].hex()


def write(batch: Batch, plans: Sequence[Plan], at: dt.datetime) -> dict[int, Made]:
    """Write the people of a chunk with all that hangs on them; return what was made, by line."""
    numbers = _people(batch, plans, at)
    pairs = [(one, numbers.get(one.person, one.person)) for one in plans if one.person]
    moved = _memberships(pairs, at)
    lacking: dict[int, dict[str, Any]] = {}
    for one, person in pairs:
        if not one.new:
            lacking.setdefault(person, {}).update(one.filling.details)
    filled = people.fill_details({person: said for person, said in lacking.items() if said}, actor=OPERATOR)
    people.load_contacts(list(_contacts(pairs, at)), actor=OPERATOR)
    tagged = people.load_tags(
        [(person, one.filling.tags) for one, person in pairs if one.filling.tags], actor=OPERATOR
    )
    people.load_standings(
        [(person, one.filling.paid_until) for one, person in pairs if one.filling.paid_until],
        source="import",
        actor=OPERATOR,
        at=at,
    )
    notes = [(person, one.filling.note) for one, person in pairs if one.filling.note]
    people.load_notes(notes, account=batch.account_id, actor=OPERATOR, at=at)
    people.load_values(
        [people.NewValue(person, key, kept) for one, person in pairs for key, kept in one.filling.own],
        actor=OPERATOR,
        at=at,
    )
    agreed = _consents(batch, pairs, at)
    return {
        one.line: Made(
            person,
            one.new,
            at.isoformat(),
            tags=tagged.pop(person, []),
            consents=agreed.pop(person, []),
            details={name: mark(name, value) for name, value in filled.pop(person, {}).items()},
            home=moved.pop(person, []),
        )
        for one, person in pairs
    }


def _people(batch: Batch, plans: Sequence[Plan], at: dt.datetime) -> dict[int, int]:
    """Write those who are new; return the number of each by the negative one of her line."""
    loaded = people.load_people(
        [
            people.NewPerson(
                key=str(one.person),
                unit_id=one.place.pk,
                name=one.entry.name,
                recorded_at=at,
                call_name=one.entry.call_name,
                locale=batch.unit.locale,
                languages=one.entry.languages,
                town=one.entry.town,
                postcode=one.entry.postcode,
                pronoun=one.entry.pronoun,
                minor=one.entry.minor,
                of_age_on=one.entry.of_age_on,
                heard_on=batch.today,
            )
            for one in plans
            if one.new
        ],
        actor=OPERATOR,
    )
    return {int(key): number for key, number in loaded.items()}


def _memberships(pairs: Pairs, at: dt.datetime) -> dict[int, list[int]]:
    """Write the memberships; return where each who has her home elsewhere by that had and has it."""
    joinings = [(person, one.filling.joining) for one, person in pairs if one.filling.joining]
    people.load_memberships(
        [
            people.NewMembership(
                person,
                one.place.pk,
                one.start,
                at,
                until=one.until,
                ended_at=at if one.until else None,
                kind=one.kind,
                entry_flow=one.flow,
            )
            for person, one in joinings
        ],
        actor=OPERATOR,
    )
    return _move_home({person: one.place.pk for person, one in joinings if one.until is None})


def _move_home(homes: Mapping[int, int]) -> dict[int, list[int]]:
    """Let those who are members from now on have their home where they are members."""
    with connection.cursor() as cursor:
        cursor.execute(
            """with before as materialized (
              select p.id, p.unit_id as was, m.unit_id as is_now
              from unnest(%s::bigint[], %s::bigint[]) m (person_id, unit_id)
              join people_person p on p.id = m.person_id and p.unit_id <> m.unit_id)
            update people_person p set unit_id = b.is_now from before b where p.id = b.id
            returning p.id, b.was, b.is_now""",
            [list(homes), list(homes.values())],
        )
        return {person: [was, now] for person, was, now in cursor.fetchall()}


def _contacts(pairs: Pairs, at: dt.datetime) -> Iterator[people.NewContact]:
    """Yield new ways to reach them, those of somebody who is known behind what she has."""
    for one, person in pairs:
        held = len(one.held.contacts) if one.held else 0
        for place, (kind, text, digest) in enumerate(one.filling.contacts, start=held):
            yield people.NewContact(person, kind, text, at, position=place, digest=digest)


def _consents(batch: Batch, pairs: Pairs, at: dt.datetime) -> dict[int, list[int]]:
    given = [
        NewConsent(person, text, day, old_enough=one.entry.of_age_on is not None)
        for one, person in pairs
        for text, day in one.filling.consents
    ]
    return protection.load_consents(given, account=batch.account_id, actor=OPERATOR, at=at)
