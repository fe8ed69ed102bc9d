"""Rows of lists are forgotten: after their time, and when somebody in them is erased."""

import datetime as dt
from typing import Final

from django.db import connection, transaction

from groundswell.access.actor import OPERATOR, Actor
from groundswell.access.trail import record
from groundswell.exchange.importing import marks
from groundswell.exchange.models import Batch, Line, Upload
from groundswell.people.models import Membership, Person
from groundswell.people.queries import contacts_of

# For how long the rows of a list are kept, sealed; and a file of which nobody has said what its columns mean.
ROW_DAYS: Final = 30
UPLOAD_DAYS: Final = 1


@transaction.atomic
def forget_rows(*, now: dt.datetime) -> int:
    """Empty the rows of lists that were chosen more than 30 days ago; return how many. For the worker.

    A list that still waits to be let in goes whole; rows that nobody answered for are asked about no more.
    """
    before = now - dt.timedelta(days=ROW_DAYS)
    for batch in Batch.objects.filter(created_at__lt=before, state="staged"):
        record("exchange.list.thrown_away", actor=OPERATOR, subject=batch)
        Line.objects.filter(batch=batch).delete()
        batch.delete()
    old = Line.objects.filter(batch__created_at__lt=before, sealed__isnull=False)
    old.filter(outcome="doubtful").update(outcome="gone", person_id=None)
    return old.update(sealed=None, marks=[])


def forget_uploads(*, now: dt.datetime) -> int:
    """Forget files that were chosen and left; return how many. For the worker."""
    old = Upload.objects.filter(created_at__lt=now - dt.timedelta(days=UPLOAD_DAYS))
    return old.delete()[0]


def forget_person(person: Person, actor: Actor) -> None:
    """Take somebody who is erased out of the lists of her sections that nobody has written down yet.

    Her rows are those that the import would take for her: by an e-mail or phone of hers, or by her name in a
    unit of hers. A handler of `people.hooks.when_erasing`; the database asks whether the actor may.
    """
    del actor
    units = {person.unit_id, *Membership.objects.filter(person=person).values_list("unit_id", flat=True)}
    marked = [
        *(marks.of_contact(one.kind, str(one.value)) for one in contacts_of([person])[person.pk]),
        *(marks.of_name(person.name, unit) for unit in units),
    ]
    with connection.cursor() as cursor:
        cursor.execute("select exchange_forget(%s, %s::bytea[])", [person.pk, marked])
