"""The bulk forms of what hangs on people: contacts, tags, notes, until when they have paid.

In the scope of whoever runs the server. Each lies in the unit that its person lies in.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.secrets import blind_index, make_person_keys, new_ids, seal_cell
from groundswell.access.trail import record
from groundswell.people import rules
from groundswell.people.actions.loading import stage_rows
from groundswell.people.models import Contact, CustomValue, Note, Person


class NewContact(NamedTuple):
    """An e-mail or phone of a load, folded; its blind index where it is known already."""

    person_id: int
    kind: str
    text: str
    recorded_at: dt.datetime
    label: str = ""
    position: int = 0
    digest: bytes = b""


class NewValue(NamedTuple):
    """A value of a load in a field that a unit added, as `custom.packed` makes it."""

    person_id: int
    field_id: int
    kept: str


# What a list may fill in of somebody who is known.
FILLED_IN: Final = frozenset({"call_name", "pronoun", "town", "postcode", "languages", "minor", "of_age_on"})
_PUT: Final = ("call_name", "folded", "pronoun", "town", "postcode", "minor", "of_age_on")
PUT_DETAILS: Final = """
update people_person p set call_name = n.call_name, folded = n.folded, pronoun = n.pronoun, town = n.town,
  postcode = n.postcode, minor = n.minor, of_age_on = n.of_age_on,
  languages = string_to_array(n.languages, ',')
from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::boolean[],
  %s::date[], %s::text[]) n (id, call_name, folded, pronoun, town, postcode, minor, of_age_on, languages)
where p.id = n.id
"""
CONTACTS: Final = "people_contact"
VALUES: Final = "people_customvalue"
STAGE_CONTACTS: Final = """
create temporary table stage_contact (id bigint, person_id bigint, kind text, value bytea,
  digest bytea, label text, position smallint, recorded_at timestamptz) on commit drop
