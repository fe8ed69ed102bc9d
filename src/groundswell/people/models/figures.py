"""What the figures stand on: movements, their roll-ups, and returns by number."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from groundswell.people.models.membership import FLOWS
from groundswell.structure.models import Unit


class Movement(models.Model):
    """One step of a count: append-only, written by triggers and returns, the source of every figure.

    Its units are those of the membership or return it comes from, which carry the foreign keys.
    `delta` is +1 or -1 for persons, any number for a return; a reversal keeps the flow and the day
    of what it reverses with the opposite sign. `other` is the unit a move came from or went to.
    """

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    other = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    membership_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    day = models.DateField()
    delta = models.IntegerField()
    flow = models.CharField(max_length=8)
    kind = models.CharField(max_length=40)
    home = models.BooleanField()
    counts = models.BooleanField()
    transfer_id = models.BigIntegerField(null=True)
    reverses_id = models.BigIntegerField(null=True)
    return_id = models.BigIntegerField(null=True)
    origin = models.CharField(max_length=8, default="person")
    recorded_at = models.DateTimeField()
    recorded_stamp = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="people_movement_flow", condition=models.Q(flow__in=FLOWS)),
            models.CheckConstraint(
                name="people_movement_origin",
                condition=models.Q(origin="person", person_id__isnull=False)
                | models.Q(origin="return", person_id__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["reverses_id"],
                name="people_movement_reversed_once",
                condition=models.Q(reverses_id__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit", "day"], name="people_movement_unit_day", include=["delta", "counts"]
            ),
            models.Index(
                fields=["day"],
                name="people_movement_day",
                include=["unit", "other", "flow", "delta"],
                condition=models.Q(counts=True),
            ),
            # What is recorded comes in the order of recording, so block ranges suffice and cost little.
            BrinIndex(fields=["recorded_at", "recorded_stamp"], name="people_movement_recorded"),
            models.Index(fields=["membership_id"], name="people_movement_membership"),
            models.Index(fields=["person_id"], name="people_movement_person"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day} {self.flow} {self.delta:+d}"


class Rollup(models.Model):
    """The counting movements of a unit in a month, by flow: appended by trigger, compacted by a job.

    Several rows of one unit and month add up; `other` keeps moves apart so that a transfer inside
    a section can cancel. `month` is its first day.
    """

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    other = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    month = models.DateField()
    opening = models.IntegerField()
    entry = models.IntegerField()
    exit = models.IntegerField()
    move_in = models.IntegerField()
    move_out = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["unit", "month"], name="people_rollup_unit_month")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.month}"


class SectionRollup(models.Model):
    """The same by today's section (a unit above the sections is its own), without moves inside it."""

    section_id = models.BigIntegerField()
    month = models.DateField()
    opening = models.IntegerField()
    entry = models.IntegerField()
    exit = models.IntegerField()
    move_in = models.IntegerField()
    move_out = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["section_id", "month"], name="people_sectionrollup_month")]

    def __str__(self) -> str:
        return f"section {self.section_id} {self.month}"


class Counting(models.Model):
    """A period over which a unit reports by number instead of by person; never both."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    valid = DateRangeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="people_one_way_of_counting_a_day",
                expressions=[("unit", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} by number {self.valid}"


class Return(models.Model):
    """A unit's signed figures as of a day: members, and who joined and left since the return before."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    members = models.IntegerField()
    joined = models.IntegerField()
    left = models.IntegerField()
    signed_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    recorded_stamp = models.BigIntegerField(db_default=models.Func(function="org_stamp"))
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="people_return_counts_nothing_below_zero",
                condition=models.Q(members__gte=0, joined__gte=0, left__gte=0),
            ),
            models.UniqueConstraint(
                fields=["unit", "as_of"],
                name="people_one_return_a_day",
                condition=models.Q(superseded_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.as_of}: {self.members}"
