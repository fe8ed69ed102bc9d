"""The list of people: found by name and filters, a page at a time."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from groundswell.access.actor import Actor
from groundswell.access.doors import actor_of, door
from groundswell.kernel import clock
from groundswell.people import listpage, searching
from groundswell.people.searching import Asked
from groundswell.structure import queries as structure
from groundswell.web import fields


@door("people.names")
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Show the people whose names one may see."""
    actor = actor_of(request)
    return render(
        request, "people/list.html", listpage.page(actor, asked_of(request, actor), today=clock.today())
    )


def asked_of(request: HttpRequest, actor: Actor) -> Asked:
    """Return the question of an address; BadQuery for what cannot be used."""
    code = fields.query(request, "unit", fields.checked_code)
    return Asked(
        text=(fields.query(request, "q", str) or "").strip(),
        unit=structure.unit_by_code(actor, code, "people.names") if code else None,
        status=fields.query_choice(request, "status", searching.statuses(), ""),
        town=(fields.query(request, "town", str) or "").strip(),
        tag=(fields.query(request, "tag", str) or "").strip(),
        after=fields.query(request, "after", fields.checked_whole),
    )
