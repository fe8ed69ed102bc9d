"""A breach of persons' data, and what was done about it: a record that stays (GDPR art. 33(5))."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from groundswell.protection.rules import STEPS
from groundswell.structure.models import Unit


class Breach(models.Model):
    """Data could be read by whoever must not: what happened, when it was found out, what it touched.

    `places` are the keys of the units whose people it concerns, each with all below; `accounts` those
    through which it happened. `readable_until` is empty while it goes on. Moments are organisation time.
    `sessions_ended` counts all that were ended for it, `sessions_ended_at` says when last.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    what = models.TextField()
    ways = models.TextField(default="", db_default="", blank=True)
    consequences = models.TextField(default="", db_default="", blank=True)
    measures = models.TextField(default="", db_default="", blank=True)
    found_at = models.DateTimeField()
    readable_from = models.DateTimeField()
    readable_until = models.DateTimeField(null=True)
    places = ArrayField(models.BigIntegerField())
    accounts = ArrayField(models.BigIntegerField(), default=list)
    opened_at = models.DateTimeField()
    opened_by = models.BigIntegerField(null=True)
    sessions_ended = models.IntegerField(default=0, db_default=0)
    sessions_ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="protection_breach_says_what", condition=~models.Q(what="")),
            models.CheckConstraint(
                name="protection_breach_touches_something", condition=models.Q(places__len__gte=1)
            ),
            models.CheckConstraint(
                name="protection_breach_ends_after_it_began",
                condition=models.Q(readable_until__isnull=True)
                | models.Q(readable_until__gte=models.F("readable_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"breach {self.pk} in {self.unit_id}"


class BreachStep(models.Model):
    """One of the five steps was done at a moment, or was not needed, and `words` says why."""

    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=10)
    needed = models.BooleanField()
    words = models.TextField(default="", db_default="", blank=True)
    done_at = models.DateTimeField()
    done_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="protection_breachstep_step", condition=models.Q(step__in=STEPS)),
            models.CheckConstraint(
                name="protection_breachstep_says_why_not",
                condition=models.Q(needed=True) | ~models.Q(words=""),
            ),
            models.UniqueConstraint(fields=["breach", "step"], name="protection_breachstep_once"),
        ]

    def __str__(self) -> str:
        return f"{self.step} of breach {self.breach_id}"
