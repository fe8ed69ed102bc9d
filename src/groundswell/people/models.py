"""Persons, memberships over time, movements, roll-ups, returns by number."""

from typing import Final

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from groundswell.kernel.periods import Recorded, one_a_day
from groundswell.structure.models import Unit

ENTRY_FLOWS: Final = ("opening", "entry", "move_in")
EXIT_FLOWS: Final = ("exit", "move_out")
FLOWS: Final = ENTRY_FLOWS + EXIT_FLOWS


class MembershipKind(models.Model):
    """A kind of membership, as data; `counts` says whether its home rows count as members."""

    code = models.SlugField(primary_key=True, max_length=40)
    names = models.JSONField()
    counts = models.BooleanField()

    def __str__(self) -> str:
        return self.code


class Person(models.Model):
    """A person: one name as she writes it, a key to sort it by, and her home unit today.

    `folded` holds the words she is found by (`rules.folded_name`); triggers keep the search's tables from it.

    Contact details are kept apart and encrypted. A person that was erased has no row: her number
    stays in the movements as a pseudonym.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=200, db_collation="C")
    call_name = models.CharField(max_length=120, default="", blank=True)
    folded = models.TextField(db_collation="C", db_default="", blank=True)
    locale = models.CharField(max_length=20, default="", blank=True)
    languages = ArrayField(models.CharField(max_length=20), default=list)
    town = models.CharField(max_length=120, default="", blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="people_person_has_a_name", condition=~models.Q(name="")),
        ]
        indexes = [models.Index(fields=["unit", "sort_key", "id"], name="people_person_by_name")]

    def __str__(self) -> str:
        return self.name


class Transfer(models.Model):
    """A member's move from one unit to another, by the day it was accepted."""

    person = models.ForeignKey(Person, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    accepted_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_stamp = models.BigIntegerField(db_default=models.Func(function="org_stamp"))

    def __str__(self) -> str:
        return f"{self.person_id}: {self.from_unit_id} to {self.unit_id} on {self.accepted_on}"


class Membership(Recorded):
    """A dated fact: this person, this unit, from, until.

    Only three things ever happen to a row, and triggers write the movements of each: it is made, it
    is ended once (`ended_at` says when that was recorded), it is withdrawn (its `recorded` span is
    closed, all its movements are reversed). `home` is false for a guest.
    """

    person = models.ForeignKey(Person, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.ForeignKey(MembershipKind, on_delete=models.PROTECT, related_name="+", db_index=False)
    home = models.BooleanField(default=True)
    entry_flow = models.CharField(max_length=8, default="entry")
    entry_other = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    entry_transfer = models.ForeignKey(
        Transfer, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    exit_flow = models.CharField(max_length=8, default="exit")
    exit_other = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    exit_transfer = models.ForeignKey(
        Transfer, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=200, default="", blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_stamp = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            one_a_day("people_one_home_a_day", "person", home=True),
            one_a_day("people_one_membership_a_unit_a_day", "person", "unit"),
            models.CheckConstraint(
                name="people_membership_begins_on_a_day",
                condition=models.Q(valid__lower_inf=False, valid__isempty=False),
            ),
            models.CheckConstraint(
                name="people_membership_end_says_when_it_was_recorded",
                condition=models.Q(valid__upper_inf=True, ended_at__isnull=True)
                | models.Q(valid__upper_inf=False, ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="people_membership_flows",
                condition=models.Q(entry_flow__in=ENTRY_FLOWS, exit_flow__in=EXIT_FLOWS),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.unit_id} {self.valid}"


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
            models.Index(fields=["unit", "day"], name="people_movement_unit_day"),
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
    other_id = models.BigIntegerField(null=True)
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
