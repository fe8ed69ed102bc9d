"""Units, what kinds there are, and the periods of names, kinds and parents."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse

from groundswell.kernel.periods import Recorded, one_a_day


class Kind(models.Model):
    """A kind of unit, as data: international, section, group, region, branch, or an organisation's own.

    `position` orders kinds from the top down; `holds_names` says whether offices of such a unit may
    see the names of members below it (names stop at the section).
    """

    code = models.SlugField(primary_key=True, max_length=40)
    names = models.JSONField()
    position = models.SmallIntegerField()
    holds_names = models.BooleanField()

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code


class Unit(models.Model):
    """A unit: one immutable surrogate key; its code, names, kind and parent may change.

    `path` is today's tree and nothing else carries it: the keys from the top down, as '/1/17/203/'.
    `kind`, `holds_names` and `section` mirror today's periods for the row security of other tables;
    the actions of this room keep them so.
    """

    code = models.CharField(max_length=40, unique=True)
    path = models.TextField(unique=True, db_collation="C")
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+")
    holds_names = models.BooleanField()
    section = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    country = models.CharField(max_length=2, default="", blank=True)
    town = models.CharField(max_length=120, default="", blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    locale = models.CharField(max_length=20, default="en")
    languages = ArrayField(models.CharField(max_length=20), default=list)
    currency = models.CharField(max_length=3, default="EUR")
    time_zone = models.CharField(max_length=60, default="UTC")
    protected = models.BooleanField(default=False)
    illustrative = models.BooleanField(default=False)
    founded_on = models.DateField()
    dissolved_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="structure_unit_code_is_written_plainly",
                condition=models.Q(code__regex=r"^[A-Z0-9][A-Z0-9-]*$"),
            ),
            models.CheckConstraint(
                name="structure_unit_ends_after_it_began",
                condition=models.Q(dissolved_on__isnull=True)
                | models.Q(dissolved_on__gte=models.F("founded_on")),
            ),
            models.CheckConstraint(
                name="structure_unit_lies_on_the_globe",
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                # A comparison with nothing is neither true nor false, and a check lets that pass.
                | models.Q(
                    latitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__isnull=False,
                    longitude__range=(-180, 180),
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """Return the address of the unit's page."""
        return reverse("structure:unit", args=[self.code])


class UnitName(Recorded):
    """The name of a unit in each of its languages, over a period."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="name_periods")
    names = models.JSONField()

    class Meta:
        constraints = [one_a_day("structure_one_name_a_day", "unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.names} {self.valid}"


class UnitKind(Recorded):
    """The kind of a unit over a period."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="kind_periods")
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [one_a_day("structure_one_kind_a_day", "unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind_id} {self.valid}"


class UnitParent(Recorded):
    """The parent of a unit over a period; `absorbed` when the unit was merged into that parent.

    A merged unit keeps its memberships: they count where it lies, so a merger is no movement of
    persons and undoing one is one period less.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="parent_periods")
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="child_periods")
    absorbed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            one_a_day("structure_one_parent_a_day", "unit"),
            models.CheckConstraint(
                name="structure_no_unit_is_its_own_parent",
                condition=~models.Q(unit=models.F("parent")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} in {self.parent_id} {self.valid}"


class UnitEvent(models.Model):
    """What happened to a unit on a day: the lineage and the history a person reads.

    `what` is founded, renamed, promoted, moved, merged, split, founded-anew, dissolved or a
    preparation of one; `other` the unit it came from or went into.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="events")
    other = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.SlugField(max_length=40)
    day = models.DateField()
    prepared = models.BooleanField(default=False)
    details = models.JSONField(default=dict)
    recorded_at = models.DateTimeField()
    recorded_stamp = models.BigIntegerField(db_default=models.Func(function="org_stamp"))

    class Meta:
        indexes = [models.Index(fields=["unit", "day"], name="structure_unitevent_day")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.what} {self.day}"
