"""The breach assistant: what happened, whom it concerns, what is to be done by when."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groundswell.access.doors import actor_of, door
from groundswell.access.rights import tops
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people import entering
from groundswell.protection import actions, breachpages, queries
from groundswell.protection.forms.breaches import BreachForm, StepForm, step_forms
from groundswell.structure import queries as structure
from groundswell.web import fields

ASKED = ["GET", "HEAD", "POST"]
REFUSED = 422


@door("protection.breach.read")
@require_safe
def breaches(request: HttpRequest) -> HttpResponse:
    """Show the breaches on record."""
    return render(request, "protection/breaches.html", breachpages.listed(actor_of(request), clock.now()))


@door("protection.breach")
@require_http_methods(ASKED)
def new(request: HttpRequest) -> HttpResponse:
    """Write a breach down."""
    actor, code = actor_of(request), fields.query(request, "unit", fields.checked_code)
    if code:
        unit = structure.unit_for(actor, code, "protection.breach")
    else:
        unit = entering.own_unit(actor, "protection.breach")
    data, reach = request.POST if request.method == "POST" else None, tops(actor, "protection.breach")
    form = BreachForm(data, zone=unit.time_zone, reach=reach)
    if request.method == "POST" and form.is_valid():
        try:
            breach = actions.open_breach(unit, form.told(), actor=actor, at=clock.now())
            return redirect("protection:breach", breach.pk)
        except Refusal as refusal:
            form.refused(refusal)
    context = {"unit": unit, "name": entering.unit_name(unit), "form": form, "breach": None}
    return render(request, "protection/breach_told.html", context, status=REFUSED if form.errors else 200)


@door("protection.breach.read")
@require_safe
def breach(request: HttpRequest, key: int) -> HttpResponse:
    """Show a breach: its clock, whom it concerns, its steps, and what to tell the authority."""
    actor = actor_of(request)
    one = queries.breach_for(actor, key, "protection.breach.read")
    context = breachpages.page(actor, one, clock.now(), forms=step_forms())
    return render(request, "protection/breach.html", context)


@door("protection.breach")
@require_http_methods(ASKED)
def tell(request: HttpRequest, key: int) -> HttpResponse:
    """Tell a breach more exactly."""
    actor = actor_of(request)
    one = queries.breach_for(actor, key, "protection.breach")
    data, reach = request.POST if request.method == "POST" else None, tops(actor, "protection.breach")
    form = BreachForm(data, zone=one.unit.time_zone, reach=reach, initial=breachpages.stands(one))
    if request.method == "POST" and form.is_valid():
        try:
            actions.tell_breach(one, form.told(), before=form.stood(), actor=actor, at=clock.now())
            return redirect("protection:breach", one.pk)
        except Refusal as refusal:
            form.refused(refusal)
    context = {"unit": one.unit, "name": entering.unit_name(one.unit), "form": form, "breach": one}
    return render(request, "protection/breach_told.html", context, status=REFUSED if form.errors else 200)


@door("protection.breach")
@require_POST
def step(request: HttpRequest, key: int) -> HttpResponse:
    """Tick a step, or say why it is not needed."""
    actor = actor_of(request)
    one = queries.breach_for(actor, key, "protection.breach")
    form = StepForm(request.POST)
    if form.is_valid():
        try:
            said = {name: form.cleaned_data[name] for name in ("step", "words")}
            actions.tick_step(one, needed=form.needed(), actor=actor, at=clock.now(), **said)
            messages.success(request, _("It is on record with its moment."))
            return redirect("protection:breach", one.pk)
        except Refusal as refusal:
            form.refused(refusal)
    context = breachpages.page(actor, one, clock.now(), forms=step_forms(form)) | {"form": form}
    return render(request, "protection/breach.html", context, status=REFUSED)


@door("protection.breach")
@require_POST
def sessions(request: HttpRequest, key: int) -> HttpResponse:
    """End the sessions of the accounts through which it happened."""
    actor = actor_of(request)
    one = queries.breach_for(actor, key, "protection.breach")
    try:
        ended = actions.end_sessions(one, actor=actor, at=clock.now())
        said = ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", ended.sessions)
        messages.success(request, said % {"count": ended.sessions})
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("protection:breach", one.pk)
