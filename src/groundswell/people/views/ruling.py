"""The rules by which a section goes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from groundswell.access.doors import actor_of, door
from groundswell.kernel.errors import Refusal
from groundswell.people import actions, entering, rulepages
from groundswell.people.forms.ruling import SectionRuleForm
from groundswell.people.slots import Foreseen
from groundswell.web import fields

REFUSED = 422


@door("people.decide")
@require_http_methods(["GET", "HEAD", "POST"])
def section_rules(request: HttpRequest) -> HttpResponse:
    """Show by which rules a unit's section goes, and set them, once said to how many it does what."""
    actor = actor_of(request)
    found = rulepages.ruled(actor, fields.query(request, "unit", fields.checked_code))
    form = SectionRuleForm(request.POST if request.method == "POST" else None, rule=found.rule)
    foreseen: list[Foreseen] = []
    if request.method == "POST" and form.is_valid():
        try:
            foreseen = rulepages.foreseen(found, form.wanted())
            if not foreseen or form.cleaned_data["ending"] == sum(one[0] for one in foreseen):
                said = {"wanted": form.wanted(), "before": form.before()}
                actions.set_section_rules(found.section, actor=actor, **said)
                messages.success(request, _("These rules hold from now on."))
                return redirect(f"{reverse('people:rules')}?unit={found.unit.code}")
        except Refusal as refusal:
            form.refused(refusal)
    context = {
        "found": found,
        "form": form,
        "foreseen": foreseen,
        "ending": sum(one[0] for one in foreseen),
        "name": entering.unit_name(found.section),
    }
    status = REFUSED if form.errors or foreseen else 200
    return render(request, "people/rules.html", context, status=status)
