"""An auditor draws a sample of records; who was drawn, and by what, stands in the trail before she reads."""

import datetime as dt

from django.db import connection, transaction

from groundswell.access import reading
from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.protection import queries, rules
from groundswell.protection.models import Sample
from groundswell.structure.models import Unit


@transaction.atomic
def draw_sample(unit: Unit, *, as_of: dt.date, size: int, actor: Actor, at: dt.datetime) -> Sample:
    """Draw so many of the members of a unit and below on a day, as known now; all if there are fewer."""
    require(actor, "people.sample", unit)
    rules.check_sample(size, as_of, at.date(), open_already=queries.open_records(actor))
    with connection.cursor() as cursor:
        cursor.execute("select protection_draw(%s, %s, %s, %s)", [unit.pk, as_of, size, at])
        (key,) = cursor.fetchone()
    rules.check_anybody(key or 0)
    sample = Sample.objects.get(pk=key)
    said = {"size": sample.size, "population": sample.population, "seed": sample.seed}
    record("protection.sample.drawn", actor=actor, subject=sample, as_of=as_of.isoformat(), **said)
    return sample


@transaction.atomic
def read_sample(sample: Sample, *, actor: Actor) -> list[int]:
    """Return who is in a sample, in the order of the draw, and write a receipt for each."""
    require(actor, "people.sample", sample.unit)
    numbers = queries.drawn_in(sample)
    reading.note(numbers, actor=actor, what=reading.SAMPLE, purpose=f"#{sample.pk}")
    return numbers
