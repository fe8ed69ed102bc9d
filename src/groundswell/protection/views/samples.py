"""An auditor draws records by lot, and reads those."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from groundswell.access.doors import actor_of, door
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.protection import actions, queries, samplepages
from groundswell.protection.forms.samples import SampleForm
from groundswell.structure import queries as structure

REFUSED = 422


@door("people.sample")
@require_http_methods(["GET", "HEAD", "POST"])
def samples(request: HttpRequest) -> HttpResponse:
    """Show what she has drawn, and draw."""
    actor, today = actor_of(request), clock.today()
    choices = samplepages.choices(queries.sampled_units(actor), today)
    said = request.POST if request.method == "POST" else None
    form = SampleForm(said, choices=choices, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            unit = structure.unit_for(actor, form.cleaned_data.pop("unit"), "people.sample")
            drawn = actions.draw_sample(unit, actor=actor, at=clock.now(), **form.cleaned_data)
            return redirect("protection:sample", drawn.pk)
        except Refusal as refusal:
            form.refused(refusal)
    context = samplepages.listed(queries.samples_of(actor), today) | {"form": form, "draws": bool(choices)}
    return render(request, "protection/samples.html", context, status=REFUSED if form.errors else 200)


@door("people.sample")
@require_safe
def sample(request: HttpRequest, key: int) -> HttpResponse:
    """Show whom a sample holds; each of them may read that it was read."""
    actor = actor_of(request)
    one = queries.sample_for(actor, key)
    numbers = actions.read_sample(one, actor=actor)
    return render(request, "protection/sample.html", samplepages.sheet(one, numbers, clock.today()))
