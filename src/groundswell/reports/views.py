"""The report's page and its files, what a figure counts, and the world by members."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from groundswell.access.doors import actor_of, door
from groundswell.reports import asking, drilldown, drilling, formulas, mapping, queries, sheet
from groundswell.reports.contract import as_contract, as_csv
from groundswell.reports.opening import FORMULAS
from groundswell.web import fields


@door("reports.read")
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """Show the organisational report."""
    actor = actor_of(request)
    question = asking.question(request, actor)
    made = queries.report(actor, **question.arguments())
    context = sheet.context(
        question,
        made,
        asking.happenings(made),
        whole=asking.is_whole(made),
        countries=asking.countries(made),
        after=fields.query(request, "after", fields.checked_whole) or 0,
    )
    return render(request, "reports/report.html", context)


@door("reports.read")
@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """Answer with the report's JSON contract."""
    actor = actor_of(request)
    question = asking.question(request, actor)
    made = as_contract(queries.report(actor, **question.arguments()))
    response = JsonResponse(made, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{question.file_name("json")}"'
    return response


@door("reports.read")
@require_safe
def as_sheet(request: HttpRequest) -> HttpResponse:
    """Answer with the report's rows as comma-separated values."""
    actor = actor_of(request)
    question = asking.question(request, actor)
    made = as_csv(queries.report(actor, **question.arguments()))
    response = HttpResponse("\ufeff" + made, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{question.file_name("csv")}"'
    return response


@door("reports.read")
@require_safe
def drill(request: HttpRequest) -> HttpResponse:
    """Show what a figure of the report counts; a part of a page when the page asks for it."""
    actor = actor_of(request)
    question = asking.question(request, actor)
    opened = asking.figure(request, question)
    if opened.figure in FORMULAS:
        template, context = "reports/formula.html", formulas.context(actor, opened)
    else:
        made = drilldown.drill(actor, **opened.arguments())
        template, context = "reports/drill.html", drilling.context(opened, made)
    part = request.headers.get("HX-Request") == "true"
    response = render(request, template, context | {"part": part})
    patch_vary_headers(response, ["HX-Request"])
    return response


@door("reports.read")
@require_safe
def world(request: HttpRequest) -> HttpResponse:
    """Show the units of the world by their members as of a day."""
    actor = actor_of(request)
    question = asking.question(request, actor)
    made = queries.report(actor, **question.arguments())
    after = fields.query(request, "after", fields.checked_whole) or 0
    context = mapping.context(question, made, asking.countries(made), after)
    return render(request, "reports/map.html", context)
