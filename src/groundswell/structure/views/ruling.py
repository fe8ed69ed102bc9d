"""Pages of the rules that the structure goes by: kinds, promotions, proposals, protection."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from groundswell.access.doors import actor_of, door
from groundswell.access.rights import may
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.structure import actions, proposals, queries, rulepages, rules, standing
from groundswell.structure.forms.ruling import (
    KindForm,
    PromotionRuleForm,
    ProposalRuleForm,
    ProtectForm,
    RuleForm,
    SeatForm,
)
from groundswell.web import fields

ASKED = ["GET", "HEAD", "POST"]
REFUSED = 422


@door("unit.read")
@require_http_methods(ASKED)
def kinds(request: HttpRequest) -> HttpResponse:
    """Show the kinds in their order and the rules of promotion; put a kind one place up or down."""
    actor = actor_of(request)
    refusal = ""
    if request.method == "POST":
        try:
            order = rulepages.reordered(request.POST.get("kind", ""), request.POST.get("to", ""))
            actions.order_kinds(order, actor=actor)
            return redirect("structure:kinds")
        except Refusal as refused:
            refusal = refused.sentence
    context = rulepages.kinds(actor) | {"refusal": refusal}
    return render(request, "structure/kinds.html", context, status=REFUSED if refusal else 200)


@door("structure.change")
@require_http_methods(ASKED)
def kind(request: HttpRequest, kind: str) -> HttpResponse:
    """Add a kind (`new`), or change what is said of one."""
    actor = actor_of(request)
    queries.unit_for(actor, queries.root().code, "structure.change")
    known = None if kind == rulepages.NEW else queries.kind_by_code(kind)
    form = KindForm(request.POST if request.method == "POST" else None, kind=known)
    if request.method == "POST" and form.is_valid():
        try:
            if known is None:
                actions.add_kind(form.cleaned_data["code"], **form.said(), actor=actor)
            else:
                actions.change_kind(known, **form.said(), before=form.stood(), actor=actor)
            messages.success(request, _("Saved."))
            return redirect("structure:kinds")
        except Refusal as refusal:
            form.refused(refusal)
    return _asked(request, form, rulepages.kind(known))


@door("structure.change")
@require_http_methods(ASKED)
def promotion_rule(request: HttpRequest, kind: str) -> HttpResponse:
    """Say what the promotion of units of a kind asks for."""
    actor = actor_of(request)
    queries.unit_for(actor, queries.root().code, "structure.change")
    known = queries.kind_by_code(kind)
    form = PromotionRuleForm(request.POST if request.method == "POST" else None, kind=known)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_promotion_rule(known.code, **form.cleaned_data, before=form.before(), actor=actor)
            messages.success(request, _("Saved."))
            return redirect("structure:kinds")
        except Refusal as refusal:
            form.refused(refusal)
    return _asked(request, form, rulepages.promotion_rule(known))


@door("reports.read")
@require_safe
def promotion(request: HttpRequest) -> HttpResponse:
    """Show which units meet what a promotion asks for, and which not yet, and why."""
    on = fields.query(request, "on", fields.checked_day) or clock.today()
    found = standing.standings(actor_of(request), on)
    return render(request, "structure/promotion.html", rulepages.promotion(found, on))


@door("structure.change")
@require_safe
def proposed(request: HttpRequest) -> HttpResponse:
    """Show what the rules propose for the units in reach."""
    actor, today = actor_of(request), clock.today()
    what = fields.query_choice(request, "what", rules.PROPOSALS, "")
    after = fields.query(request, "after", fields.checked_whole) or 0
    found = proposals.proposals(actor, today)
    return render(request, "structure/proposals.html", rulepages.proposed(actor, found, today, what, after))


@door("structure.change")
@require_http_methods(ASKED)
def limits(request: HttpRequest, code: str) -> HttpResponse:
    """Set from which number on something is proposed for a unit and all below it."""
    actor = actor_of(request)
    unit = queries.unit_for(actor, code, "structure.change")
    form = ProposalRuleForm(
        request.POST if request.method == "POST" else None, initial=proposals.limits(unit)
    )
    if request.method == "POST" and form.is_valid():
        try:
            before = form.before()
            for what in form.changed_data:
                number = form.cleaned_data[what]
                actions.set_proposal_rule(unit, what=what, number=number, before=before, actor=actor)
            messages.success(request, _("Saved."))
            return redirect("structure:proposals")
        except Refusal as refusal:
            form.refused(refusal)
    return _asked(request, form, rulepages.limits(unit))


@door("structure.change")
@require_http_methods(ASKED)
def seat(request: HttpRequest, code: str) -> HttpResponse:
    """Say where a unit sits, and in which languages it has names."""
    actor = actor_of(request)
    unit = queries.unit_for(actor, code, "structure.change")
    form = SeatForm(
        request.POST if request.method == "POST" else None,
        unit=unit,
        may_place=may(actor, "structure.place", unit),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.seat_unit(unit, seat=form.cleaned_data, before=form.before(), actor=actor)
            messages.success(request, _("Saved."))
            return redirect(unit)
        except Refusal as refusal:
            form.refused(refusal)
    return _asked(request, form, rulepages.seat(unit))


@door("structure.change")
@require_http_methods(ASKED)
def protect(request: HttpRequest, code: str) -> HttpResponse:
    """Make a unit protected before its first person, or no longer so."""
    actor = actor_of(request)
    unit = queries.unit_for(actor, code, "structure.change")
    form = ProtectForm(
        request.POST if request.method == "POST" else None, initial={"protected": unit.protected}
    )
    if request.method == "POST" and form.is_valid():
        try:
            today, at = clock.today(), clock.now()
            said = {**form.cleaned_data, "before": form.before()}
            actions.protect_unit(unit, **said, day=today, actor=actor, at=at)
            messages.success(request, _("Done."))
            return redirect(unit)
        except Refusal as refusal:
            form.refused(refusal)
    return _asked(request, form, rulepages.protect(unit))


def _asked(request: HttpRequest, form: RuleForm, page: dict[str, object]) -> HttpResponse:
    """Show a form with its page's words."""
    status = REFUSED if form.errors else 200
    return render(request, "structure/rule.html", page | {"form": form}, status=status)
