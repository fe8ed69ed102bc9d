"""What persons ask of those who answer for their data."""

from typing import Final

from django.db import models

from groundswell.access.secrets import EncryptedText
from groundswell.people.models import Person
from groundswell.structure.models import Unit

KINDS: Final = ("copy", "correct", "erase")
DECISIONS: Final = ("granted", "refused", "withdrawn")


class DataRequest(models.Model):
    """What a person asks: a copy, a correction, her erasure; to be answered by `due_on` (GDPR art. 12(3)).

    `words` is what she wrote, under her key. The row goes with her: that she was erased stands in the trail.
    """

    person = models.ForeignKey(Person, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8)
    words = EncryptedText(null=True)
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField(null=True)
    due_on = models.DateField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decision = models.CharField(max_length=9, default="", db_default="", blank=True)
    reason = models.CharField(max_length=200, default="", db_default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="protection_datarequest_kind", condition=models.Q(kind__in=KINDS)),
            models.CheckConstraint(
                name="protection_datarequest_decided_or_open",
                condition=models.Q(decision="", decided_at__isnull=True)
                | models.Q(decision__in=DECISIONS, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="protection_datarequest_refusal_says_why",
                condition=~models.Q(decision="refused", reason=""),
            ),
            models.UniqueConstraint(
                fields=["person", "kind"],
                name="protection_datarequest_one_open",
                condition=models.Q(decided_at__isnull=True) & ~models.Q(kind="correct"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit", "due_on"],
                name="protection_datarequest_open",
                condition=models.Q(decided_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} asks: {self.kind}"