"""
COPY_CONTACTS: Final = """
copy stage_contact (id, person_id, kind, value, digest, label, position, recorded_at) from stdin
"""
INSERT_CONTACTS: Final = """
insert into people_contact (id, person_id, unit_id, kind, value, digest, label, position, recorded_at)
select s.id, s.person_id, p.unit_id, s.kind, s.value, s.digest, s.label, s.position, s.recorded_at
from stage_contact s join people_person p on p.id = s.person_id
on conflict (person_id, kind, digest) do nothing
"""
LOAD_TAGS: Final = """
insert into people_tag (person_id, unit_id, word)
select p.id, p.unit_id, t.word from unnest(%s::bigint[], %s::text[]) t (person_id, word)
join people_person p on p.id = t.person_id
on conflict (person_id, word) do nothing returning person_id, word
"""
SUPERSEDE: Final = """
update people_standing s set superseded_at = %s from unnest(%s::bigint[], %s::date[]) n (person_id, day)
where s.person_id = n.person_id and s.superseded_at is null and s.paid_until <> n.day
"""
LOAD_STANDINGS: Final = """
insert into people_standing (person_id, unit_id, paid_until, source, recorded_at)
select p.id, p.unit_id, n.day, %s, %s from unnest(%s::bigint[], %s::date[]) n (person_id, day)
join people_person p on p.id = n.person_id
on conflict (person_id) where superseded_at is null do nothing
"""
LOAD_NOTES: Final = """
insert into people_note (id, person_id, unit_id, account_id, visibility, text, at)
select n.id, p.id, p.unit_id, %s, 'organisers', n.text, %s
from unnest(%s::bigint[], %s::bigint[], %s::bytea[]) n (id, person_id, text)
join people_person p on p.id = n.person_id
"""


# A field holds for its unit and all below, as long as it is asked.
LOAD_VALUES: Final = """
insert into people_customvalue (id, person_id, unit_id, field_id, value, changed_at)
select n.id, p.id, p.unit_id, f.id, n.value, %s
from unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bytea[]) n (id, person_id, field_id, value)
join people_person p on p.id = n.person_id
join structure_unit home on home.id = p.unit_id
join people_customfield f on f.id = n.field_id and f.ended_on is null
join structure_unit asking on asking.id = f.unit_id and starts_with(home.path, asking.path)
on conflict (person_id, field_id) do nothing
"""


@transaction.atomic
def fill_details(details: Mapping[int, Mapping[str, Any]], *, actor: Actor) -> dict[int, dict[str, Any]]:
    """Write details that people lack; return what was written, by person. What stands stays.

    The details are FILLED_IN, as `rules.check_details` keeps them.
    """
    require(actor, "people.load", None)
    held = Person.objects.select_for_update().in_bulk(list(details))
    written: dict[int, dict[str, Any]] = {}
    for number, person in held.items():
        lacking = {name: value for name, value in details[number].items() if not getattr(person, name)}
        if lacking:
            written[number] = lacking
    _put_details(held, written)
    return written


@transaction.atomic
def empty_details(details: Mapping[int, Sequence[str]], *, actor: Actor) -> None:
    """Empty details of people again: those which a list had filled in, and that is undone."""
    require(actor, "people.load", None)
    held = Person.objects.select_for_update().in_bulk(list(details))
    empty: Mapping[str, Any] = {"languages": [], "minor": False, "of_age_on": None}
    _put_details(held, {number: {name: empty.get(name, "") for name in details[number]} for number in held})


def _put_details(held: Mapping[int, Person], changes: Mapping[int, Mapping[str, Any]]) -> None:
    changed = []
    for number, said in changes.items():
        person = held[number]
        for name in FILLED_IN & said.keys():
            setattr(person, name, said[name])
        person.folded = rules.folded_name(person.name, person.call_name)
        changed.append(person)
    if not changed:
        return
    columns = [[getattr(one, name) for one in changed] for name in ("pk", *_PUT)]
    languages = [",".join(one.languages) for one in changed]
    with connection.cursor() as cursor:
        cursor.execute(PUT_DETAILS, [*columns, languages])


@transaction.atomic
def load_contacts(contacts: Sequence[NewContact], *, actor: Actor) -> int:
    """Load e-mails and phones of known people, each under its person's key; return how many are new.

    One that she has already stays as it is. For whoever runs the server.
    """
    require(actor, "people.load", None)
    keys = make_person_keys(list({one.person_id for one in contacts}))
    numbers = new_ids(Contact, len(contacts))
    rows = (
        (
            number,
            one.person_id,
            one.kind,
            seal_cell(keys[one.person_id], one.text, table=CONTACTS, column="value", row=number),
            one.digest or blind_index(one.kind, one.text),
            one.label[:40],
            one.position,
            one.recorded_at,
        )
        for number, one in zip(numbers, contacts, strict=True)
    )
    with connection.cursor() as cursor:
        stage_rows(cursor, "stage_contact", STAGE_CONTACTS, COPY_CONTACTS, rows)
        cursor.execute(INSERT_CONTACTS)
        count = int(cursor.rowcount)
        cursor.execute("drop table stage_contact")
    record("people.contacts.loaded", actor=actor, subject=None, count=count)
    return count


@transaction.atomic
def load_tags(tags: Sequence[tuple[int, Sequence[str]]], *, actor: Actor) -> dict[int, list[str]]:
    """Give people tags besides those they have; return which are new, by person."""
    require(actor, "people.load", None)
    pairs = [(person, word) for person, words in tags for word in rules.check_tags(words)]
    new: dict[int, list[str]] = {}
    if pairs:
        with connection.cursor() as cursor:
            cursor.execute(
                LOAD_TAGS, [[person for person, _word in pairs], [word for _person, word in pairs]]
            )
            for person, word in cursor.fetchall():
                new.setdefault(person, []).append(word)
    return new


@transaction.atomic
def load_standings(
    paid: Sequence[tuple[int, dt.date]], *, source: str, actor: Actor, at: dt.datetime
) -> None:
    """Say until when people have paid; what was believed otherwise is believed no more."""
    require(actor, "people.load", None)
    newest = dict(paid)
    if newest:
        people, days = list(newest), list(newest.values())
        with connection.cursor() as cursor:
            cursor.execute(SUPERSEDE, [at, people, days])
            cursor.execute(LOAD_STANDINGS, [source, at, people, days])


@transaction.atomic
def load_notes(
    notes: Sequence[tuple[int, str]], *, account: int | None, actor: Actor, at: dt.datetime
) -> None:
    """Write notes for organisers, each under its person's key."""
    require(actor, "people.load", None)
    if not notes:
        return
    keys = make_person_keys(list({person for person, _text in notes}))
    numbers = new_ids(Note, len(notes))
    sealed = [
        seal_cell(keys[person], rules.check_note(text), table="people_note", column="text", row=number)
        for number, (person, text) in zip(numbers, notes, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(LOAD_NOTES, [account, at, numbers, [person for person, _text in notes], sealed])


@transaction.atomic
def load_values(values: Sequence[NewValue], *, actor: Actor, at: dt.datetime) -> int:
    """Write what is known of people into fields that units added, under their keys; return how many are new.

    What stands in a field stays; a field that does not hold for somebody's home, or has ended, takes nothing.
    """
    require(actor, "people.load", None)
    if not values:
        return 0
    keys = make_person_keys(list({one.person_id for one in values}))
    numbers = new_ids(CustomValue, len(values))
    sealed = [
        seal_cell(keys[one.person_id], one.kept, table=VALUES, column="value", row=number)
        for number, one in zip(numbers, values, strict=True)
    ]
    persons, fields = [one.person_id for one in values], [one.field_id for one in values]
    with connection.cursor() as cursor:
        cursor.execute(LOAD_VALUES, [at, numbers, persons, fields, sealed])
        count = int(cursor.rowcount)
    record("people.values.loaded", actor=actor, subject=None, count=count)
    return count
