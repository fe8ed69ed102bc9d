"""Somebody is written down, or her details are changed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from groundswell.access.doors import actor_of, door
from groundswell.access.rights import may_for_herself, right
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people import actions, entering, personpage, queries
from groundswell.people.forms import DetailsForm, NewPersonForm
from groundswell.people.views.person import to_her
from groundswell.structure import queries as structure
from groundswell.web import fields

ASKED = ["GET", "HEAD", "POST"]
REFUSED = 422


@door("people.edit")
@require_http_methods(ASKED)
def new(request: HttpRequest) -> HttpResponse:
    """Write somebody down; whoever may be the same person is shown first."""
    actor = actor_of(request)
    code = fields.query(request, "unit", fields.checked_code)
    unit = structure.unit_for(actor, code, "people.edit") if code else entering.own_unit(actor)
    form = NewPersonForm(request.POST if request.method == "POST" else None, unit=unit, actor=actor)
    alike: list[entering.Alike] = []
    if request.method == "POST" and form.is_valid():
        try:
            alike = [] if form.cleaned_data["sure"] else entering.alike(form.entry(), unit)
            if not alike:
                person = entering.enter(form.entry(), unit, actor=actor, at=clock.now())
                messages.success(request, _("%(name)s is written down.") % {"name": person.name})
                return to_her(request, person.pk)
        except Refusal as refusal:
            form.refused(refusal)
    context = {"form": form, "unit": unit, "unit_name": entering.unit_name(unit), "alike": alike}
    return render(request, "people/new.html", context, status=REFUSED if form.errors or alike else 200)


@door("people.edit")
@require_http_methods(ASKED)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change details, or propose to, where an office only proposes."""
    actor = actor_of(request)
    person = queries.person_for(actor, pk, "people.edit")
    held = right(actor, "people.edit", person.unit)
    proposes = held is not None and held.how == "propose" and not may_for_herself(actor, "people.edit", pk)
    form = DetailsForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            changes = {"changes": form.changes(), "before": form.before()}
            if not changes["changes"]:
                return redirect("people:person", pk)
            if proposes:
                actions.propose_change(person, actor=actor, at=clock.now(), **changes)
                messages.success(request, _("Proposed; the secretary accepts it with one tap."))
            else:
                actions.change_person(person, actor=actor, **changes)
                messages.success(request, _("Changed."))
            return redirect("people:person", pk)
        except Refusal as refusal:
            form.refused(refusal)
    context = {"form": form, "person": person, "name": personpage.shown_name(person), "proposes": proposes}
    return render(request, "people/edit.html", context, status=REFUSED if form.errors else 200)
