"""Declared targets, thresholds worth a line, and frozen reports."""

from django.db import models

from groundswell.structure.models import Unit


class Threshold(models.Model):
    """A number of members whose passing is a milestone."""

    members = models.PositiveIntegerField(primary_key=True)

    class Meta:
        ordering = ["members"]

    def __str__(self) -> str:
        return str(self.members)


class Target(models.Model):
    """A figure a body declared it would reach by a day."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    figure = models.SlugField(max_length=40)
    value = models.PositiveIntegerField()
    by = models.DateField()
    declared_on = models.DateField()
    declared_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["by", "id"]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.figure} {self.value} by {self.by}"


class Frozen(models.Model):
    """A report as it was made: its figures, what it was asked, and the SHA-256 of both.

    A published one is what the public front shows.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    since = models.DateField()
    known_at = models.DateTimeField()
    structure = models.CharField(max_length=4)
    body = models.JSONField()
    digest = models.BinaryField(max_length=32)
    published = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"report of {self.unit_id} as of {self.as_of}"
