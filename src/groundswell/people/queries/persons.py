"""One person and what hangs on her, as far as the actor may see it."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.db import connection
from django.db.models import Count
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.rights import may, may_for_herself
from groundswell.access.secrets import blind_index, unlock
from groundswell.kernel.errors import NotFound
from groundswell.people import folding
from groundswell.people.models import Contact, Note, Person, Standing, Tag
from groundswell.structure.models import Unit

# More tags than these nobody looks through; the others are typed.
_MOST_SUGGESTED: Final = 50


def person_for(actor: Actor, pk: int, capability: str) -> Person:
    """Return a person to whom the actor may do this in her home unit, or because it is she herself.

    With `people.names` also whoever comes as a guest or asks to come: row security lets her be seen. One
    that does not exist and one out of reach look alike: NotFound.
    """
    person = Person.objects.select_related("unit").filter(pk=pk).first()
    if person is None or not (
        capability == "people.names"
        or may(actor, capability, person.unit)
        or may_for_herself(actor, capability, person.pk)
    ):
        raise NotFound(_("There is no such person that you may see."), field="person")
    return person


def of_whom(actor: Actor, people: Sequence[int], capability: str) -> list[int]:
    """Return those of these people to whom the actor may do this in their home units, in their order."""
    homes = dict(Person.objects.filter(pk__in=people).values_list("pk", "unit_id"))
    units = Unit.objects.filter(pk__in=set(homes.values()))
    open_ = {unit.pk for unit in units if may(actor, capability, unit)}
    return [number for number in people if homes.get(number) in open_]


def is_seen(pk: int) -> bool:
    """Return whether the session sees a person, once her age or her unit is another."""
    return Person.objects.filter(pk=pk).exists()


def merged_into(number: int) -> int | None:
    """Return the number to which this one leads since two records became one, as far as she is seen."""
    with connection.cursor() as cursor:
        cursor.execute("select stays from access_merged where goes = %s", [number])
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def contacts_of(persons: Sequence[Person]) -> dict[int, list[Contact]]:
    """Return the e-mails and phones of these persons that the session sees, opened, by person."""
    found: dict[int, list[Contact]] = {person.pk: [] for person in persons}
    contacts = Contact.objects.filter(person__in=persons).order_by("kind", "position", "pk")
    for contact in unlock(contacts, "value"):
        found[contact.person_id].append(contact)
    return found


def tags_of(person: Person) -> list[str]:
    """Return her tags in their order."""
    return list(Tag.objects.filter(person=person).order_by("word").values_list("word", flat=True))


def tags_in_use(people: Sequence[int]) -> list[str]:
    """Return the tags that are in use where these people are at home, those of most people first."""
    units = Person.objects.filter(pk__in=people).values("unit")
    used = Tag.objects.filter(unit__in=units).values("word").annotate(count=Count("pk"))
    return list(used.order_by("-count", "word").values_list("word", flat=True)[:_MOST_SUGGESTED])


def paid_until(person: Person) -> dt.date | None:
    """Return the day until which she has paid, None when nobody said."""
    believed = Standing.objects.filter(person=person, superseded_at=None).first()
    return believed.paid_until if believed else None


def standings_of(person: Person) -> list[Standing]:
    """Return what was ever said of the day until which she has paid, that the session sees."""
    return list(Standing.objects.filter(person=person))


def notes_of(person: Person) -> list[Note]:
    """Return the notes about her that the session may read, opened, the newest first."""
    return unlock(Note.objects.filter(person=person).order_by("-at", "-pk"), "text")


def note_texts(persons: Sequence[int], *, visibility: str) -> dict[int, set[str]]:
    """Return the texts of the notes of a circle about many persons that the session may read, by person."""
    notes = Note.objects.filter(person__in=persons, visibility=visibility)
    found: dict[int, set[str]] = {}
    for note in unlock(notes, "text"):
        found.setdefault(note.person_id, set()).add(str(note.text))
    return found


def by_contact(kind: str, text: str, *, country: str = "") -> list[int]:
    """Return who has just this e-mail or phone, of those the session sees; Refusal for what is neither."""
    folded = folding.fold_email(text) if kind == "email" else folding.fold_phone(text, country)
    digest = blind_index(kind, folded)
    return list(
        Contact.objects.filter(digest=digest, kind=kind)
        .order_by("person_id")
        .values_list("person_id", flat=True)
    )
