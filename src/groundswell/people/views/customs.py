"""The fields that units added: what is asked, and what it is of a person."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from groundswell.access.doors import actor_of, door
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people import actions, custompages, entering, queries
from groundswell.people.forms.customs import FieldForm, ValuesForm
from groundswell.structure import queries as structure
from groundswell.web import fields

ASKED = ["GET", "HEAD", "POST"]
REFUSED = 422


@door("people.decide")
@require_http_methods(ASKED)
def asked(request: HttpRequest) -> HttpResponse:
    """Show what a unit keeps of its people, and add to it: of one's own unit where none is named."""
    actor = actor_of(request)
    code = fields.query(request, "unit", fields.checked_code)
    unit = (
        structure.unit_by_code(actor, code, "people.decide")
        if code
        else entering.own_unit(actor, "people.decide")
    )
    form = FieldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("label", "kind")}
        try:
            actions.add_field(unit, options=form.chosen(), actor=actor, at=clock.now(), **said)
            return redirect(f"{reverse('people:fields')}?unit={unit.code}")
        except Refusal as refusal:
            form.refused(refusal)
    context = custompages.asked(actor, unit) | {"form": form}
    return render(request, "people/fields.html", context, status=REFUSED if form.errors else 200)


@door("people.decide")
@require_http_methods(ASKED)
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Call a field something else, or offer more to choose."""
    actor = actor_of(request)
    field = queries.field_for(actor, key)
    form = FieldForm(request.POST if request.method == "POST" else None, changed=field)
    if request.method == "POST" and form.is_valid():
        try:
            said = {"label": form.cleaned_data["label"], "options": form.chosen(), "before": form.before()}
            actions.change_field(field, actor=actor, **said)
            return redirect(f"{reverse('people:fields')}?unit={field.unit.code}")
        except Refusal as refusal:
            form.refused(refusal)
    context = {"field": field, "form": form}
    return render(request, "people/field.html", context, status=REFUSED if form.errors else 200)


@door("people.decide")
@require_POST
def end(request: HttpRequest, key: int) -> HttpResponse:
    """Ask for it no more, or again."""
    actor = actor_of(request)
    field = queries.field_for(actor, key)
    ended = request.POST.get("asked") == "no"
    actions.end_field(field, ended=ended, actor=actor, at=clock.now())
    messages.success(request, _("It is asked no more.") if ended else _("It is asked again."))
    return redirect(f"{reverse('people:fields')}?unit={field.unit.code}")


@door("people.edit")
@require_http_methods(ASKED)
def values(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what is kept of a person in the fields of her units; without fields, say where they are made."""
    actor = actor_of(request)
    person = queries.person_for(actor, pk, "people.edit")
    held, kept = custompages.kept_of(person)
    form = ValuesForm(request.POST if request.method == "POST" else None, asked=held, kept=kept)
    if request.method == "POST" and form.is_valid():
        try:
            changes, before = form.changes(), form.stood()
            actions.put_values(person, values=changes, before=before, actor=actor, at=clock.now())
            return redirect("people:person", pk)
        except Refusal as refusal:
            form.refused(refusal)
    context = custompages.values(actor, person) | {"form": form}
    if not held:
        return render(request, "people/no_fields.html", context)
    return render(request, "people/deed.html", context, status=REFUSED if form.errors else 200)
