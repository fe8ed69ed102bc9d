"""Gatherings: which there were, holding one, and saying in one tap who came."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groundswell.access.doors import actor_of, door
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people import actions, entering, gatherpages, queries
from groundswell.people.forms.gatherings import CameForm, GatheringForm
from groundswell.structure import queries as structure
from groundswell.web import fields

ASKED = ["GET", "HEAD", "POST"]
REFUSED = 422


@door("people.contact")
@require_safe
def gatherings(request: HttpRequest) -> HttpResponse:
    """Show the gatherings of the units in one's reach, the latest first."""
    actor = actor_of(request)
    code = fields.query(request, "unit", fields.checked_code)
    unit = structure.unit_by_code(actor, code, "people.contact") if code else None
    entering.own_unit(actor, "people.contact")  # nothing is here for whoever holds no such office
    after = fields.query(request, "after", fields.checked_whole)
    context = gatherpages.listed(
        actor, unit=unit, after=after, today=clock.today_in(unit.time_zone) if unit else clock.today()
    )
    return render(request, "people/gatherings.html", context)


@door("people.edit")
@require_http_methods(ASKED)
def hold(request: HttpRequest) -> HttpResponse:
    """Write down a gathering of a unit: of one's own where none is named."""
    actor = actor_of(request)
    code = fields.query(request, "unit", fields.checked_code)
    unit = structure.unit_by_code(actor, code, "people.edit") if code else entering.own_unit(actor)
    form = GatheringForm(request.POST if request.method == "POST" else None, unit=unit)
    if request.method == "POST" and form.is_valid():
        try:
            held = actions.hold_gathering(unit, actor=actor, at=clock.now(), **form.cleaned_data)
            return redirect("people:gathering", held.pk)
        except Refusal as refusal:
            form.refused(refusal)
    context = {"form": form, "title": _("A gathering"), "unit": unit, "name": entering.unit_name(unit)}
    return render(request, "people/hold.html", context, status=REFUSED if form.errors else 200)


@door("people.edit")
@require_http_methods(ASKED)
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Put a gathering right."""
    actor = actor_of(request)
    gathering = queries.gathering_for(actor, key, "people.edit")
    form = GatheringForm(
        request.POST if request.method == "POST" else None, unit=gathering.unit, gathering=gathering
    )
    if request.method == "POST" and form.is_valid():
        try:
            said = form.cleaned_data
            actions.change_gathering(gathering, actor=actor, at=clock.now(), before=form.before(), **said)
            return redirect("people:gathering", key)
        except Refusal as refusal:
            form.refused(refusal)
    name = entering.unit_name(gathering.unit)
    context = {"form": form, "title": gathering.title, "unit": gathering.unit, "name": name}
    return render(request, "people/hold.html", context, status=REFUSED if form.errors else 200)


@door("people.contact")
@require_safe
def gathering(request: HttpRequest, key: int) -> HttpResponse:
    """Show a gathering, with everybody who may have come."""
    actor = actor_of(request)
    one = queries.gathering_for(actor, key, "people.contact")
    text = (fields.query(request, "q", str) or "").strip()
    return render(request, "people/gathering.html", gatherpages.page(actor, one, text=text))


@door("people.edit")
@require_POST
def came(request: HttpRequest, key: int) -> HttpResponse:
    """Say that somebody came, or take it back: a line of the page, or the page where no script runs."""
    actor = actor_of(request)
    one = queries.gathering_for(actor, key, "people.edit")
    form = CameForm(request.POST)
    if not form.is_valid():
        raise Http404
    said = form.cleaned_data
    person = queries.person_for(actor, said["person"], "people.names")
    try:
        actions.put_came(one, person, came=said["came"] == "yes", actor=actor, at=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    if request.headers.get("HX-Request") == "true":
        context = gatherpages.said(one, person, text=said["q"])
        answer = render(request, "people/_came.html", context)
    else:
        query = f"?{urlencode({'q': said['q']})}" if said["q"] else ""
        answer = redirect(reverse("people:gathering", args=[key]) + query)
    patch_vary_headers(answer, ["HX-Request"])
    return answer
