"""Pages that say what went wrong and what to do: no database, no session, so that they always work."""

import logging
import sys
from typing import Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from groundswell.ground import errors as machine
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.web import theme

_log = logging.getLogger(__name__)
APPEARANCES: Final = ("light", "dark")
_PAUSE_SECONDS: Final = 30


def appearance(request: HttpRequest) -> str:
    """Return the appearance that this browser remembers: 'light', 'dark' or '' (as the device)."""
    chosen = request.COOKIES.get("appearance", "")
    return chosen if chosen in APPEARANCES else ""


def theme_in_use() -> theme.Theme:
    """Return the theme of the organisation's accent: all that carries text can be read, whatever it is."""
    return theme.theme(settings.ACCENT or theme.DEFAULT_ACCENT)


def theme_href() -> str:
    """Return the address of the served style sheet, which changes with its content."""
    return f"/theme.css?v={theme_in_use().digest()}"


def page(request: HttpRequest, status: int, *, title: str, sentence: str, advice: str) -> HttpResponse:
    """Return a page of a problem: what it is, and what to do."""
    context = {
        "language": get_language() or "en",
        "direction": "rtl" if get_language_bidi() else "ltr",
        "appearance": appearance(request),
        "theme_href": theme_href(),
        "status": status,
        "title": title,
        "sentence": sentence,
        "advice": advice,
    }
    return HttpResponse(render_to_string("web/problem.html", context), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400: the request could not be read; 413: it is larger than any form of ours."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return page(
            request,
            413,
            title=_("That was more than this page takes."),
            sentence=_("What you sent is too long, so nothing of it was stored."),
            advice=_("Go back: what you typed is still there. Shorten it, or send it in parts."),
        )
    return refused(request, _("Something in this request could not be read."))


def refused(request: HttpRequest, sentence: str) -> HttpResponse:
    """Answer 400 with the sentence of a refusal."""
    return page(
        request,
        400,
        title=_("This cannot be shown."),
        sentence=sentence,
        advice=_("Go back, change it and try again."),
    )


def forbidden(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer 403: a form came without the sign that this site gave out.

    Going back fetches a page anew with what was typed, and loading it again would lose that; a line that was
    tapped stands on its page still, and nothing was typed.
    """
    again = _("Load the page again, then do it once more.")
    if request.headers.get("HX-Request") != "true":
        again = _("Go back and send the form once more. What you typed is still there.")
    return page(
        request,
        403,
        title=_("This form has grown old."),
        sentence=_("It was opened too long ago, or in another window before you signed in."),
        advice=again,
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer 404: missing and hidden look alike."""
    return page(
        request,
        404,
        title=_("There is nothing here for you."),
        sentence=_("The page does not exist, or you may not see it."),
        advice=_("Check the address. If somebody sent you here, ask whether you need to sign in first."),
    )


def only_sent_to(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Answer 405 in words: the address takes what a form sends, and shows nothing by itself.

    Whoever was signed out while she filled a form in is led to it when she has signed in again.
    """
    response = page(
        request,
        405,
        title=_("There is nothing to open here."),
        sentence=_("This address only takes what a form sends. Nothing of what you sent before was stored."),
        advice=_("Open the page on which the form stands, and send it once more."),
    )
    response["Allow"] = answer.headers.get("Allow", "")
    return response


def too_many(request: HttpRequest, seconds: int = _PAUSE_SECONDS) -> HttpResponse:
    """Answer 429: too many requests; `seconds` is how long to wait."""
    response = page(
        request,
        429,
        title=_("Too many attempts."),
        sentence=_("So many requests came from your address that this one was not looked at."),
        advice=_("Wait %(seconds)d seconds, then try again.") % {"seconds": seconds},
    )
    response["Retry-After"] = str(seconds)
    return response


def failed(request: HttpRequest) -> HttpResponse:
    """Answer 500: a fault of the program; nothing was stored.

    What fails outside of a view (a session that cannot be written) comes here too, and may be known.
    """
    met = sys.exception()
    known = of_exception(request, met) if isinstance(met, Exception) else None
    return known or page(
        request,
        500,
        title=_("Something broke on our side."),
        sentence=_("Nothing of what you sent was stored."),
        advice=_("Try again in a moment. If it happens again, tell whoever runs this installation the time."),
    )


def unavailable(request: HttpRequest, seconds: int = _PAUSE_SECONDS) -> HttpResponse:
    """Answer 503: the database or another part cannot be reached."""
    response = page(
        request,
        503,
        title=_("We are not quite there."),
        sentence=_("A part of this installation is starting or being repaired."),
        advice=_("Try again in %(seconds)d seconds.") % {"seconds": seconds},
    )
    response["Retry-After"] = str(seconds)
    return response


def full(request: HttpRequest, seconds: int = _PAUSE_SECONDS) -> HttpResponse:
    """Answer 503: the disk is full; pages can still be read, nothing can be stored."""
    response = page(
        request,
        503,
        title=_("Nothing can be stored at the moment."),
        sentence=_("The disk of this installation is full, so nothing of what you sent was kept."),
        advice=_("Tell whoever runs it to make room, then send it again."),
    )
    response["Retry-After"] = str(seconds)
    return response


def of_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """Return the page of an exception that says what is wrong; None for a fault of the program."""
    if isinstance(exception, NotFound):
        return not_found(request)
    if isinstance(exception, Refusal):
        return refused(request, exception.sentence)
    disk = isinstance(machine.of_exception(exception), machine.DiskProblem)
    if disk or isinstance(exception, OperationalError | InterfaceError):
        # The page does not say it all to a visitor; the log does, in one sentence.
        _log.error("%s could not be answered.", request.path, exc_info=exception)
        return full(request) if disk else unavailable(request)
    return None
