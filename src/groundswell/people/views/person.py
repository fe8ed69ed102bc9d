"""A person's page, and what is written about her on it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from groundswell.access import reading, rights
from groundswell.access.doors import actor_of, door
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people import actions, personpage, queries
from groundswell.people.forms import ContactForm, NoteForm, TagsForm
from groundswell.people.forms.ages import UnderAgeForm
from groundswell.people.models import Contact, Person

ASKED = ["GET", "HEAD", "POST"]
REFUSED = 422


@door("people.names")
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a person; that her record was opened is written down for her to read."""
    actor = actor_of(request)
    if (other := queries.merged_into(pk)) is not None:
        return redirect("people:person", other)
    one = queries.person_for(actor, pk, "people.names")
    reading.note([one.pk], actor=actor, what=reading.RECORD)
    return _shown(request, one)


@door("people.edit")
@require_POST
def add_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Note an e-mail or a phone."""
    actor = actor_of(request)
    one = queries.person_for(actor, pk, "people.edit")
    form = ContactForm(request.POST)
    if form.is_valid():
        try:
            words = {"text": form.cleaned_data["text"], "label": form.cleaned_data["label"]}
            actions.put_contact(one, kind=form.kind(), actor=actor, at=clock.now(), **words)
            return redirect("people:person", pk)
        except Refusal as refusal:
            form.add_error("text", refusal.sentence)
    return _shown(request, one, contact=form)


@door("people.edit")
@require_POST
def drop_contact(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Take an e-mail or a phone away."""
    actor = actor_of(request)
    one = queries.person_for(actor, pk, "people.edit")
    contact = Contact.objects.filter(pk=key, person=one).first()
    if contact is None:  # somebody else was quicker, or she pressed twice
        messages.success(request, _("It was taken away already."))
        return redirect("people:person", pk)
    actions.drop_contact(contact, actor=actor)
    messages.success(request, _("It is taken away."))
    return redirect("people:person", pk)


@door("people.contact")
@require_POST
def write_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a note."""
    actor = actor_of(request)
    one = queries.person_for(actor, pk, "people.contact")
    form = NoteForm(request.POST, actor=actor, person=one)
    if form.is_valid():
        try:
            actions.write_note(one, actor=actor, at=clock.now(), **form.cleaned_data)
            return redirect("people:person", pk)
        except Refusal as refusal:
            form.refused(refusal)
    return _shown(request, one, note=form)


@door("people.edit")
@require_POST
def put_tags(request: HttpRequest, pk: int) -> HttpResponse:
    """Let these be her tags."""
    actor = actor_of(request)
    one = queries.person_for(actor, pk, "people.edit")
    form = TagsForm(request.POST)
    if form.is_valid():
        try:
            actions.put_tags(one, words=form.chosen(), before=form.stood(), actor=actor)
            return redirect("people:person", pk)
        except Refusal as refusal:
            form.refused(refusal)
    return _shown(request, one, tagging=form)


@door("people.edit")
@require_POST
def say_age(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether she is under 18."""
    actor = actor_of(request)
    one = queries.person_for(actor, pk, "people.edit")
    form = UnderAgeForm(request.POST, person=one)
    if form.is_valid():
        try:
            said = form.cleaned_data
            actions.say_age(
                one,
                young=bool(said["minor"]),
                of_age_on=said["of_age_on"],
                before=form.before(),
                actor=actor,
                at=clock.now(),
            )
            return to_her(request, pk)
        except Refusal as refusal:
            form.refused(refusal)
    return _shown(request, one, aging=form)


def to_her(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to her page; to the list for whoever sees her no more since she was said to be under 18."""
    if queries.is_seen(pk):
        return redirect("people:person", pk)
    messages.info(request, _("She is under 18: from now on the offices of her own unit alone see her."))
    return redirect("people:list")


def _shown(request: HttpRequest, one: Person, **forms: Any) -> HttpResponse:
    """Answer with her page; a form that was refused keeps what was typed."""
    actor = actor_of(request)
    context = personpage.page(actor, one, today=clock.today_in(one.unit.time_zone))
    notes = rights.may(actor, "people.contact", one.unit)
    edits = rights.may(actor, "people.edit", one.unit)
    herself = rights.may_for_herself(actor, "people.edit", one.pk)
    given = {
        "aging": UnderAgeForm(person=one) if edits else None,
        "contact": ContactForm() if edits or herself else None,
        "note": NoteForm(actor=actor, person=one) if notes else None,
        "tags_shown": notes and context["tags"],
        "tagging": TagsForm(initial={"tags": ", ".join(context["tags"])}) if edits else None,
    } | forms
    refused = any(form.errors for form in forms.values())
    return render(request, "people/person.html", context | given, status=REFUSED if refused else 200)
