"""The first secretary of a unit in which nobody is yet."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from groundswell.access.doors import actor_of, door
from groundswell.access.middleware import keep
from groundswell.accounts import actions, queries
from groundswell.accounts.forms import FirstSecretaryForm
from groundswell.accounts.rules import mail_is_set_up
from groundswell.accounts.views.invitations import REFUSED, handed_out
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.structure import queries as structure


@door("accounts.mandate")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first_secretary(request: HttpRequest, code: str) -> HttpResponseBase:
    """Make the first secretary of a unit; without mail the link of her invitation stands on screen, once."""
    actor, mail = actor_of(request), mail_is_set_up(settings.EMAIL_BACKEND)
    unit = structure.unit_for(actor, code, "accounts.mandate")
    form = FirstSecretaryForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "unit": unit, "named": structure.Named(unit), "mail": mail}
    if request.method == "POST" and form.is_valid():
        said = {**form.cleaned_data, "day": clock.today_in(unit.time_zone), "at": clock.now()}
        try:
            with actions.counting_taken(request):
                account, token = actions.appoint_first(unit, **said, actor=actor)
        except Refusal as refusal:
            form.refused(refusal)
        else:
            context |= handed_out(request, account, token)
            if mail:
                return redirect(f"{reverse('offices:list')}?unit={unit.code}")
    # What was tried is counted, and so kept, though it is refused.
    context["empty"] = "link" in context or queries.nobody_in(unit)
    return keep(
        render(request, "accounts/first_secretary.html", context, status=REFUSED if form.errors else 200)
    )
