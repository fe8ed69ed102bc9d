"""What the pages of a unit's own fields show, and the panel on the page of a person."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.rights import may, may_by_office, may_for_herself
from groundswell.people import custom, entering, keptfilter, personpage, queries
from groundswell.people.models import CustomField, CustomValue, Person
from groundswell.structure.models import Unit


def asked(actor: Actor, unit: Unit) -> dict[str, Any]:
    """Return what a unit keeps of its people, with what those above it keep."""
    types = dict(custom.type_names())
    return {
        "unit": unit,
        "name": entering.unit_name(unit),
        "fields": [
            {
                "pk": one.pk,
                "label": one.label,
                "type": types[one.type],
                "options": ", ".join(one.options),
                "ended": one.ended_on,
                "unit": one.unit.code,
                "changes": may(actor, "people.decide", one.unit),
            }
            for one in queries.fields_of(unit, ended=True)
        ],
    }


def kept_of(person: Person) -> tuple[list[CustomField], dict[int, Any]]:
    """Return the fields that hold for a person, and what is kept in each."""
    kept = {one.field_id: custom.unpacked(one.field.type, one.value) for one in queries.values_of(person)}
    return queries.fields_of(person.unit), kept


def values(actor: Actor, person: Person) -> dict[str, Any]:
    """Return what the page shows on which the values are written, and where fields are made if none are."""
    made_here = f"{reverse('people:fields')}?unit={person.unit.code}"
    return {
        "made_href": made_here if may(actor, "people.decide", person.unit) else "",
        "title": _("More about her"),
        "button": _("Save"),
        "person": person,
        "name": personpage.shown_name(person),
    }


def _others(one: CustomValue) -> str:
    """Return the list of all of whom the same is kept; of what may be chosen several times, of the first."""
    value = custom.unpacked(one.field.type, str(one.value))
    if one.field.type == "yesno":
        value = "yes" if value else "no"
    asked = value[0] if one.field.type == "choices" else value
    wanted = keptfilter.asked_for(one.field_id, str(asked))
    return f"{reverse('people:list')}?{urlencode({keptfilter.KEPT.name: wanted})}"


def person_panel(actor: Actor, person: Person, today: dt.date) -> SafeString:
    """Return what is kept of a person in fields of units, for whoever may know how she is reached."""
    del today
    edits = may(actor, "people.edit", person.unit)
    if not (may(actor, "people.contact", person.unit) or may_for_herself(actor, "people.contact", person.pk)):
        return SafeString("")
    kept = queries.values_of(person)
    edits = edits and bool(queries.fields_of(person.unit))
    if not kept and not edits:
        return SafeString("")
    asks = may_by_office(actor, "people.contact")
    lines = [
        (one.field.label, custom.shown(one.field.type, one.value), _others(one) if asks else "")
        for one in kept
    ]
    context = {"lines": lines, "edits": edits, "person": person}
    return render_to_string("people/_person_fields.html", context)
