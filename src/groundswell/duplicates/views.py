"""Records that may be one person: the list, two side by side, and what is done with them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groundswell.access import reading
from groundswell.access.doors import actor_of, door
from groundswell.duplicates import actions, pages, queries
from groundswell.duplicates.forms import ChooseForm, MergeForm
from groundswell.kernel import clock
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.people import queries as people
from groundswell.web import fields

ASKED = ["GET", "HEAD", "POST"]
REFUSED = 422


@door("people.erase.ask")
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Show the pairs that wait, and the merges that can be undone."""
    after = fields.query(request, "after", fields.checked_whole) or 0
    context = pages.waiting(actor_of(request), after=after, today=clock.today(), now=clock.now())
    return render(request, "duplicates/list.html", context)


@door("people.erase.ask")
@require_http_methods(ASKED)
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Find the record that may be the same person, and hold the two against each other."""
    actor = actor_of(request)
    person = people.person_for(actor, pk, "people.erase.ask")
    form = ChooseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            other = people.person_for(actor, form.cleaned_data["who"], "people.erase.ask")
            found = actions.put_side_by_side(person, other, actor=actor, at=clock.now())
            return redirect("duplicates:pair", found.pk)
        except (Refusal, NotFound) as refusal:
            form.add_error("who", refusal.sentence)
    asked = request.GET["q"][:200].strip() if "q" in request.GET else None
    context = pages.choose(actor, person, asked)
    status = REFUSED if form.errors else 200
    return render(request, "duplicates/choose.html", context | {"form": form}, status=status)


@door("people.erase.ask")
@require_http_methods(ASKED)
def pair(request: HttpRequest, key: int) -> HttpResponse:
    """Show two records side by side, and merge them as chosen."""
    actor, today = actor_of(request), clock.today()
    one = queries.likeness_for(actor, key)
    context = pages.pair(actor, one, today=today)
    form = MergeForm(request.POST if request.method == "POST" else None, two=context["two"], today=today)
    if request.method == "POST" and form.is_valid():
        try:
            merged = actions.merge(one.person, one.other, form.choices(), actor=actor, at=clock.now())
            messages.success(request, _("They are one person now. For 30 days that can be undone."))
            return redirect(pages.after(actor, merged))
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
    reading.note([one.person_id, one.other_id], actor=actor, what=reading.RECORD)
    status = REFUSED if form.errors else 200
    return render(request, "duplicates/pair.html", context | {"form": form}, status=status)


@door("people.erase.ask")
@require_POST
def say(request: HttpRequest, key: int) -> HttpResponse:
    """Propose that two are one, or say that they are two."""
    actor = actor_of(request)
    one = queries.likeness_for(actor, key)
    try:
        actions.judge(one, request.POST.get("verdict", ""), actor=actor, at=clock.now())
        messages.success(request, _("It is written down."))
        return redirect("duplicates:list")
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("duplicates:pair", one.pk)


@door("people.erase")
@require_POST
def undo(request: HttpRequest, key: int) -> HttpResponse:
    """Make two records of one again."""
    actor = actor_of(request)
    merged = queries.merge_for(actor, key)
    try:
        person = actions.undo(merged, actor=actor, at=clock.now())
        messages.success(
            request,
            _("They are two persons again. If a sign-in had ended, it is back with its second factors."),
        )
        return redirect("people:person", person.pk if person else merged.person_id)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("duplicates:list")
