"""Keeping a person for a reason."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from groundswell.access.doors import actor_of, door
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people import queries as persons
from groundswell.protection import actions, holdpages, queries
from groundswell.protection.forms import HoldForm

REFUSED = 422


@door("people.erase")
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what keeps a person, and place a hold on her."""
    actor = actor_of(request)
    person = persons.person_for(actor, pk, "people.erase")
    form = HoldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.place_hold(person, why=form.cleaned_data["why"], actor=actor, at=clock.now())
            messages.success(request, _("She is kept until you lift the hold."))
            return redirect("people:person", pk)
        except Refusal as refusal:
            form.refused(refusal)
    context = holdpages.holds(person) | {"form": form}
    return render(request, "protection/hold.html", context, status=REFUSED if form.errors else 200)


@door("people.erase")
@require_POST
def lift(request: HttpRequest, key: int) -> HttpResponse:
    """Let a hold be over."""
    actor = actor_of(request)
    one = queries.hold_for(actor, key)
    try:
        actions.lift_hold(one, actor=actor, at=clock.now())
        messages.success(request, _("The hold is lifted."))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("people:person", one.person_id)
