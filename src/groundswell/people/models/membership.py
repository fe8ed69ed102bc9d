"""Memberships over time, their kinds, and transfers."""

from typing import Final

from django.db import models

from groundswell.kernel.periods import Recorded, one_a_day
from groundswell.people.models.person import Person
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
    closed, all its movements are reversed). `home` is false for a guest. `minor` is what her person's row
    says, written by triggers: row security asks it.
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
    minor = models.BooleanField(default=False, db_default=False)

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
