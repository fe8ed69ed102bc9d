"""Bodies and what they resolved."""

from typing import Final

from django.db import models

from groundswell.structure.models import Unit

RESULTS: Final = ("unanimous", "overwhelming", "carried", "lost")


class Body(models.Model):
    """A committee, congress or commission of a unit, with its name per language."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    names = models.JSONField()
    elected = models.BooleanField(default=True)
    founded_on = models.DateField()

    def __str__(self) -> str:
        return f"body {self.pk} of {self.unit_id}"


class Resolution(models.Model):
    """A line of the register: what a body resolved, on which day, and the result as recorded.

    `result` is a word of the register when no counts are known.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="resolutions")
    day = models.DateField()
    titles = models.JSONField()
    kind = models.SlugField(max_length=40)
    result = models.SlugField(max_length=40)
    public = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_stamp = models.BigIntegerField(db_default=models.Func(function="org_stamp"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="democracy_resolution_result", condition=models.Q(result__in=RESULTS)
            ),
        ]
        ordering = ["day", "id"]

    def __str__(self) -> str:
        return f"resolution {self.pk} of {self.day}"
