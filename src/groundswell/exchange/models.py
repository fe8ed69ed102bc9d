"""Imports of lists: the batch, what each of its rows became, and mappings that are remembered."""

from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from groundswell.structure.models import Unit

STATES: Final = ("staged", "running", "done", "undoing", "undone")
OUTCOMES: Final = ("waiting", "new", "known", "doubtful", "refused", "passed", "gone", "undone")


class Upload(models.Model):
    """A file on its way in, sealed with its name, until somebody has said what its columns mean."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    account_id = models.BigIntegerField(null=True)
    name = models.BinaryField(default=b"")
    sealed = models.BinaryField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"a file for {self.unit_id}"


class Batch(models.Model):
    """One import of a list into a unit: whose list it is, why it may be taken in, how far it has come.

    `digest` is that of the file, by which the same file is recognised; `unit` is where its people belong.
    The counts are those of its lines; those that were `passed` over are no rows of it.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    account_id = models.BigIntegerField(null=True)
    digest = models.BinaryField(max_length=32)
    form = models.CharField(max_length=200, default="", blank=True)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    kind = models.CharField(max_length=40, default="member")
    basis = models.CharField(max_length=200, default="", blank=True)
    origin = models.CharField(max_length=200, default="", blank=True)
    state = models.CharField(max_length=8, default="staged")
    today = models.DateField()
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    foreseen_at = models.DateTimeField(null=True)
    rows = models.IntegerField(default=0)
    new = models.IntegerField(default=0)
    known = models.IntegerField(default=0)
    doubtful = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    passed = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="exchange_batch_state", condition=models.Q(state__in=STATES)),
        ]
        indexes = [models.Index(fields=["unit", "-id"], name="exchange_batch_of_unit")]

    def __str__(self) -> str:
        return f"a list of {self.today} into {self.unit_id}"


class FileName(models.Model):
    """What the file of a list is called, sealed: kept while the list waits, and not in the trail.

    A name may be that of a person. Once the list comes in its form and day say which list it was.
    """

    batch = models.OneToOneField(Batch, on_delete=models.CASCADE, primary_key=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"the name of list {self.batch_id}"


class Line(models.Model):
    """What one row of a list becomes: `sealed` holds the row, under the installation's key.

    While it waits, `foreseen` is what would become of it, as things stood when the list was looked through.
    `made` names the rows that were written for it, so that it can be undone; `person_id` whom it became, or
    whom it may be. While nobody is written down for it, `marks` are by what it is found when somebody in it
    is erased (`importing.marks`); then it is `gone`.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="lines", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.IntegerField()
    outcome = models.CharField(max_length=8, default="waiting")
    person_id = models.BigIntegerField(null=True)
    why = models.TextField(default="", blank=True)
    made = models.JSONField(null=True)
    sealed = models.BinaryField(null=True)
    foreseen = models.CharField(max_length=12, default="", db_default="", blank=True)
    marks = ArrayField(models.BinaryField(), default=list, db_default=[])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="exchange_line_once"),
            models.CheckConstraint(name="exchange_line_outcome", condition=models.Q(outcome__in=OUTCOMES)),
        ]
        indexes = [
            models.Index(fields=["person_id"], name="exchange_line_of_person"),
            models.Index(
                fields=["batch", "number"], name="exchange_line_waits", condition=models.Q(outcome="waiting")
            ),
            GinIndex(
                fields=["marks"],
                name="exchange_line_by_mark",
                condition=models.Q(outcome__in=("waiting", "doubtful", "refused")),
            ),
        ]

    def __str__(self) -> str:
        return f"row {self.number} of {self.batch_id}: {self.outcome}"


class RememberedMapping(models.Model):
    """Which column means what, as a unit chose it for files with just these headers."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)
    mapping = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "fingerprint"], name="exchange_mapping_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.fingerprint[:8]}"


class Release(models.Model):
    """A list that is larger than one may take out alone: who asked for it, for what, and who agreed.

    `question` is what the list was asked for (the parameters of its address), never who stands in it.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    question = models.JSONField()
    form = models.CharField(max_length=8)
    purpose = models.CharField(max_length=200)
    count = models.IntegerField()
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(default=False, db_default=False)
    fetched_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Row security cannot say it: the second person is another one.
            models.CheckConstraint(
                name="exchange_release_by_a_second_person",
                condition=models.Q(agreed=False)
                | models.Q(decided_at__isnull=False) & ~models.Q(decided_by=models.F("asked_by")),
            ),
        ]
        indexes = [models.Index(fields=["unit", "-id"], name="exchange_release_of_unit")]

    def __str__(self) -> str:
        return f"{self.count} people of {self.unit_id} for {self.purpose}"
