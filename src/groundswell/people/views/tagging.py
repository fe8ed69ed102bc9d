"""The page by which a tag is given to everybody of a list, or taken from them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from groundswell.access import rights
from groundswell.access.doors import actor_of, door
from groundswell.kernel import clock
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.people import actions, tagpages
from groundswell.people.forms.tagging import TagAllForm
from groundswell.people.views.listing import asked_of

REFUSED = 422


@door("people.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def tag_all(request: HttpRequest) -> HttpResponse:
    """Give the people of an address's list a tag, or take it from them."""
    actor = actor_of(request)
    asked = asked_of(request, actor)
    if not rights.may_by_office(actor, "people.edit"):
        raise NotFound(_("There is nobody here whom you may change."))
    form = TagAllForm(request.POST if request.method == "POST" else None)
    done = None
    if form.is_valid():
        try:
            done = actions.tag_all(actor=actor, **form.said())
        except Refusal as refusal:
            form.refused(refusal)
    seen = form.cleaned_data.get("people") if form.is_bound else None
    context = tagpages.page(actor, asked, seen, done, today=clock.latest_day())
    return render(
        request, "people/tags.html", context | {"form": form}, status=REFUSED if form.errors else 200
    )
