"""A person's own page, and the pages of her data protection officer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groundswell.access.doors import actor_of, door
from groundswell.kernel import clock
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.people import actions as people
from groundswell.people import queries as persons
from groundswell.people.models import Person
from groundswell.protection import actions, pages, processing, queries
from groundswell.protection.forms import AnswerForm, AskForm
from groundswell.protection.handout import Document

REFUSED = 422


@door("signed-in")
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Show a person everything that is held of her, who opened it, and what she may ask."""
    found = pages.me(actor_of(request), herself(request), today=clock.today(), at=clock.now())
    return render(request, "protection/me.html", found | {"form": AskForm()})


@door("signed-in")
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Take down what she asks about her own data."""
    person = herself(request)
    form = AskForm(request.POST)
    if form.is_valid():
        actor, words = actor_of(request), form.cleaned_data["words"]
        try:
            if form.cleaned_data["kind"] == "leave":
                people.ask_to_leave(person, actor=actor, at=clock.now(), words=words)
            else:
                actions.ask(person, form.cleaned_data["kind"], actor=actor, at=clock.now(), words=words)
            messages.success(request, _("It is written down, and you see here what becomes of it."))
            return redirect("protection:me")
        except Refusal as refusal:
            form.add_error("words", refusal.sentence)
    found = pages.me(actor_of(request), person, today=clock.today(), at=clock.now())
    return render(request, "protection/me.html", found | {"form": form}, status=REFUSED)


@door("signed-in")
@require_POST
def take_back(request: HttpRequest, key: int) -> HttpResponse:
    """Let her take back what she asked about her own data."""
    one = queries.own_request(herself(request).pk, key)
    try:
        actions.take_back(one, actor=actor_of(request), at=clock.now())
        messages.success(request, _("Taken back."))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("protection:me")


@door("signed-in")
@require_safe
def my_copy(request: HttpRequest, form: str) -> HttpResponse:
    """Hand a person her own data."""
    return _file(actions.hand_out(herself(request), actor=actor_of(request), at=clock.now()), form)


@door("people.erase")
@require_safe
def officer(request: HttpRequest) -> HttpResponse:
    """Show a data protection officer what waits and what the clocks will do."""
    return render(request, "protection/officer.html", pages.officer(actor_of(request), today=clock.today()))


@door("people.erase")
@require_http_methods(["GET", "HEAD", "POST"])
def one_request(request: HttpRequest, key: int) -> HttpResponse:
    """Show a request with what granting it does, and answer it."""
    actor = actor_of(request)
    one = queries.request_for(actor, key)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if form.cleaned_data["answer"] == "grant":
                actions.grant(one, actor=actor, at=clock.now())
            else:
                actions.refuse(one, reason=form.cleaned_data["reason"], actor=actor, at=clock.now())
            messages.success(request, _("It is answered."))
            return redirect("protection:officer")
        except Refusal as refusal:
            form.add_error("reason", refusal.sentence)
    found = pages.request(one, today=clock.today()) | {"form": form}
    return render(request, "protection/request.html", found, status=REFUSED if form.errors else 200)


@door("people.erase")
@require_safe
def copy(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Hand an officer what is held of a person, to answer her."""
    actor = actor_of(request)
    person = persons.person_for(actor, pk, "people.erase")
    return _file(actions.hand_out(person, actor=actor, at=clock.now()), form)


@door("people.erase")
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Show the record of processing."""
    return render(
        request, "protection/record.html", {"entries": processing.entries(), "today": clock.today()}
    )


@door("people.erase")
@require_safe
def record_csv(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Give the record of processing as a sheet."""
    return _download(processing.as_csv().encode(), "text/csv; charset=utf-8", "record-of-processing.csv")


def herself(request: HttpRequest) -> Person:
    """Return the person who asks; NotFound for an account without one."""
    number = actor_of(request).person_id
    if number is None:
        raise NotFound(_("There is nothing here that you may see."))
    return persons.person_for(actor_of(request), number, "people.ask")


def _file(document: Document, form: str) -> HttpResponse:
    if form == "pdf":
        return _download(document.as_pdf(), "application/pdf", f"person-{document.person}.pdf")
    return _download(document.as_json().encode(), "application/json", f"person-{document.person}.json")


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
