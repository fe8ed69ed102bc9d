"""Offices: who holds which, given, ended, handed over, from the phone too."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from groundswell.access.actor import Actor
from groundswell.access.doors import actor_of, door
from groundswell.accounts import actions, holding, tasks
from groundswell.accounts.forms import EndOfficeForm, GiveOfficeForm, HandOverForm
from groundswell.accounts.models import Mandate
from groundswell.accounts.queries import account_of_person, person_of_account
from groundswell.accounts.rules import mail_is_set_up
from groundswell.accounts.words import office_names
from groundswell.kernel import clock
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.kernel.saying import said as day_said
from groundswell.people.models import Person
from groundswell.people.personpage import shown_name
from groundswell.people.queries import person_for
from groundswell.structure import queries as structure
from groundswell.structure.models import Unit
from groundswell.web import fields

ASKED = ["GET", "HEAD", "POST"]
REFUSED = 422


@door("reports.read")
@require_safe
def offices(request: HttpRequest) -> HttpResponse:
    """Show who holds an office in a unit and below; unasked, in the highest of the asker's own."""
    actor = actor_of(request)
    code = fields.query(request, "unit", fields.checked_code)
    unit = structure.unit_for(actor, code or _own(actor), "reports.read")
    today = clock.today_in(unit.time_zone)
    held = holding.holders(actor, unit, on=today)
    context = {
        "unit": unit,
        "name": structure.called([unit.pk], today)[unit.pk].name,
        "today": today,
        "holders": held,
        "headline": holding.headline(held),
        "ends": any(one.may_end for one in held),
        "more": len(held) == holding.MOST,
        "most": holding.MOST,
        "giving": holding.gives(actor, unit),
    }
    return render(request, "accounts/offices.html", context)


@door("accounts.mandate")
@require_http_methods(ASKED)
def give(request: HttpRequest, code: str) -> HttpResponse:
    """Give an office in a unit, to a person of the list or to whoever signs in with an e-mail."""
    actor = actor_of(request)
    unit = structure.unit_for(actor, code, "accounts.mandate")
    today = clock.today_in(unit.time_zone)
    person = _person(request, actor)
    choices = holding.offices_to_give(actor, unit, to_person=person.pk if person else 0)
    form = GiveOfficeForm(
        request.POST if request.method == "POST" else None, offices=choices, person=person, today=today
    )
    if request.method == "POST" and form.is_valid():
        try:
            holder = person or person_of_account(form.cleaned_data["email"], unit)
            given = actions.give_mandate(holder, unit=unit, **form.term(), actor=actor, at=clock.now())
        except Refusal as refusal:
            form.refused(refusal)
        else:
            said = _("The office is given; its rights hold from that day on.")
            messages.success(request, f"{said} {_told_of(given)}")
            return redirect(_list_of(unit))
    context = {"title": _("Give an office"), "lede": _whose(unit, person, today), "unit": unit}
    finding = _finding(request, actor, unit, person, but=None)
    return _page(request, form, context | finding | {"button": _("Give the office")})


@door("accounts.mandate")
@require_http_methods(ASKED)
def end(request: HttpRequest, key: int) -> HttpResponse:
    """End an office on a day; its rights end with it."""
    actor = actor_of(request)
    mandate = holding.mandate_for(actor, key)
    today = clock.today_in(mandate.unit.time_zone)
    form = EndOfficeForm(request.POST if request.method == "POST" else None, initial={"day": today})
    if request.method == "POST" and form.is_valid():
        try:
            day = form.cleaned_data["day"]
            actions.end_mandate(mandate, day=day, actor=actor, at=clock.now())
        except Refusal as refusal:
            form.refused(refusal)
        else:
            messages.success(request, holding.ended(mandate, day, today))
            return redirect(_list_of(mandate.unit))
    context = {
        **_words(actor, mandate, today),
        "title": _("End an office"),
        "button": _("End the office"),
        "open": holding.what_is_open_to(actor, mandate, today),
    }
    return _page(request, form, context)


