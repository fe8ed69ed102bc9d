"""Pages of units: the tree as of any day, and a unit with its history."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from groundswell.access.doors import actor_of, door
from groundswell.kernel import clock
from groundswell.structure import actions, deedpages, pages, queries, slots
from groundswell.web import fields


@door("unit.read")
def tree(request: HttpRequest) -> HttpResponse:
    """Show the units as they lay at the end of a day."""
    actions.carry_out_due()
    today = clock.today()
    on = fields.query(request, "on", fields.checked_day, today) or today
    text = fields.query(request, "q", str, "") or ""
    nodes = queries.tree(actor_of(request), on=on)
    found = pages.matching(nodes, text)
    context = {
        "on": on,
        "today": today,
        "text": text,
        "dagger": _("illustrative"),
        "kinds": pages.counted_kinds(nodes),
        "any": bool(nodes),
        "top": pages.branches_of(found, None if on == today else on),
    }
    return render(request, "structure/tree.html", context)


@door("unit.read")
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """Show a unit: names, kinds and parents over time, figures, events, what lies below."""
    actor = actor_of(request)
    actions.carry_out_due()
    on = fields.query(request, "on", fields.checked_day) or clock.today()
    one = queries.unit_by_code(actor, code)
    lies = queries.parent_periods()
    parents = queries.parent_history(one)
    above, below = pages.chain(lies, one.pk, on), pages.children(lies, one.pk, on)
    called = queries.called([one.pk, *above, *below, *(period.parent_id for period in parents)], on)
    context = {
        "unit": one,
        "on": on,
        **pages.neighbours(called, one.pk, above, below),
        "names": pages.names(queries.name_history(one), one.languages),
        "kinds": pages.kinds(queries.kind_history(one)),
        "parents": pages.parents(parents, {key: name.name for key, name in called.items()}),
        "events": pages.events(queries.events(one)),
        "facts": pages.facts(one, pages.languages_named(one.languages)),
        "deeds": deedpages.offered(actor, one),
        "recent": deedpages.recent(actor, queries.recent_changes(one, clock.today()), one),
        "waiting": deedpages.waiting(actor, queries.preparations(actor, one)),
        "panels": [panel(actor, one, on) for panel in slots.unit_panels],
    }
    return render(request, "structure/unit.html", context)
