"""The fields that units added, and what is kept in them of a person."""

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.rights import may
from groundswell.access.secrets import unlock
from groundswell.kernel.errors import NotFound
from groundswell.people.models import CustomField, CustomValue, Person
from groundswell.structure.models import Unit


def fields_of(unit: Unit, *, ended: bool = False) -> list[CustomField]:
    """Return the fields that hold in a unit: those of the units above it first, in their order."""
    above = [int(key) for key in unit.path.strip("/").split("/")]
    found = CustomField.objects.select_related("unit").filter(unit__in=above)
    if not ended:
        found = found.filter(ended_on=None)
    return list(found.order_by("unit__path", "position", "pk"))


def values_of(person: Person) -> list[CustomValue]:
    """Return what is kept of a person that the session sees, opened, in the order of the fields."""
    found = CustomValue.objects.select_related("field__unit").filter(person=person)
    return unlock(found.order_by("field__unit__path", "field__position", "field"), "value")


def values_in(persons: Iterable[int]) -> dict[int, dict[int, CustomValue]]:
    """Return the same of many persons: by person, then by field."""
    kept: dict[int, dict[int, CustomValue]] = {}
    values = CustomValue.objects.select_related("field").filter(person__in=list(persons))
    for one in unlock(values, "value"):
        kept.setdefault(one.person_id, {})[one.field_id] = one
    return kept


def fields_named(numbers: Collection[int]) -> Mapping[int, str]:
    """Return what units' own fields are called."""
    return dict(CustomField.objects.filter(pk__in=numbers).values_list("pk", "label"))


def field_for(actor: Actor, pk: int) -> CustomField:
    """Return a field of a unit for which the actor decides; NotFound else."""
    field = CustomField.objects.select_related("unit").filter(pk=pk).first()
    if field is None or not may(actor, "people.decide", field.unit):
        raise NotFound(_("There is nothing here that you may see."))
    return field
