"""What the pages about holds show."""

import datetime as dt
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from groundswell.access.actor import Actor
from groundswell.access.rights import may
from groundswell.people import personpage
from groundswell.people.models import Person
from groundswell.protection import queries


def person_panel(actor: Actor, person: Person, today: dt.date) -> SafeString:
    """Return what keeps a person from being erased, for whoever sees it; nothing where nothing does."""
    del today
    held = queries.holds_of(person)
    if not held:
        return SafeString("")
    context = {"held": held, "lifts": may(actor, "people.erase", person.unit)}
    return render_to_string("protection/_person_holds.html", context)


def holds(person: Person) -> dict[str, Any]:
    """Return what the page shows on which a hold is placed."""
    return {
        "person": person,
        "name": personpage.shown_name(person),
        "held": queries.holds_of(person),
        "over": [one for one in queries.holds_of(person, lifted=True) if one.lifted_at is not None],
    }
