"""What hangs on a person is written: her own details, ways to reach her, tags, what she paid, notes."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.rights import may_for_herself
from groundswell.access.secrets import blind_index, new_ids, unlock
from groundswell.access.trail import record
from groundswell.kernel.errors import Refusal
from groundswell.kernel.meanwhile import reconciled, united
from groundswell.people import folding, rules
from groundswell.people.actions.joining import lock_person
from groundswell.people.models import VISIBILITIES, Contact, Note, Person, Standing, Tag
from groundswell.structure.lands import country_of


@transaction.atomic
def change_person(
    person: Person, *, changes: Mapping[str, Any], before: Mapping[str, Any], actor: Actor
) -> Person:
    """Change details of a person; `before` is what the one who changes them saw.

    Where somebody else changed one of the same details meanwhile to something else, nothing is written,
    and the Refusal says what stands there now.
    """
    _require_edit(actor, person)
    person = lock_person(person)
    wanted = rules.check_details(changes)
    reconciled({detail: getattr(person, detail) for detail in wanted}, before=before, wanted=wanted)
    for detail, value in wanted.items():
        setattr(person, detail, value)
    if {"name", "call_name"} & wanted.keys():
        person.folded = rules.folded_name(person.name, person.call_name)
        if "name" in wanted and "sort_key" not in wanted:
            person.sort_key = rules.sort_key(person.name)
    person.save(update_fields=[*wanted, "folded", "sort_key"])
    record("people.person.changed", actor=actor, subject=person)
    return person


@transaction.atomic
def put_contact(
    person: Person, *, kind: str, text: str, actor: Actor, at: dt.datetime, label: str = ""
) -> Contact:
    """Write down an e-mail or a phone; one that she has already only takes the label."""
    _require_edit(actor, person)
    folded = fold_contact(kind, text, country=country_of(person.unit))
    digest = blind_index(kind, folded)
    lock_person(person)
    known = Contact.objects.filter(person=person, kind=kind, digest=digest).first()
    if known is not None:
        known.label = label[:40]
        if not unlock([known], "value"):  # its key is gone: it is written anew under hers of now
            known.value = folded
        known.save(update_fields=["label", "value"])
        return known
    (number,) = new_ids(Contact, 1)
    contact = Contact.objects.create(
        pk=number,
        person=person,
        unit_id=person.unit_id,
        kind=kind,
        value=folded,
        digest=digest,
        label=label[:40],
        position=Contact.objects.filter(person=person, kind=kind).count(),
        recorded_at=at,
    )
    record("people.contact.written", actor=actor, subject=contact)
    return contact


def fold_contact(kind: str, text: str, *, country: str) -> str:
    """Return an e-mail or phone in the form it is found by; Refusal for what is neither."""
    return folding.fold_email(text) if kind == "email" else folding.fold_phone(text, country)


@transaction.atomic
def drop_contact(contact: Contact, *, actor: Actor) -> None:
    """Take an e-mail or phone away."""
    _require_edit(actor, contact.person)
    record("people.contact.dropped", actor=actor, subject=contact)
    contact.delete()


@transaction.atomic
def put_tags(
    person: Person, *, words: Sequence[str], actor: Actor, before: Sequence[str] | None = None
) -> None:
    """Let these be her tags and no others, but those that others gave or took since `before` was seen."""
    require(actor, "people.edit", person.unit)
    seen = None if before is None else rules.check_tags(before)
    lock_person(person)
    held = list(Tag.objects.filter(person=person).values_list("word", flat=True))
    wanted = rules.check_tags(united(held, before=seen, wanted=rules.check_tags(words)))
    Tag.objects.filter(person=person).exclude(word__in=wanted).delete()
    Tag.objects.bulk_create(
        Tag(person=person, unit_id=person.unit_id, word=word) for word in wanted if word not in held
    )


@transaction.atomic
def put_paid_until(person: Person, *, day: dt.date, source: str, actor: Actor, at: dt.datetime) -> Standing:
    """Say until when she has paid; what was believed before stays with the moment it was put right."""
    require(actor, "people.edit", person.unit)
    lock_person(person)
    believed = Standing.objects.filter(person=person, superseded_at=None).first()
    if believed is not None and believed.paid_until == day:
        return believed
    Standing.objects.filter(person=person, superseded_at=None).update(superseded_at=at)
    standing = Standing.objects.create(
        person=person, unit_id=person.unit_id, paid_until=day, source=source, recorded_at=at
    )
    record("people.standing.written", actor=actor, subject=standing)
    return standing


@transaction.atomic
def write_note(person: Person, *, text: str, visibility: str, actor: Actor, at: dt.datetime) -> Note:
    """Write a note about a person for those of a circle that the writer belongs to herself."""
    require(actor, "people.contact", person.unit)
    if visibility not in VISIBILITIES:
        raise Refusal(_("Choose who may read the note."), field="visibility", code="no-circle")
    (number,) = new_ids(Note, 1)
    note = Note.objects.create(
        pk=number,
        person=person,
        unit_id=person.unit_id,
        account_id=actor.account_id,
        visibility=visibility,
        text=rules.check_note(text),
        at=at,
    )
    record("people.note.written", actor=actor, subject=note)
    return note


def _require_edit(actor: Actor, person: Person) -> None:
    if not may_for_herself(actor, "people.edit", person.pk):
        require(actor, "people.edit", person.unit)
