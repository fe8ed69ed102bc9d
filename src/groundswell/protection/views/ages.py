"""How old somebody must be."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from groundswell.access.doors import actor_of, door
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people import entering
from groundswell.protection import actions, agepages, queries
from groundswell.protection.forms import AgeForm
from groundswell.structure import queries as structure
from groundswell.structure.lands import country_of
from groundswell.web import fields

REFUSED = 422


@door("protection.rules")
@require_http_methods(["GET", "HEAD", "POST"])
def ages(request: HttpRequest) -> HttpResponse:
    """Show which ages hold, and set one for a section."""
    actor, code = actor_of(request), fields.query(request, "unit", fields.checked_code)
    if code:
        unit = structure.unit_for(actor, code, "protection.rules")
    else:
        unit = entering.own_unit(actor, "protection.rules")
    data, own = (request.POST if request.method == "POST" else None), queries.ages_of(unit)
    form = AgeForm(data, country=country_of(unit), own=own)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_age(unit, actor=actor, at=clock.now(), **form.said())
            messages.success(request, _("This age holds from now on."))
            return redirect(f"{reverse('protection:ages')}?unit={unit.code}")
        except Refusal as refusal:
            form.refused(refusal)
    context = agepages.page(actor, unit) | {"form": form}
    return render(request, "protection/ages.html", context, status=REFUSED if form.errors else 200)
