"""Who stands in a list that goes out, and what it tells of each: by the table of rights, unit by unit."""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

from groundswell.access import rights
from groundswell.access.actor import Actor
from groundswell.kernel.saying import said
from groundswell.people import custom, listpage, queries, searching, status
from groundswell.people.models import CustomField, Membership, Person, Standing, Tag
from groundswell.people.searching import Asked
from groundswell.protection import queries as protection
from groundswell.protection import words
from groundswell.structure.models import Unit

# Above this a second person must agree; above MOST it is no list any more but a copy of the organisation.
ALONE: Final = 200
MOST: Final = 20_000
STANDING_LIST: Final = "standing list"


class Stay(NamedTuple):
    """What somebody is or was at home: the kind, when she joined where that is known, when she left."""

    kind: str
    joined: dt.date | None
    left: dt.date | None


class Own(NamedTuple):
    """What is kept of a person in a field that a unit added, or about a purpose; `place` orders them.

    `text` is written as programs read it in again, `read` as a person reads it in her language.
    """

    place: int
    label: str
    text: str
    read: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a list tells of one person."""

    pk: int
    unit_id: int
    unit: str
    name: str
    standing: str
    paid_until: str
    kind: str = ""
    joined: str = ""
    left: str = ""
    call_name: str = ""
    pronoun: str = ""
    minor: bool = False
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    postcode: str = ""
    town: str = ""
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    own: tuple[Own, ...] = ()
    agreed: tuple[Own, ...] = ()


def numbers(actor: Actor, asked: Asked, *, today: dt.date) -> list[int]:
    """Return whom the actor may take out of the list, in its order.

    Only people at home in a unit out of which she may, and that is not protected: guests and those of
    protected units stay in the house.
    """
    found = searching.everybody(actor, asked, today=today, most=MOST + 1)
    if len(found) > MOST:
        return found  # too many, whoever of them may go out
    units = dict(Person.objects.filter(pk__in=found).values_list("pk", "unit_id"))
    open_ = {
        unit.pk
        for unit in Unit.objects.filter(pk__in=set(units.values()), protected=False)
        if rights.may(actor, "lists.export", unit)
    }
    return [number for number in found if units.get(number) in open_]


def told(actor: Actor, persons: Sequence[int], *, today: dt.date) -> list[Told]:
    """Return what the list tells of these persons; of those of whom only the standing may be told, that."""
    people = Person.objects.select_related("unit").in_bulk(list(persons))
    held = [people[number] for number in persons if number in people]
    standing, stays = _standings(persons, today), _stays(persons, today)
    kinds = listpage.status_words()
    paid = dict(
        Standing.objects.filter(person__in=persons, superseded_at=None).values_list("person_id", "paid_until")
    )
    whole = [one for one in held if not _only_standing(actor, one)]
    details = _details(whole)
    return [
        Told(
            one.pk,
            one.unit_id,
            one.unit.code,
            one.name,
            standing.get(one.pk, ""),
            _day(paid.get(one.pk)),
            *_stay_told(stays.get(one.pk), kinds),
            **details.get(one.pk, {}),
        )
        for one in held
    ]


def _details(persons: Sequence[Person]) -> dict[int, dict[str, Any]]:
    """Return what is told of people besides name and standing."""
    contacts = queries.contacts_of(persons)
    own, agreed = _own([one.pk for one in persons]), _agreed([one.pk for one in persons])
    tags: dict[int, list[str]] = {}
    tagged = Tag.objects.filter(person__in=persons).order_by("word")
    for person, word in tagged.values_list("person_id", "word"):
        tags.setdefault(person, []).append(word)
    return {
        one.pk: {
            "call_name": one.call_name,
            "pronoun": one.pronoun,
            "minor": one.minor,
            "emails": tuple(str(found.value) for found in contacts[one.pk] if found.kind == "email"),
            "phones": tuple(str(found.value) for found in contacts[one.pk] if found.kind == "phone"),
            "postcode": one.postcode,
            "town": one.town,
            "languages": tuple(one.languages),
            "tags": tuple(tags.get(one.pk, ())),
            "own": own.get(one.pk, ()),
            "agreed": agreed[one.pk],
        }
        for one in persons
    }


def _own(persons: Sequence[int]) -> dict[int, tuple[Own, ...]]:
    """Return what is kept of people in fields that units added, by person."""
    kept = queries.values_in(persons)
    asked = {field for values in kept.values() for field in values}
    fields = CustomField.objects.filter(pk__in=asked).select_related("unit")
    ordered = list(fields.order_by("unit__path", "position", "pk"))
    called = Counter(one.label.casefold() for one in ordered)
    labels = {
        one.pk: (place, f"{one.label} ({one.unit.code})" if called[one.label.casefold()] > 1 else one.label)
        for place, one in enumerate(ordered)
    }
    return {
        person: tuple(
            Own(
                *labels[field],
                custom.written(one.field.type, str(one.value)),
                custom.shown(one.field.type, str(one.value)),
            )
            for field, one in values.items()
        )
        for person, values in kept.items()
    }


def _agreed(persons: Sequence[int]) -> dict[int, tuple[Own, ...]]:
    """Return where people stand with each purpose to which any of them ever agreed, by person."""
    stands = protection.standings_in(persons)
    purposes = protection.purposes_by_key({key for held in stands.values() for key in held})
    labels = {key: words.agreed_to(purposes[key]) for key in sorted(purposes)}
    return {
        person: tuple(
            Own(key, label, *_stands(stands.get(person, {}).get(key))) for key, label in labels.items()
        )
        for person in persons
    }


def _stands(stands: protection.Stands | None) -> tuple[str, str]:
    """Return it as a list says it, which a list that is brought in says as well, and as a person reads it."""
    if stands is None:
        return _("never"), _("never")
    sentence = _("yes, since %(day)s") if stands.agreed else _("withdrawn on %(day)s")
    return sentence % {"day": stands.day.isoformat()}, sentence % {"day": said(stands.day)}


def _only_standing(actor: Actor, person: Person) -> bool:
    """Return whether of this person only name and standing go out: a treasurer's list."""
    found = rights.right(actor, "lists.export", person.unit)
    return found is None or found.how == STANDING_LIST


