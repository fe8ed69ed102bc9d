"""How old somebody must be: by country and by what it is about, as data."""

from django.db import models

from groundswell.protection.rules import AGES, OLDEST_MINIMUM, YOUNGEST_MINIMUM
from groundswell.structure.models import Unit


class MinimumAge(models.Model):
    """So many years somebody must have in a country: shipped without a unit, or set by a section for itself.

    `source` is the sentence that says where the number comes from.
    """

    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    country = models.CharField(max_length=2)
    purpose = models.CharField(max_length=8)
    years = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200, default="", blank=True)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="protection_minimumage_country", condition=models.Q(country__regex=r"^[A-Z]{2}$")
            ),
            models.CheckConstraint(
                name="protection_minimumage_purpose", condition=models.Q(purpose__in=AGES)
            ),
            models.CheckConstraint(
                name="protection_minimumage_within_reason",
                condition=models.Q(years__range=(YOUNGEST_MINIMUM, OLDEST_MINIMUM)),
            ),
            models.UniqueConstraint(
                fields=["unit", "country", "purpose"],
                name="protection_minimumage_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.years} in {self.country} for {self.purpose}"
