"""Gatherings of a unit, and who came to them."""

from typing import Final

from django.db import models

from groundswell.people.models.person import Person
from groundswell.structure.models import Unit

GATHERING_KINDS: Final = ("meeting", "public", "school", "other")


class Gathering(models.Model):
    """People of a unit come together on a day; `begins` is the hour by the clock of the place."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    begins = models.TimeField(null=True)
    kind = models.CharField(max_length=8)
    title = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="people_gathering_kind", condition=models.Q(kind__in=GATHERING_KINDS)
            ),
            models.CheckConstraint(name="people_gathering_has_a_title", condition=~models.Q(title="")),
            # What an attendance says of its gathering's unit is held to this.
            models.UniqueConstraint(fields=["id", "unit"], name="people_gathering_of_its_unit"),
        ]
        indexes = [models.Index(fields=["unit", "-day"], name="people_gathering_by_day")]

    def __str__(self) -> str:
        return f"{self.title} {self.day}"


class Attendance(models.Model):
    """Somebody came to a gathering; whoever did not has no row.

    `unit` is where she lives and follows her, `held_by` the unit whose gathering it is.
    """

    gathering = models.ForeignKey(
        Gathering, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False
    )
    held_by = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    person = models.ForeignKey(Person, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gathering", "person"], name="people_attendance_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} came to {self.gathering_id}"
