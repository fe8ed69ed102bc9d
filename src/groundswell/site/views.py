"""The front page and Today, the source page, the served style sheet, and what a browser remembers."""

from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST, require_safe

from groundswell.access import trailing
from groundswell.access.doors import actor_of, door
from groundswell.accounts import queries as accounts
from groundswell.accounts.rules import mail_is_set_up
from groundswell.exchange.scenario import source as scenario_source
from groundswell.site import pages
from groundswell.site import trail as trail_page
from groundswell.web import fields, problems

YEAR_SECONDS: Final = 365 * 24 * 3600


@door("public")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show Today to whoever is signed in, the organisation's public front to everybody else."""
    actor = actor_of(request)
    if actor.account_id is None:
        return render(request, "site/front.html", pages.front())
    return render(request, "site/today.html", pages.today(actor))


@door("signed-in")
@require_safe
def first(request: HttpRequest) -> HttpResponse:
    """Lead to the first page after signing in: the executive's report where it is hers, else Today.

    Whoever could not come back by herself is asked first how she will.
    """
    actor = actor_of(request)
    mail = mail_is_set_up(settings.EMAIL_BACKEND)
    if not mail and not accounts.comes_back(accounts.account_by(actor.account_id)):
        return redirect("accounts:come-back")
    return redirect(pages.first_page(actor))


@door("public")
@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """Show what the figures of the front count; a part of a page when the page asks for it."""
    found = pages.published()
    if found is None:
        raise Http404
    part = request.headers.get("HX-Request") == "true"
    response = render(request, "site/published.html", found | {"part": part})
    patch_vary_headers(response, ["HX-Request"])
    return response


@door("public")
@require_safe
def source(request: HttpRequest) -> HttpResponse:
    """Show the lines of the report that the software was drawn from, each with what fulfils it."""
    if not settings.DEMO:
        raise Http404
    return render(request, "site/source.html", pages.source(scenario_source.lines()))


@door("trail.read")
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """Show the trail to whoever reads it by her office, filtered by day, unit and kind."""
    found = trail_page.page(
        actor_of(request),
        day=fields.query(request, "day", fields.checked_day),
        unit_code=fields.query(request, "unit", fields.checked_code),
        kind=fields.query_choice(request, "kind", ["", *trailing.KINDS], ""),
        before=fields.query(request, "before", fields.checked_whole),
    )
    return render(request, "site/trail.html", found)


@door("public", without_factor=True)
@require_safe
def theme_css(request: HttpRequest) -> HttpResponse:
    """Serve the organisation's accent; under its own digest it may be kept for ever."""
    theme = problems.theme_in_use()
    response = HttpResponse(theme.css(), content_type="text/css; charset=utf-8")
    kept = request.GET.get("v") == theme.digest()
    response["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable" if kept else "no-cache"
    return response


@door("public", without_factor=True)
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language this browser reads."""
    response = redirect(_back(request))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        _remember(response, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response


@door("public", without_factor=True)
@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Remember whether this browser shows pages light, dark, or as the device does."""
    response = redirect(_back(request))
    chosen = request.POST.get("appearance", "")
    if chosen in problems.APPEARANCES:
        _remember(response, "appearance", chosen)
    else:
        response.delete_cookie("appearance")
    return response


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=YEAR_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe and wanted.startswith("/") and wanted.isprintable() else "/"
