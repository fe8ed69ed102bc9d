"""Lists of people that somebody looks at again and again."""

from django.db import models

from groundswell.people.models.person import Person
from groundswell.structure.models import Unit


class SavedView(models.Model):
    """A question to the list of people that `person`, who asks it, keeps under a name of her own.

    Names asked for are not kept, and the page says so: they are other people's (docs/decisions/0743). `more`
    are the choices of further filters.
    """

    person = models.ForeignKey(
        Person, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False
    )
    name = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=40, default="", blank=True)
    town = models.CharField(max_length=120, default="", blank=True)
    tag = models.CharField(max_length=60, default="", blank=True)
    more = models.JSONField(default=dict, db_default={}, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="people_savedview_has_a_name", condition=~models.Q(name="")),
            models.UniqueConstraint(fields=["person", "name"], name="people_savedview_once"),
        ]

    def __str__(self) -> str:
        return self.name
