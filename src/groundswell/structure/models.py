"""Units, what kinds there are, and the periods of names, kinds and parents."""

from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse

from groundswell.kernel.periods import Recorded, one_a_day

CHANGES: Final = (
    "founded",
    "renamed",
    "moved",
    "split",
    "merged",
    "dissolved",
    "promoted",
    "founded-anew",
)


def _one_of(changes: tuple[str, ...]) -> models.Q:
    return models.Q(what__in=changes)


class Kind(models.Model):
    """A kind of unit, as data: international, section, group, region, branch, or an organisation's own.

    `position` orders kinds from the top down, and what may lie in what follows from it: a unit lies in
    one of its own position or a higher. `holds_names` says whether offices of such a unit may see the
    names of members below it (names stop at the section), `meets` whether its members meet in it.
    """

    code = models.SlugField(primary_key=True, max_length=40)
    names = models.JSONField()
    position = models.SmallIntegerField()
    holds_names = models.BooleanField()
    meets = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code


class Unit(models.Model):
    """A unit: one immutable surrogate key; its code, names, kind and parent may change.

    `path` is today's tree and nothing else carries it: the keys from the top down, as '/1/17/203/'.
    `kind`, `holds_names` and `section` mirror today's periods for the row security of other tables;
    the actions of this room keep them so. `illustrative`: no source gives its counts (decision 0730).
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


class Change(models.Model):
    """Something done to the structure in one act: what it was, and until when it can be undone.

    `unit` is the one it was done to (for a founding, the unit in which), `other` where it was moved to
    or merged into, `made` the one that came of it. The periods it wrote and those it closed name it.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    made = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.SlugField(max_length=40)
    day = models.DateField()
    account_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="structure_change_is_known", condition=_one_of(CHANGES))]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.what} {self.day}"


class Preparation(models.Model):
    """A change that is to be done on a day: what, with its arguments, and what became of it.

    `state` is waiting, done, called-off or refused: then `refusal` says why, a sentence for each language.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    what = models.SlugField(max_length=40)
    day = models.DateField()
    arguments = models.JSONField()
    state = models.SlugField(max_length=20, default="waiting")
    refusal = models.JSONField(default=dict, blank=True)
    change = models.ForeignKey(Change, null=True, on_delete=models.PROTECT, related_name="+")
    account_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="structure_preparation_is_known", condition=_one_of(CHANGES)),
            models.CheckConstraint(
                name="structure_preparation_is_settled_once",
                condition=models.Q(state="waiting", settled_at__isnull=True)
                | models.Q(state__in=["done", "called-off", "refused"], settled_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["day"], name="structure_preparation_due", condition=models.Q(state="waiting")
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.what} {self.day}: {self.state}"


class ByChange(models.Model):
    """What a change wrote and what a later one closed; nothing of either for units loaded in bulk."""

    change = models.ForeignKey(Change, null=True, on_delete=models.PROTECT, related_name="+")
    closing = models.ForeignKey(Change, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class UnitName(ByChange, Recorded):
    """The name of a unit in each of its languages, over a period."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="name_periods")
    names = models.JSONField()

    class Meta:
        constraints = [one_a_day("structure_one_name_a_day", "unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.names} {self.valid}"


class UnitKind(ByChange, Recorded):
    """The kind of a unit over a period."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="kind_periods")
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [one_a_day("structure_one_kind_a_day", "unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind_id} {self.valid}"


class UnitParent(ByChange, Recorded):
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

    `what` is founded, renamed, promoted, moved, merged (of the other: received), split (of the other:
    split-off), founded-anew, dissolved or the announcement of one; `other` the unit it came from or went
    into. `undone_at` says when its change was taken back.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="events")
    other = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.SlugField(max_length=40)
    day = models.DateField()
    prepared = models.BooleanField(default=False)
    details = models.JSONField(default=dict)
    change = models.ForeignKey(Change, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    recorded_stamp = models.BigIntegerField(db_default=models.Func(function="org_stamp"))

    class Meta:
        indexes = [models.Index(fields=["unit", "day"], name="structure_unitevent_day")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.what} {self.day}"


class PromotionRule(models.Model):
    """What a unit of one kind needs before it becomes one of another; each condition may be absent.

    `members` and `units` are the fewest there must be on the day; units are counted of `of_kind`, at
    any depth below.
    """

    from_kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+")
    to_kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+")
    members = models.IntegerField(null=True)
    units = models.IntegerField(null=True)
    of_kind = models.ForeignKey(Kind, null=True, on_delete=models.PROTECT, related_name="+")
    elected_committee = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["from_kind", "to_kind"], name="structure_one_rule_a_promotion"),
            models.CheckConstraint(
                name="structure_promotionrule_counts_upwards",
                condition=(models.Q(members__isnull=True) | models.Q(members__gte=1))
                & (models.Q(units__isnull=True) | models.Q(units__gte=1, of_kind__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_kind_id} to {self.to_kind_id}"


class ProposalRule(models.Model):
    """From which number on something is proposed for units below this one; none: it is never proposed.

    `what` is split (more members than), treasurer (days without), meeting (days without). The rule of
    the nearest unit above counts; where nobody made one, that of `rules.PROPOSALS`.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    what = models.SlugField(max_length=20)
    number = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "what"], name="structure_one_rule_a_proposal"),
            models.CheckConstraint(
                name="structure_proposalrule_counts_upwards",
                condition=models.Q(number__isnull=True) | models.Q(number__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.what} {self.number}"
