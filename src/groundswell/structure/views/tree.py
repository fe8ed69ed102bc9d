"""Pages of units: the tree as of any day, and a unit with its history."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from groundswell.access.doors import actor_of, door
from groundswell.kernel import clock
from groundswell.structure import actions, outline, pages, queries, rules, unitpages
from groundswell.web import fields


@door("unit.read")
@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """Show the units as they lay at the end of a day."""
    actions.carry_out_due()
    today = clock.today()
    on = rules.check_come(fields.query(request, "on", fields.checked_day) or today, today=today, field="on")
    text = fields.query(request, "q", str, "") or ""
    actor = actor_of(request)
    nodes = queries.tree(actor, on=on)
    found = pages.matching(nodes, text)
    context = {
        "on": on,
        "today": today,
        "text": text,
        "daggers": any(node.illustrative for node in found),
        "kinds": pages.counted_kinds(nodes),
        "any": bool(nodes),
        **pages.ways(actor),
        "top": pages.branches_of(found, None if on == today else on),
    }
    return render(request, "structure/tree.html", context)


@door("unit.public")
@require_safe
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """Show a unit: names, kinds and parents over time, figures, events, what lies below.

    To whoever does not read it from inside only its outline.
    """
    actor = actor_of(request)
    one = queries.unit_from_inside(actor, code)
    if one is None:
        return render(request, "structure/outline.html", outline.page(code))
    actions.carry_out_due()
    today = clock.today_in(one.time_zone)
    on = fields.query(request, "on", fields.checked_day) or today
    rules.check_come(on, today=today, field="on")
    return render(request, "structure/unit.html", unitpages.unit(actor, one, on))