def _standings(persons: Sequence[int], today: dt.date) -> Mapping[int, str]:
    said = listpage.status_words()
    return {row.pk: listpage.standing(row.status, said) for row in searching.rows(persons, today)}


def _stays(persons: Sequence[int], today: dt.date) -> Mapping[int, Stay]:
    """Return what each of these persons is at home today, or was last.

    She joined when the first of the memberships began that transfers hold together. Of one who was there when
    the records begin nobody knows the day.
    """
    found: dict[int, list[Membership]] = {}
    home = Membership.objects.filter(person__in=persons, home=True, recorded__upper_inf=True)
    for one in home.filter(valid__startswith__lte=today).order_by("valid"):
        found.setdefault(one.person_id, []).append(one)
    return {person: _stay(held, today) for person, held in found.items()}


def _stay(held: Sequence[Membership], today: dt.date) -> Stay:
    last = held[-1]
    moved = itertools.takewhile(lambda one: one.entry_flow == "move_in", reversed(held))
    first = held[max(0, len(held) - 1 - sum(1 for _one in moved))]
    left = last.valid.upper
    return Stay(
        last.kind_id,
        first.valid.lower if first.entry_flow == "entry" else None,
        left if left is not None and left <= today else None,
    )


def _stay_told(stay: Stay | None, kinds: Mapping[str, str]) -> tuple[str, str, str]:
    if stay is None:
        return kinds[status.CONTACT], "", ""
    if stay.left is not None and stay.joined is None:
        return kinds[status.FORMER], "", ""  # without the day on which it began no list can say it ended
    return kinds[stay.kind], _day(stay.joined), _day(stay.left)


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def columns(listed: Sequence[Told], *, days: bool) -> list[str]:
    """Return the header of a table of these: what is empty everywhere is left out.

    `days` tells it as programs read it: kind and days in columns of their own, days as 2024-05-03; else it is
    in the words and the days of the reader's language.
    """
    return [label for label, _cells in _table(listed, days=days)]


def table(listed: Sequence[Told], *, days: bool) -> list[list[str]]:
    """Return the cells of a table of these, row by row."""
    filled = [cells for _label, cells in _table(listed, days=days)]
    return [list(row) for row in zip(*filled, strict=True)]


def _table(listed: Sequence[Told], *, days: bool) -> list[tuple[str, list[str]]]:
    emails = max((len(one.emails) for one in listed), default=0)
    phones = max((len(one.phones) for one in listed), default=0)
    whole = [
        (_("Name"), [one.name for one in listed]),
        (_("Call name"), [one.call_name for one in listed]),
        (_("Pronoun"), [one.pronoun for one in listed]),
        (_("Under 18"), [_("yes") if one.minor else "" for one in listed]),
        *((_("E-mail"), [_at(one.emails, place) for one in listed]) for place in range(emails)),
        *((_("Phone"), [_at(one.phones, place) for one in listed]) for place in range(phones)),
        (_("Postcode"), [one.postcode for one in listed]),
        (_("Town"), [one.town for one in listed]),
        (_("Languages"), [", ".join(one.languages) for one in listed]),
        (_("Tags"), ["; ".join(one.tags) for one in listed]),
        *_own_columns([one.own for one in listed], days=days),
        *_own_columns([one.agreed for one in listed], days=days),
        (_("Unit"), [one.unit for one in listed]),
        *(
            [
                (_("Kind of membership"), [one.kind for one in listed]),
                (_("Joined on"), [one.joined for one in listed]),
                (_("Left on"), [one.left for one in listed]),
            ]
            if days
            else [(_("Standing"), [one.standing for one in listed])]
        ),
        (_("Paid until"), [one.paid_until if days else _read(one.paid_until) for one in listed]),
    ]
    return [(label, cells) for label, cells in whole if any(cells) or label == _("Name")]


def _at(many: Sequence[str], place: int) -> str:
    return many[place] if place < len(many) else ""


def _read(day: str) -> str:
    """Return a day as a person reads it."""
    return said(dt.date.fromisoformat(day)) if day else ""


def _own_columns(listed: Sequence[Sequence[Own]], *, days: bool) -> list[tuple[str, list[str]]]:
    columns = sorted({(own.place, own.label) for held in listed for own in held})
    texts = [{own.place: own.text if days else own.read for own in held} for held in listed]
    return [(label, [text.get(place, "") for text in texts]) for place, label in columns]
