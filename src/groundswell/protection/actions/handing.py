"""What is held of a person is handed out: to herself, her data protection officer, the operator."""

import datetime as dt

from django.db import transaction

from groundswell.access import reading
from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.people.models import Person
from groundswell.protection import handout
from groundswell.protection.handout import ACCESS_REQUEST, Document


@transaction.atomic
def hand_out(person: Person, *, actor: Actor, at: dt.datetime) -> Document:
    """Return everything that is held of a person, and write down that it was handed out.

    A right of the person herself; for anybody else that of her data protection officer.
    """
    if actor.person_id != person.pk:
        require(actor, "people.erase", person.unit)
    document = handout.document(person, at=at)
    reading.note([person.pk], actor=actor, what=reading.EXPORT, purpose=ACCESS_REQUEST)
    record("people.person.handed_out", actor=actor, subject=person)
    return document
