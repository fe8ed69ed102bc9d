"""What an undone list leaves behind: who was built upon, and what waits for a later list."""

from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from groundswell.exchange.models import Batch, Line
from groundswell.people.models import Person

# That a line `o` came in after a line `l`.
LATER: Final = """
((o.made->>'at')::timestamptz, o.batch_id) > ((l.made->>'at')::timestamptz, l.batch_id)
"""
_NAMED: Final = f"""
select o.batch_id, count(distinct l.person_id)
from exchange_line l
join exchange_line o on o.person_id = l.person_id and o.batch_id <> l.batch_id and o.made is not null
join exchange_batch b on b.id = o.batch_id and b.state <> 'undone'
where l.batch_id = %s and l.made is not null and (%s or l.made->>'waits' is not null) and {LATER}
group by o.batch_id order by o.batch_id
"""  # noqa: S608  # nosec B608 - a constant

# Whom people whom a batch made have become one with.
_BECAME: Final = """
select g.stays from access_merged g join exchange_line l on l.person_id = g.goes
where l.batch_id = %s and (l.made->>'new')::boolean
"""


def stayed(batch: Batch, *, most: int = 200) -> list[Person]:
    """Return whom an undone batch made and who has stayed, since somebody had built on her: by name."""
    waiting = Line.objects.filter(batch=batch, made__waits=True).values("person_id")
    found = _made_and_there(batch).exclude(pk__in=waiting).select_related("unit").order_by("sort_key", "pk")
    return list(found[:most])


def count_stayed(batch: Batch) -> int:
    """Return how many an undone batch made and who have stayed."""
    return _made_and_there(batch).count()


def _made_and_there(batch: Batch) -> QuerySet[Person]:
    made = Line.objects.filter(batch=batch, made__new=True, person_id__isnull=False)
    became = RawSQL(_BECAME, [batch.pk])  # noqa: S611  # nosec B611 - a constant
    return Person.objects.filter(Q(pk__in=made.values("person_id")) | Q(pk__in=became))


def count_waiting(batch: Batch) -> int:
    """Return of how many people what an undone batch wrote waits for a later list to be undone."""
    waiting = Line.objects.filter(batch=batch, made__waits=True)
    return waiting.values("person_id").distinct().count()


def named_later(batch: Batch) -> list[tuple[Batch, int]]:
    """Return the later lists, not undone, that name people of a batch, each with how many of them.

    Of an undone batch those for which what it wrote waits. As far as the session sees them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, [batch.pk, batch.state != "undone"])
        counts = dict(cursor.fetchall())
    found = Batch.objects.select_related("unit").in_bulk(list(counts))
    return [(found[number], count) for number, count in counts.items() if number in found]
