"""The list of people: found by name and filters, a page at a time."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from groundswell.access import rights
from groundswell.access.actor import Actor
from groundswell.access.doors import actor_of, door
from groundswell.kernel import clock
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.people import actions, filters, listpage, searching
from groundswell.people.forms import ViewForm
from groundswell.people.searching import Asked
from groundswell.structure import queries as structure
from groundswell.web import fields


@door("people.names")
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Show the people whose names one may see."""
    actor = actor_of(request)
    asked = asked_of(request, actor)
    context = _page(actor, asked)
    context["keeping"] = ViewForm() if asked.unit or replace(asked, text="").narrowed else None
    return render(request, "people/list.html", context)


@door("people.names")
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the list that the address asks for under a name of one's own."""
    actor = actor_of(request)
    asked = asked_of(request, actor)
    form = ViewForm(request.POST)
    if form.is_valid():
        try:
            actions.keep_view(asked, name=form.cleaned_data["name"], actor=actor, at=clock.now())
            messages.success(request, _kept(asked))
            return redirect(listpage.address(replace(asked, text="")))
        except Refusal as refusal:
            form.refused(refusal)
    context = _page(actor, asked) | {"keeping": form}
    return render(request, "people/list.html", context, status=422)


def _page(actor: Actor, asked: Asked) -> dict[str, Any]:
    """Return what the list shows: each as what she is by now where she is, on the reader's day."""
    return listpage.page(actor, asked, today=clock.latest_day()) | {"today": clock.today()}


def _kept(asked: Asked) -> str:
    if not asked.text:
        return _("Kept: it stands above the list from now on.")
    return _("Kept without “%(text)s”: it stands above the list from now on.") % {"text": asked.text}


@door("people.names")
@require_POST
def drop(request: HttpRequest, key: int) -> HttpResponse:
    """Let a view of one's own go."""
    actions.drop_view(key, actor=actor_of(request))
    messages.success(request, _("It is let go."))
    return redirect("people:list")


def asked_of(request: HttpRequest, actor: Actor) -> Asked:
    """Return the question of an address; BadQuery for what cannot be used, NotFound without an office for it.

    A member finds herself on her own page, and an auditor whom she drew in her sample.
    """
    if not rights.may_by_office(actor, "people.names"):
        raise NotFound(_("There is nothing here that you may see."))
    code = fields.query(request, "unit", fields.checked_code)
    # The words to choose from are data; only a question that says one needs them.
    statuses = searching.statuses() if request.GET.get("status") else ()
    return Asked(
        text=(fields.query(request, "q", str) or "").strip(),
        unit=structure.unit_by_code(actor, code, "people.names") if code else None,
        status=fields.query_choice(request, "status", statuses, ""),
        town=(fields.query(request, "town", str) or "").strip(),
        tag=(fields.query(request, "tag", str) or "").strip(),
        more=filters.chosen(
            {
                name: fields.query(request, name, str, longest=filters.LONGEST)
                for name in request.GET
                if filters.asks(name)
            }
        ),
        after=fields.query(request, "after", fields.checked_whole),
    )
