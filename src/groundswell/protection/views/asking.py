"""Somebody else writes down what a person asked about her data."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from groundswell.access.doors import actor_of, door
from groundswell.access.rights import may
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people import queries as persons
from groundswell.people.personpage import shown_name
from groundswell.protection import actions
from groundswell.protection.forms import AskedForm

REFUSED = 422


@door("people.erase.ask")
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what she asked; her officer goes on to answer it, others leave it to the officer."""
    actor = actor_of(request)
    person = persons.person_for(actor, pk, "people.erase.ask")
    form = AskedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = actions.ask(person, actor=actor, at=clock.now(), **form.cleaned_data)
            if may(actor, "people.erase", person.unit):
                return redirect("protection:request", asked.pk)
            messages.success(request, _("It is written down; her data protection officer answers it."))
            return redirect("people:person", pk)
        except Refusal as refusal:
            form.refused(refusal)
    context = {"person": person, "name": shown_name(person), "form": form}
    return render(request, "protection/ask_for.html", context, status=REFUSED if form.errors else 200)
