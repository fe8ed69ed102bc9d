"""What units ask about people beyond what everybody keeps: fields as data, and their values."""

from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models

from groundswell.access.secrets import EncryptedText
from groundswell.people.models.person import Person
from groundswell.structure.models import Unit

CUSTOM_TYPES: Final = ("text", "number", "yesno", "day", "choice", "choices")
CHOOSING: Final = ("choice", "choices")


class CustomField(models.Model):
    """Something a unit keeps of the people in it and below it, until `ended_on`.

    `key` names it in files, for good; `label` is what people read. `options` are what may be chosen.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.SlugField(max_length=40, db_index=False)
    label = models.CharField(max_length=80)
    type = models.CharField(max_length=8)
    options = ArrayField(models.CharField(max_length=80), default=list)
    position = models.SmallIntegerField(default=0)
    ended_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="people_customfield_type", condition=models.Q(type__in=CUSTOM_TYPES)),
            models.CheckConstraint(name="people_customfield_has_a_label", condition=~models.Q(label="")),
            models.CheckConstraint(
                name="people_customfield_has_something_to_choose",
                condition=models.Q(type__in=CHOOSING, options__len__gte=1)
                | (~models.Q(type__in=CHOOSING) & models.Q(options=[])),
            ),
            models.UniqueConstraint(fields=["unit", "key"], name="people_customfield_once"),
        ]

    def __str__(self) -> str:
        return self.label


class CustomValue(models.Model):
    """What is kept of a person in a field: JSON of the field's type, under her key."""

    person = models.ForeignKey(
        Person, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    field = models.ForeignKey(CustomField, on_delete=models.PROTECT, related_name="+")
    value = EncryptedText()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "field"], name="people_customvalue_once"),
        ]

    def __str__(self) -> str:
        return f"field {self.field_id} of {self.person_id}"
