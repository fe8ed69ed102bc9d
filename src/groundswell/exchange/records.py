"""What is known of the people that rows may be: who she is recognised by, and what is held of her."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from groundswell.accounts.models import Account, Mandate
from groundswell.exchange.importing.filling import Place, Record
from groundswell.exchange.importing.judging import Known, Traits
from groundswell.exchange.models import Batch
from groundswell.kernel import clock
from groundswell.people import queries as people
from groundswell.people import rules
from groundswell.people.models import Contact, Counting, Membership, Person, Standing, Tag
from groundswell.people.personpage import shown_names, stay_of
from groundswell.people.status import Stay
from groundswell.protection.queries import agreed_in
from groundswell.structure.models import Unit


def known_people(
    batch: Batch, digests: Iterable[bytes], names: Iterable[tuple[int, str]], persons: Iterable[int] = ()
) -> Known:
    """Return those who have one of these digests, lie under (unit, sort key), or are one of these persons.

    It says who of them is shut.

    Digests are looked for where whoever brought the list may know how people are reached: in its unit and
    below; in the whole section when the operator brought it.
    """
    known = Known()
    with connection.cursor() as cursor:
        # Digests first, by their own index: a table that grew since its statistics were taken would else be
        # asked person by person, each time with all digests.
        cursor.execute(
            """with reached as materialized (
              select distinct c.person_id from people_contact c where c.digest = any(%(digests)s))
            select p.id, p.folded, p.unit_id, lower(p.town), p.call_name, p.minor from reached
            join people_person p on p.id = reached.person_id
            join structure_unit u on u.id = p.unit_id
            where u.path like %(path)s || '%%' or %(section)s and u.section_id = %(top)s
            union
            select p.id, p.folded, p.unit_id, lower(p.town), p.call_name, p.minor
            from unnest(%(units)s::bigint[], %(keys)s::text[]) asked (unit_id, sort_key)
            join people_person p on p.unit_id = asked.unit_id and p.sort_key = asked.sort_key
            union
            select p.id, p.folded, p.unit_id, lower(p.town), p.call_name, p.minor
            from people_person p where p.id = any(%(persons)s)""",
            _asked(batch, digests, names) | {"persons": list(persons)},
        )
        found = cursor.fetchall()
        cursor.execute(
            "select person_id, kind, digest from people_contact where person_id = any(%s)",
            [[row[0] for row in found]],
        )
        held: dict[tuple[int, str], set[bytes]] = {}
        for person, kind, digest in cursor.fetchall():
            held.setdefault((person, kind), set()).add(bytes(digest))
    seats = _seats(batch) if any(minor for *_traits, minor in found) else None
    for pk, folded, unit_id, town, call_name, minor in found:
        emails, phones = (frozenset(held.get((pk, kind), ())) for kind in ("email", "phone"))
        called = called_words(call_name)
        known.add(pk, Traits(frozenset(folded.split()), unit_id, town, emails, phones, called))
        if minor and seats is not None and unit_id not in seats:
            known.shut.add(pk)
    return known


def _seats(batch: Batch) -> set[int] | None:
    """Return the units in which whoever brought a list holds an office; None where it was the operator."""
    if batch.account_id is None:
        return None
    brought_by = Account.objects.filter(pk=batch.account_id).values("person")
    held = Mandate.objects.select_related("unit").filter(person__in=brought_by, recorded__upper_inf=True)
    now = clock.now()
    return {one.unit_id for one in held if clock.day_in(one.unit.time_zone, now) in one.valid}


def called_words(call_name: str) -> frozenset[str]:
    """Return the words by which somebody is found for what she is called besides her name."""
    return frozenset(rules.folded_name(call_name).split()) if call_name else frozenset()


def _asked(batch: Batch, digests: Iterable[bytes], names: Iterable[tuple[int, str]]) -> dict[str, Any]:
    asked = list(dict.fromkeys(names))
    return {
        "path": batch.unit.path,
        "section": batch.account_id is None,
        "top": batch.unit.section_id or batch.unit_id,
        "digests": list(digests),
        "units": [unit for unit, _key in asked],
        "keys": [key for _unit, key in asked],
    }


def places(units: Iterable[int]) -> dict[int, Place]:
    """Return these units as rows meet them."""
    found = list(Unit.objects.filter(pk__in=set(units)))
    since = _by_person_since([one.pk for one in found])
    return {one.pk: _place(one, since) for one in found}


def _place(unit: Unit, since: Mapping[int, dt.date]) -> Place:
    return Place(unit.pk, unit.path, max(unit.founded_on, since.get(unit.pk, unit.founded_on)))


def _by_person_since(units: Sequence[int]) -> dict[int, dt.date]:
    """Return since when those of these units count by persons that reported by number before."""
    ended: dict[int, dt.date] = {}
    for unit, valid in Counting.objects.filter(unit__in=units).values_list("unit", "valid"):
        if valid.upper is not None:
            ended[unit] = max(valid.upper, ended.get(unit, valid.upper))
    return ended


def records_of(persons: Sequence[int], *, noted: Sequence[int] = ()) -> dict[int, Record]:
    """Return what is held of these persons, as far as the session sees it; the notes only of `noted`."""
    held = list(Person.objects.select_related("unit").filter(pk__in=persons))
    called = shown_names(held)
    contacts: dict[int, set[bytes]] = {}
    for person, digest in Contact.objects.filter(person__in=held).values_list("person_id", "digest"):
        contacts.setdefault(person, set()).add(bytes(digest))
    tags: dict[int, set[str]] = {}
    for person, word in Tag.objects.filter(person__in=held).values_list("person_id", "word"):
        tags.setdefault(person, set()).add(word)
    paid = dict(
        Standing.objects.filter(person__in=held, superseded_at=None).values_list("person_id", "paid_until")
    )
    since = _by_person_since(list({one.unit_id for one in held}))
    own, agreed, notes, stays = people.values_in(persons), agreed_in(persons), _notes(noted), _stays(persons)
    return {
        one.pk: Record(
            place=_place(one.unit, since),
            name=one.name,
            called=called[one.pk],
            call_name=one.call_name,
            pronoun=one.pronoun,
            town=one.town,
            postcode=one.postcode,
            languages=tuple(one.languages),
            minor=one.minor,
            of_age_on=one.of_age_on,
            contacts=frozenset(contacts.get(one.pk, ())),
            tags=frozenset(tags.get(one.pk, ())),
            paid_until=paid.get(one.pk),
            notes=frozenset(notes.get(one.pk, ())),
            own={field: str(value.value) for field, value in own.get(one.pk, {}).items()},
            agreed=frozenset(agreed.get(one.pk, ())),
            stays=tuple(stays.get(one.pk, ())),
        )
        for one in held
    }


def _notes(persons: Sequence[int]) -> Mapping[int, set[str]]:
    """Return the texts of the notes for organisers, which lists write, by person."""
    return people.note_texts(persons, visibility="organisers") if persons else {}


def _stays(persons: Sequence[int]) -> Mapping[int, list[Stay]]:
    found: dict[int, list[Stay]] = {}
    for one in Membership.objects.filter(person__in=persons, recorded__upper_inf=True):
        found.setdefault(one.person_id, []).append(stay_of(one))
    return found
