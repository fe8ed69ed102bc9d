"""What a section sets for its members, as data."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from groundswell.structure.models import Unit


class SectionRule(models.Model):
    """A section's rules of membership; a section without a row goes by the defaults.

    `transfer_days`: a transfer asked for is accepted by itself after so many days. `lapse_months`: a
    membership ends so many months after the day until which was paid, never when empty. `contact_months`:
    a contact who does not answer is forgotten after so many. `former_years`: so long all of a former
    member is kept.
    """

    unit = models.OneToOneField(Unit, primary_key=True, on_delete=models.PROTECT, related_name="+")
    transfer_days = models.PositiveSmallIntegerField(
        default=14, db_default=14, validators=[MinValueValidator(1), MaxValueValidator(366)]
    )
    lapse_months = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    contact_months = models.PositiveSmallIntegerField(
        default=6, db_default=6, validators=[MinValueValidator(1), MaxValueValidator(24)]
    )
    former_years = models.PositiveSmallIntegerField(
        default=3, db_default=3, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="people_sectionrule_within_reason",
                condition=models.Q(
                    transfer_days__range=(1, 366), contact_months__range=(1, 24), former_years__range=(1, 30)
                )
                & (models.Q(lapse_months__isnull=True) | models.Q(lapse_months__range=(1, 120))),
            )
        ]

    def __str__(self) -> str:
        return f"rules of {self.unit_id}"
