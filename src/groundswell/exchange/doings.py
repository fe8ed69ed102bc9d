"""What this room offers on other rooms' pages."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from groundswell.access import rights
from groundswell.access.actor import Actor
from groundswell.people.searching import Asked


def of_lists(actor: Actor, asked: Asked) -> Sequence[tuple[str, str]]:
    """Return what may be done with a list of people: bring one in, take this one out."""
    found = []
    if rights.may_by_office(actor, "lists.import"):
        whose = f"?{urlencode({'unit': asked.unit.code})}" if asked.unit else ""
        found.append((_("Bring a list in"), reverse("exchange:choose") + whose))
    if rights.may_by_office(actor, "lists.export"):
        found.append((_("Write to them, call, take out"), export_address(asked)))
    return found


def export_address(asked: Asked) -> str:
    """Return where the people of this list are taken out: for every page that shows a list of people."""
    said = {
        "q": asked.text,
        "unit": asked.unit.code if asked.unit else "",
        "status": asked.status,
        "town": asked.town,
        "tag": asked.tag,
        **dict(asked.more),
    }
    query = urlencode({name: value for name, value in said.items() if value})
    return reverse("exchange:export") + (f"?{query}" if query else "")
