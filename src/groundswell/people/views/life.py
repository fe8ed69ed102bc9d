"""What happens to a membership: joining, moving, leaving, and putting the past right."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groundswell.access.doors import actor_of, door
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people import asked, queries
from groundswell.people.forms import deeds
from groundswell.people.models import Person
from groundswell.web import fields

ASKED = ["GET", "HEAD", "POST"]
REFUSED = 422


@door("people.decide")
@require_http_methods(ASKED)
def decide(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Decide something about a membership: for her secretary."""
    person = queries.person_for(actor_of(request), pk, "people.decide")
    return _deed(request, person, deeds.deed_of(what, person))


@door("people.decide")
@require_http_methods(ASKED)
def end_guest(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Let a member of one unit be the guest of another no longer: for the secretary of both."""
    person = queries.person_for(actor_of(request), pk, "people.decide")
    return _deed(request, person, deeds.no_longer_a_guest(queries.guest_stay(person, key)))


@door("people.edit")
@require_http_methods(ASKED)
def propose(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Ask for something that another unit or the secretary decides; a secretary decides it at once."""
    person = queries.person_for(actor_of(request), pk, "people.edit")
    return _deed(request, person, deeds.deed_of(what, person))


def _deed(request: HttpRequest, person: Person, deed: deeds.Deed) -> HttpResponse:
    actor = actor_of(request)
    form = deed.form(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, deed.do(person, form, actor))
            return redirect("people:person", person.pk)
        except Refusal as refusal:
            form.refused(refusal)
    context = deeds.page(deed, person, form, actor)
    return render(request, "people/deed.html", context, status=REFUSED if form.errors else 200)


@door("people.decide")
@require_http_methods(ASKED)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a membership of the past right: its first day, its end, or that it never was."""
    actor = actor_of(request)
    person = queries.person_for(actor, pk, "people.decide")
    wanted = (
        fields.query(request, "membership", fields.checked_whole),
        fields.query_choice(request, "what", ("began", "ended"), ""),
    )
    form = deeds.CorrectForm(request.POST if request.method == "POST" else None, person=person, wanted=wanted)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, deeds.correct(form, actor))
            return redirect("people:person", pk)
        except Refusal as refusal:
            form.refused(refusal)
    context = deeds.correcting(person, form)
    return render(request, "people/deed.html", context, status=REFUSED if form.errors else 200)


@door("people.names")
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Show what was asked for and waits, of the units one sees."""
    return render(request, "people/asked.html", asked.page(actor_of(request), today=clock.today()))


@door("people.names")
@require_POST
def answer(request: HttpRequest, key: int) -> HttpResponse:
    """Accept or refuse what was asked, or take it back."""
    actor = actor_of(request)
    asking = queries.asking_for(key)
    try:
        messages.success(request, asked.answer(asking, request.POST, actor))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect(asked.whence(request.POST.get("next", ""), asking.person_id))
