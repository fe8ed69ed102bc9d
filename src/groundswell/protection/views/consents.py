"""Agreeing and withdrawing, and the words for which it is asked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from groundswell.access.doors import actor_of, door
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people import entering
from groundswell.people import queries as persons
from groundswell.people.models import Person
from groundswell.protection import actions, consentpages, queries, words
from groundswell.protection.forms import ConsentForm, PurposeForm, TextForm
from groundswell.protection.views.own import herself
from groundswell.structure import queries as structure
from groundswell.structure.models import Unit
from groundswell.web import fields

ASKED = ["GET", "HEAD", "POST"]
REFUSED = 422


@door("people.contact")
@require_POST
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what a person agreed to, on paper or aloud, or that she withdraws it."""
    _answered(request, persons.person_for(actor_of(request), pk, "people.contact"))
    return redirect("people:person", pk)


@door("signed-in")
@require_POST
def my_consent(request: HttpRequest) -> HttpResponse:
    """Agree oneself, or withdraw it."""
    _answered(request, herself(request))
    return redirect("protection:me")


def _answered(request: HttpRequest, person: Person) -> None:
    """Do what was tapped, and say what came of it."""
    actor, form = actor_of(request), ConsentForm(request.POST)
    key = fields.query(request, "purpose", fields.checked_whole)
    purpose = queries.any_purpose(key)
    if purpose is None or not form.is_valid():
        messages.error(request, _("Say how she agreed: on paper or aloud."))
        return
    how, old_enough = form.cleaned_data["answer"], form.cleaned_data["old_enough"]
    shown = fields.query(request, "text", fields.checked_whole, 0)
    try:
        if how == "withdraw":
            actions.withdraw_consent(person, purpose, actor=actor, at=clock.now())
            messages.success(request, _("Withdrawn."))
        else:
            said = {"how": how, "old_enough": old_enough, "shown": shown}
            actions.give_consent(person, purpose, **said, actor=actor, at=clock.now())
            messages.success(request, _("Agreed; it is written down with its words."))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)


@door("people.decide")
@require_http_methods(ASKED)
def consents(request: HttpRequest) -> HttpResponse:
    """Show for what consent is asked, and ask for something more."""
    actor, unit = actor_of(request), _unit(request)
    form = PurposeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_purpose(unit, label=form.cleaned_data["label"], actor=actor, at=clock.now())
            return redirect(consentpages.address(unit))
        except Refusal as refusal:
            form.refused(refusal)
    context = consentpages.asking(actor, unit) | {"form": form}
    return render(request, "protection/consents.html", context, status=REFUSED if form.errors else 200)


@door("reports.read")
@require_http_methods(ASKED)
def purposes(request: HttpRequest) -> HttpResponse:
    """Show for what consent may be asked in every section; at the top, add to it or end one."""
    actor = actor_of(request)
    form = PurposeForm(request.POST if request.method == "POST" else None)
    ends = fields.query(request, "end", fields.checked_whole)
    if request.method == "POST" and ends is not None:
        purpose = queries.purpose_for(actor, ends)
        actions.end_purpose(purpose, ended=request.POST.get("asked") == "no", actor=actor, at=clock.now())
        return redirect("protection:purposes")
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_purpose(structure.root(), **form.cleaned_data, actor=actor, at=clock.now())
            messages.success(request, _("Added. Each section writes its own words before anybody is asked."))
            return redirect("protection:purposes")
        except Refusal as refusal:
            form.refused(refusal)
    context = consentpages.for_all(actor) | {"form": form}
    return render(request, "protection/purposes.html", context, status=REFUSED if form.errors else 200)


@door("people.decide")
@require_http_methods(ASKED)
def text(request: HttpRequest, key: int) -> HttpResponse:
    """Write the words of a purpose for one's section."""
    actor, unit = actor_of(request), _unit(request)
    purpose = queries.purpose_in(unit, key)
    written = queries.texts_of(unit).get(purpose.pk, [])
    newest, data = (written[0] if written else None), (request.POST if request.method == "POST" else None)
    form = TextForm(data, newest=newest, suggested=words.suggested(purpose))
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("language", "words")}
        said["seen"] = form.cleaned_data["newest"] or 0
        try:
            translation = form.cleaned_data["version"] == "translation"
            actions.write_text(unit, purpose, translation=translation, actor=actor, at=clock.now(), **said)
            return redirect(consentpages.address(unit))
        except Refusal as refusal:
            form.refused(refusal)
    context = {"unit": unit, "label": words.purpose_name(purpose), "form": form}
    return render(request, "protection/text.html", context, status=REFUSED if form.errors else 200)


@door("people.decide")
@require_POST
def end_purpose(request: HttpRequest, key: int) -> HttpResponse:
    """Ask for consent to it no more, or again."""
    actor = actor_of(request)
    purpose = queries.purpose_for(actor, key)
    ended = request.POST.get("asked") == "no"
    actions.end_purpose(purpose, ended=ended, actor=actor, at=clock.now())
    messages.success(request, _("It is asked no more.") if ended else _("It is asked again."))
    return redirect(consentpages.address(_unit(request)))


def _unit(request: HttpRequest) -> Unit:
    """Return the unit that is named, else one's own."""
    code = fields.query(request, "unit", fields.checked_code)
    actor = actor_of(request)
    if code:
        return structure.unit_for(actor, code, "people.decide")
    return entering.own_unit(actor, "people.decide")
