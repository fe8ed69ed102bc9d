"""Pages that change the structure: what to do, what would change by it, and doing it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from groundswell.access.actor import Actor
from groundswell.access.doors import actor_of, door
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.structure import actions, deedpages, previewing, queries, rules
from groundswell.structure.actions import Deed
from groundswell.structure.forms.deeds import FORMS

REFUSED = 422


@door("structure.change")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """Change what a unit is called, or what lies in it."""
    return _deed(request, code, what)


@door("structure.place")
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """Change a unit's place or rank, which nobody does to her own."""
    return _deed(request, code, what)


def _deed(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """Ask what to do, show what would change, do it or prepare it: the steps of one page."""
    actor = actor_of(request)
    unit = queries.unit_for(actor, code, rules.asked_for(what))
    form = FORMS[what](request.POST if request.method == "POST" else None, unit=unit, actor=actor)
    step = request.POST.get("step", "")
    if request.method == "POST" and step != "edit" and form.is_valid():
        try:
            if step == "do":
                return _done(request, form.deed(), actor)
            shown = previewing.preview(form.deed(), actor=actor, at=clock.now())
            return render(request, "structure/preview.html", deedpages.preview(shown, form))
        except Refusal as refusal:
            form.refused(refusal)
    status = REFUSED if form.errors and step != "edit" else 200
    return render(request, "structure/deed.html", deedpages.asked(what, unit, form, actor), status=status)


def _done(request: HttpRequest, asked: Deed, actor: Actor) -> HttpResponse:
    """Do what was asked, or prepare it for its day, and lead to the unit."""
    if asked.day > clock.today_in(asked.unit.time_zone):
        prepared = actions.prepare_change(asked, actor=actor, at=clock.now())
        messages.success(request, deedpages.prepared(prepared.day))
        return redirect(asked.unit)
    unit = actions.do(asked, actor=actor, at=clock.now())
    messages.success(request, deedpages.done(asked.what))
    return redirect(unit)


@door("structure.change")
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """Say what is taken back, and take it back."""
    actor = actor_of(request)
    unit = queries.unit_for(actor, code, "unit.read")
    change = queries.change_for(actor, unit, key)
    refusal = actions.why_not_undone(change)
    if request.method == "POST":
        try:
            actions.undo_change(change, actor=actor, at=clock.now())
            messages.success(request, deedpages.undone())
            return redirect(change.unit)
        except Refusal as refused:
            refusal = refused.sentence
    context = deedpages.undoing(change, unit) | {"refusal": refusal}
    return render(request, "structure/undo.html", context, status=REFUSED if refusal else 200)


@door("structure.change")
@require_http_methods(["GET", "HEAD", "POST"])
def call_off(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """Say what was prepared, and call it off; or why it could not be done, until that is understood."""
    actor = actor_of(request)
    unit = queries.unit_for(actor, code, "unit.read")
    preparation = queries.preparation_for(actor, unit, key)
    refusal, was_refused = "", preparation.state == "refused"
    if request.method == "POST":
        try:
            actions.call_off(preparation, actor=actor, at=clock.now())
            messages.success(request, deedpages.called_off(refused=was_refused))
            return redirect(unit)
        except Refusal as refused:
            refusal = refused.sentence
    context = deedpages.calling_off(preparation, unit) | {"refusal": refusal}
    return render(request, "structure/call_off.html", context, status=REFUSED if refusal else 200)
