"""What somebody agreed to: for which purpose, to which words, when and how."""

from typing import Final

from django.db import models

from groundswell.people.models import Person
from groundswell.structure.models import Unit

# By herself on a page, on a sheet she signed, by a list that came in, aloud.
HOWS: Final = ("form", "paper", "import", "said")


class Purpose(models.Model):
    """What consent is asked for: shipped for everybody without a unit, or added by a section.

    `code` names it in programs, for good; `label` is what people read (a shipped one's is translated).
    """

    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40, unique=True, db_collation="C")
    label = models.CharField(max_length=80)
    ended_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="protection_purpose_code", condition=models.Q(code__regex=r"^[a-z0-9][a-z0-9_-]*$")
            ),
            models.CheckConstraint(name="protection_purpose_has_a_label", condition=~models.Q(label="")),
        ]

    def __str__(self) -> str:
        return self.code


class ConsentText(models.Model):
    """The words somebody agrees to: a version of a section's, in a language; never changed, never removed.

    Versions of a purpose count up from 1; one version may stand in several languages.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=20)
    words = models.TextField()
    valid_from = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="protection_consenttext_has_words", condition=~models.Q(words="")),
            models.CheckConstraint(
                name="protection_consenttext_counts_from_one", condition=models.Q(number__gte=1)
            ),
            models.UniqueConstraint(
                fields=["unit", "purpose", "number", "language"], name="protection_consenttext_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose_id} version {self.number} ({self.language})"


class Consent(models.Model):
    """Somebody agreed to words, until she withdraws it; what is withdrawn stays as proof of both moments."""

    person = models.ForeignKey(
        Person, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    how = models.CharField(max_length=8)
    given_by = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="protection_consent_how", condition=models.Q(how__in=HOWS)),
            models.CheckConstraint(
                name="protection_consent_withdrawn_after_it_was_given",
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | models.Q(withdrawn_at__isnull=False, withdrawn_at__gte=models.F("given_at")),
            ),
            models.UniqueConstraint(
                fields=["person", "text"],
                name="protection_consent_one_open",
                condition=models.Q(withdrawn_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["person", "purpose"], name="protection_consent_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} agreed to text {self.text_id}"