@door("accounts.mandate")
@require_http_methods(ASKED)
def hand_over(request: HttpRequest, key: int) -> HttpResponse:
    """Hand an office over to somebody else, who sees what is open in it."""
    actor = actor_of(request)
    mandate, to = holding.mandate_for(actor, key), _person(request, actor)
    today = clock.today_in(mandate.unit.time_zone)
    form = HandOverForm(request.POST if request.method == "POST" else None, person=to, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            person = to or person_of_account(form.cleaned_data["email"], mandate.unit)
            day = form.cleaned_data["day"]
            given = actions.hand_over(mandate, to=person, day=day, actor=actor, at=clock.now())
        except Refusal as refusal:
            form.refused(refusal)
        else:
            said = _("The office is handed over.")
            messages.success(request, f"{said} {_told_of(given)}")
            return redirect(_list_of(mandate.unit))
    context = {
        **_words(actor, mandate, today),
        **_finding(request, actor, mandate.unit, to, but=mandate.person_id),
        "title": _("Hand over an office"),
        "button": _("Hand it over"),
        "open": holding.what_is_open_to(actor, mandate, today),
    }
    return _page(request, form, context)


def _told_of(given: Mandate) -> str:
    """Let her who was given an office be told of it, where mail is sent; say whether she is."""
    if account_of_person(given.person) is None:
        return holding.uninvited()
    if not mail_is_set_up(settings.EMAIL_BACKEND):
        return _("This installation sends no mail: tell her; it stands on her first page, too.")
    tasks.tell_of_office.defer(mandate=given.pk, language=get_language() or "en")
    return _("She is told of it by mail, and on her first page.")


def _page(request: HttpRequest, form: Any, context: dict[str, Any]) -> HttpResponse:
    said = {"form": form, "open": None, **context}
    return render(request, "accounts/office.html", said, status=REFUSED if form.errors else 200)


def _whose(unit: Unit, person: Person | None, today: Any) -> str:
    name = structure.called([unit.pk], today)[unit.pk].name
    if person:
        return _("%(person)s will hold it in %(unit)s.") % {"person": shown_name(person), "unit": name}
    return _("For a member or guest of %(unit)s, or of a unit below it.") % {"unit": name}


def _finding(
    request: HttpRequest, actor: Actor, unit: Unit, person: Person | None, *, but: int | None
) -> dict[str, Any]:
    """Return what the page shows of choosing by name: who is chosen, else who is called as it was asked."""
    if person is not None:
        return {"chosen": shown_name(person)}
    if not holding.finds_names(actor, unit):
        return {"first": holding.gives_first(actor, unit)}
    text = (fields.query(request, "q", str) or "").strip()
    found, more = (
        holding.candidates(actor, unit, text, on=clock.latest_day(), but=but) if text else ([], False)
    )
    return {"finds": True, "asked": text, "found": found, "more": more}


def _words(actor: Actor, mandate: Mandate, today: Any) -> dict[str, Any]:
    said = {
        "name": holding.name_of(actor, mandate, on=today),
        "office": office_names()[mandate.office],
        "unit": structure.called([mandate.unit_id], today)[mandate.unit_id].name,
    }
    lede = _("%(name)s, %(office)s in %(unit)s.")
    if mandate.valid.upper is not None:
        said["ends"] = day_said(mandate.valid.upper)
        lede = _("%(name)s, %(office)s in %(unit)s until %(ends)s.")
    return {"lede": lede % said, "unit": mandate.unit}


def _person(request: HttpRequest, actor: Actor) -> Person | None:
    pk = fields.query(request, "person", fields.checked_whole)
    return None if pk is None else person_for(actor, pk, "people.names")


def _own(actor: Actor) -> str:
    first = min(actor.mandates, key=lambda one: one.path, default=None)
    if first is None:
        raise NotFound(_("You hold no office."), field="unit")
    return Unit.objects.values_list("code", flat=True).get(pk=first.unit_id)


def _list_of(unit: Unit) -> str:
    return f"{reverse('offices:list')}?unit={unit.code}"
