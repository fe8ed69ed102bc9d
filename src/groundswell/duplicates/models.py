"""Two records that may be one person, and two that became one."""

from typing import Final

from django.db import models

from groundswell.access.secrets import EncryptedText
from groundswell.people.models import Person
from groundswell.structure.models import Unit

VERDICTS: Final = ("proposed", "different")
ORIGINS: Final = ("night", "hand")


class Likeness(models.Model):
    """Two records that look like one person; `person` is the one with the smaller number.

    `score` is the probability that `calc.matching` gives, None where somebody put the two side by side.
    `verdict` is empty while nobody said anything.
    """

    person = models.ForeignKey(Person, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    other_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    score = models.FloatField(null=True)
    origin = models.CharField(max_length=8)
    found_at = models.DateTimeField()
    verdict = models.CharField(max_length=9, default="", db_default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "other"], name="duplicates_likeness_once"),
            models.CheckConstraint(
                name="duplicates_likeness_of_two", condition=models.Q(person__lt=models.F("other"))
            ),
            models.CheckConstraint(
                name="duplicates_likeness_words",
                condition=models.Q(verdict__in=("", *VERDICTS), origin__in=ORIGINS),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} and {self.other_id}"


class Merge(models.Model):
    """`goes` was merged into `person`; `kept` is what undoing needs, JSON under her key, until forgotten.

    `goes` stays a number that leads to `person`; `undone_at` says that it is a person of its own again.
    """

    person = models.ForeignKey(Person, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    goes = models.BigIntegerField()
    kept = EncryptedText(null=True)
    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["goes"],
                name="duplicates_merge_once",
                condition=models.Q(undone_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.goes} into {self.person_id}"
