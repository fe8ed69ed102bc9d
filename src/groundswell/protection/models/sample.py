"""Whom an auditor has drawn, to look at some records and not at all."""

from django.db import models

from groundswell.people.models import Person
from groundswell.protection.rules import MOST_DRAWN
from groundswell.structure.models import Unit


class Sample(models.Model):
    """A draw: of whom, as of when, how many of how many, and the seed by which anybody draws it again.

    The database makes the seed; nobody chooses it. `account_id` drew it and reads whom it holds before
    `readable_until`, while her mandate lasts.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    account_id = models.BigIntegerField(db_index=True)
    as_of = models.DateField()
    size = models.PositiveSmallIntegerField()
    population = models.PositiveIntegerField()
    seed = models.CharField(max_length=64)
    drawn_at = models.DateTimeField()
    readable_until = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="protection_sample_within_reason",
                condition=models.Q(size__range=(1, MOST_DRAWN), population__gte=models.F("size")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.size} of {self.population} of {self.unit_id} on {self.as_of}"


class Drawn(models.Model):
    """One who was drawn, at her place in the draw."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sample", "person"], name="protection_drawn_once"),
        ]

    def __str__(self) -> str:
        return f"{self.place} of sample {self.sample_id}"
