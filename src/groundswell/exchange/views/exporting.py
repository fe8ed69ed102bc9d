"""Pages by which a list goes out: in which form and what for; a second person agrees; it is fetched."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from groundswell.access.actor import Actor
from groundswell.access.doors import actor_of, door
from groundswell.exchange import actions, exportpages, queries
from groundswell.exchange.forms.exporting import TakeOut
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people.searching import Asked
from groundswell.structure.models import Unit
from groundswell.web import fields

REFUSED = 422


@door("lists.export")
@require_http_methods(["GET", "HEAD", "POST"])
def take_out(request: HttpRequest) -> HttpResponse:
    """Take the list of an address out."""
    actor = actor_of(request)
    said = {
        name: fields.query(request, name, str, longest=longest) or ""
        for name, longest in exportpages.parameters().items()
    }
    asked = exportpages.asked_of(said, actor)
    unit = exportpages.unit_of(asked, actor)
    form = TakeOut(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _taken_out(request, form, asked, unit, said)
        except Refusal as refusal:
            form.refused(refusal)
    context = exportpages.page(asked, actor, unit, said) | {"form": form}
    return render(request, "exchange/export.html", context, status=REFUSED if form.errors else 200)


def _taken_out(
    request: HttpRequest, form: TakeOut, asked: Asked, unit: Unit, said: dict[str, str]
) -> HttpResponse:
    """Hand the list out, or ask a second person."""
    actor, today, at = actor_of(request), clock.latest_day(), clock.now()
    what, purpose = form.cleaned_data["form"], form.cleaned_data["purpose"]
    try:
        taken = actions.take_out(
            asked, unit=unit, form=what, purpose=purpose, actor=actor, today=today, at=at
        )
    except Refusal as refusal:
        if refusal.code != "second-person":
            raise
        actions.ask_to_release(
            asked, unit=unit, form=what, purpose=purpose, question=said, actor=actor, today=today, at=at
        )
        messages.info(request, refusal.sentence)
        return redirect("exchange:releases")
    return _shown(request, what, taken)


def _shown(request: HttpRequest, form: str, taken: actions.TakenOut) -> HttpResponse:
    made = exportpages.handed_out(form, taken)
    answer = render(request, "exchange/taken_out.html", made) if isinstance(made, dict) else made
    answer["Cache-Control"] = "no-store"
    return answer  # type: ignore[return-value]  # both are an HttpResponse


@door("lists.export")
@require_http_methods(["GET", "HEAD"])
def releases(request: HttpRequest) -> HttpResponse:
    """Show the larger lists that wait for a second person, and what became of them."""
    actor = actor_of(request)
    unit = exportpages.unit_of(Asked(), actor)
    return render(request, "exchange/releases.html", exportpages.waiting(actor) | {"unit": unit})


@door("lists.export")
@require_POST
def decide(request: HttpRequest, release: int) -> HttpResponse:
    """Agree that a larger list goes out, or refuse it."""
    actor: Actor = actor_of(request)
    found = queries.release_for(actor, release)
    try:
        agreed = request.POST.get("step") == "agree"
        actions.decide(found, agreed=agreed, actor=actor, at=clock.now())
        messages.success(request, _("It was written down."))
    except Refusal as refusal:
        if refusal.code == "not-found":
            raise
        messages.error(request, refusal.sentence)
    return redirect("exchange:releases")


@door("lists.export")
@require_POST
def fetch(request: HttpRequest, release: int) -> HttpResponse:
    """Fetch a larger list to which a second person agreed."""
    actor = actor_of(request)
    found = queries.release_for(actor, release)
    try:
        asked = exportpages.asked_of(found.question, actor)
        taken = actions.fetch(found, asked, actor=actor, today=clock.latest_day(), at=clock.now())
    except Refusal as refusal:
        if refusal.code == "not-found":
            raise
        messages.error(request, refusal.sentence)
        return redirect("exchange:releases")
    return _shown(request, found.form, taken)
