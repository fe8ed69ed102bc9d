"""One transaction for each request, under the scope of the session that came with it."""

import logging
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from groundswell.access import gate, hooks, scope
from groundswell.kernel.errors import Refusal

logger = logging.getLogger(__name__)

# Answered without a scope (and so without any row): they must answer when the database does not.
UNSCOPED: Final = ("/healthz", "/static/")
_KEEP: Final = "groundswell_keeps_its_writes"


class ScopeMiddleware:
    """Runs everything below it in one transaction that sees what the request's session may see.

    The setting is made at the start of every request, also to nothing, so that a connection brings
    nothing along from whoever used it before. Committed is an answer below 400; one of 400 and more
    is rolled back, except where `keep` says that its writes are meant. Streams are read to their end
    inside the transaction.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer within the transaction."""
        if request.path_info.startswith(UNSCOPED):
            return self.get_response(request)
        answered = False
        try:
            with transaction.atomic():
                scope.take_up(_secret(request))
                response = _materialised(self.get_response(request))
                _settle(response)
                answered = True
        except IntegrityError:
            # Judged at COMMIT: the view had answered already. Earlier ones are the view's own.
            if not answered:
                raise
            logger.warning("A constraint refused the commit of %s %s", request.method, request.path)
            return _answer(request, Refusal(_contradiction(), code="contradicts"), status=409)
        except (OperationalError, InterfaceError) as error:
            logger.exception("The database did not take %s %s", request.method, request.path)
            return _answer(request, error, status=503)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Roll back: Django makes an answer of the exception, and the transaction would be committed."""
        del request, exception
        if connection.in_atomic_block:
            transaction.set_rollback(True)


def keep(response: HttpResponseBase) -> HttpResponseBase:
    """Let the writes of an answer of 400 to 499 be committed: a counted attempt, a held entry."""
    setattr(response, _KEEP, True)
    return response


def _secret(request: HttpRequest) -> str:
    cookie: str = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return cookie if gate.may_be_a_secret(cookie) else ""


def _settle(response: HttpResponseBase) -> None:
    status = response.status_code
    meant = status < 400 or (status < 500 and getattr(response, _KEEP, False))  # noqa: PLR2004 - HTTP
    if not meant:
        transaction.set_rollback(True)
    elif connection.needs_rollback:
        # An error was caught and passed over: what looks like success would be rolled back in silence.
        raise DatabaseError("The transaction of this request had failed, and the view answered all the same.")


def _materialised(response: HttpResponseBase) -> HttpResponseBase:
    if isinstance(response, StreamingHttpResponse) and not response.is_async:
        content: Any = list(response)
        response.streaming_content = content
    return response


def _contradiction() -> str:
    return _(
        "This could not be stored: it contradicts something that is recorded already, or that somebody"
        " else has just recorded. Nothing was changed. Go back, look at the dates, and try again."
    )


def _answer(request: HttpRequest, problem: Exception, *, status: int) -> HttpResponseBase:
    for answer in hooks.answers:
        page = answer(request, problem)
        if page is not None:
            page.status_code = status
            return page
    sentence = str(problem) if isinstance(problem, Refusal) else _("The database cannot be reached just now.")
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
