"""Rows of lists are forgotten: after their time, and when somebody in them is erased."""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from typing import Final

from django.db import connection, transaction
from django.db.models import F

from groundswell.access import scope
from groundswell.access.actor import OPERATOR, Actor
from groundswell.access.trail import record
from groundswell.exchange.importing import marks, sealing
from groundswell.exchange.importing.mapping import ColumnMapping
from groundswell.exchange.models import Batch, Line, Upload
from groundswell.people.models import Membership, Person
from groundswell.people.queries import contacts_of
from groundswell.structure.models import Unit

# For how long the rows of a list are kept, sealed; and a file of which nobody has said what its columns mean.
ROW_DAYS: Final = 30
UPLOAD_DAYS: Final = 1
_UNWRITTEN: Final = ("waiting", "doubtful", "refused")


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
    unit of hers; in a unit above by her name, where nothing in the row speaks for somebody else. A handler of
    `people.hooks.when_erasing`; the database asks whether the actor may.
    """
    del actor
    units = {person.unit_id, *Membership.objects.filter(person=person).values_list("unit_id", flat=True)}
    ways = contacts_of([person])[person.pk]
    marked = [
        *(marks.of_contact(one.kind, str(one.value)) for one in ways),
        *(marks.of_name(person.name, unit) for unit in units),
    ]
    with connection.cursor() as cursor:
        cursor.execute("select exchange_forget(%s, %s::bytea[])", [person.pk, marked])
    # Lists of units above, also above whoever erases her: what that function allowed is done by the worker.
    with scope.worker("forget who is erased in lists from above"):
        _forget_above(person, units, reached=bool(ways))


def _forget_above(person: Person, units: Collection[int], *, reached: bool) -> None:
    """Take rows out that name her in a unit above hers and say nothing by which she is somebody else."""
    paths = Unit.objects.filter(pk__in=units).values_list("path", flat=True)
    above = {int(key) for path in paths for key in path.strip("/").split("/")} - {*units}
    named = Line.objects.filter(
        marks__overlap=[marks.of_name(person.name, unit) for unit in sorted(above)],
        outcome__in=_UNWRITTEN,
        sealed__isnull=False,
    )
    hers: dict[int, list[Line]] = {}
    for line in named.select_related("batch__unit").select_for_update(of=("self",)).order_by("pk"):
        town, reachable = _told(line)
        another = town and person.town and town.casefold() != person.town.casefold()
        if not another and not (reachable and reached):
            hers.setdefault(line.batch_id, []).append(line)
    for batch, lines in hers.items():
        counts = Counter(line.outcome for line in lines)
        Line.objects.filter(pk__in=[line.pk for line in lines]).update(
            outcome="gone", why="", sealed=None, marks=[], person_id=None
        )
        Batch.objects.filter(pk=batch).update(
            doubtful=F("doubtful") - counts["doubtful"], refused=F("refused") - counts["refused"]
        )


def _told(line: Line) -> tuple[str, bool]:
    """Return the town that a row says, and whether it says an e-mail or a phone (none of hers)."""
    sealed = bytes(line.sealed or b"")
    if line.outcome != "refused":
        entry = sealing.entry_of(line.batch_id, line.number, sealed)
        return entry.town, bool(entry.emails or entry.phones)
    cells = sealing.opened(line.batch_id, line.number, sealed)["cells"]
    places = ColumnMapping.of(line.batch.mapping).columns("town")
    town = next((cells[place] for place in places if place < len(cells)), "")
    # Besides the mark of the name, each is of an e-mail or a phone.
    return town.strip(), len(line.marks) > 1
