"""Which offices demand a second factor."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from groundswell.access.doors import actor_of, door
from groundswell.accounts import actions, demanding, queries, tasks
from groundswell.accounts.forms import DemandForm
from groundswell.accounts.rules import mail_is_set_up
from groundswell.kernel.errors import Refusal

REFUSED = 422


@door("reports.read")
@require_http_methods(["GET", "HEAD", "POST"])
def demands(request: HttpRequest) -> HttpResponse:
    """Show which offices demand one; let the secretary of the top unit choose them."""
    actor = actor_of(request)
    form = None
    if request.method == "POST" or demanding.may_choose(actor):
        said = request.POST if request.method == "POST" else None
        form = DemandForm(said, choices=demanding.choices(), initial={"offices": sorted(queries.demanded())})
    if form is not None and form.is_valid():
        try:
            seen = form.before()["offices"] or ()
            added = actions.demand_factors(form.cleaned_data["offices"], seen=seen, actor=actor)
        except Refusal as refusal:
            form.refused(refusal)
        else:
            if added and mail_is_set_up(settings.EMAIL_BACKEND):
                tasks.tell_of_demand.defer(offices=added)
            messages.success(request, demanding.done(added))
            return redirect("offices:factors")
    context = {"form": form, "now": demanding.demanding_now(), "chooses": demanding.may_choose(actor)}
    status = REFUSED if form is not None and form.errors else 200
    return render(request, "accounts/demands.html", context, status=status)
