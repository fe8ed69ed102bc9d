"""What somebody asked for and somebody else decides: to join, to move, to leave, a change."""

from typing import Final

from django.db import models

from groundswell.access.secrets import EncryptedText
from groundswell.people.models.person import Person
from groundswell.structure.models import Unit

ASKING_KINDS: Final = ("apply", "transfer", "leave", "change")
DECISIONS: Final = ("accepted", "refused", "withdrawn")


class Asking(models.Model):
    """One thing asked for; `unit` decides, `from_unit` is where she is a member (transfers).

    `details` is JSON under her key. A transfer is accepted by itself after `due_on`.
    """

    person = models.ForeignKey(Person, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    from_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    details = EncryptedText(null=True)
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField(null=True)
    due_on = models.DateField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decision = models.CharField(max_length=9, default="", db_default="", blank=True)
    reason = models.CharField(max_length=200, default="", db_default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="people_asking_kind", condition=models.Q(kind__in=ASKING_KINDS)),
            models.CheckConstraint(
                name="people_asking_decided_or_open",
                condition=models.Q(decision="", decided_at__isnull=True)
                | models.Q(decision__in=DECISIONS, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="people_asking_transfer_comes_from_somewhere",
                condition=~models.Q(kind="transfer") | models.Q(from_unit__isnull=False),
            ),
            # An edit may be proposed twice; joining, moving and leaving are asked for once at a time.
            models.UniqueConstraint(
                fields=["person", "kind"],
                name="people_asking_one_open",
                condition=models.Q(decided_at__isnull=True) & ~models.Q(kind="change"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit"], name="people_asking_open", condition=models.Q(decided_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} asks to {self.kind}"


class Hold(models.Model):
    """A reason for which a person is not erased for now (a dispute, a duty); `lifted_at` ends it."""

    person = models.ForeignKey(Person, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    account_id = models.BigIntegerField(null=True)
    why = models.CharField(max_length=200)
    placed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="people_hold_says_why", condition=~models.Q(why=""))]

    def __str__(self) -> str:
        return f"hold on {self.person_id}"
