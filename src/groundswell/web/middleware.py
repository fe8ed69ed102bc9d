"""What every answer carries: a policy that lets nothing foreign in, and no trace behind sign-in.

`HeadersMiddleware` stands first and so sees every answer, errors included.
"""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware

from groundswell.web import problems

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_ONLY_SENT_TO: Final = 405
_TEXTS: Final = ("text/", "application/json", "image/svg+xml")


class HeadersMiddleware:
    """Guard and compress every answer.

    A page that somebody signed in may see is never stored (`no-store`): whoever sends the session's
    cookie, or is given one, counts as signed in. A view that says how it may be cached is believed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.compress = GZipMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then write the headers that are not there yet."""
        response = self.get_response(request)
        if response.status_code == _ONLY_SENT_TO and not response.streaming and not response.content:
            response = problems.only_sent_to(request, response)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.SESSION_COOKIE_SECURE:
            # For this name alone: what else is served under the organisation's name is not ours to shut.
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if "Cache-Control" not in response.headers:
            signed_in = settings.SESSION_COOKIE_NAME in {*request.COOKIES, *response.cookies}
            response.headers["Cache-Control"] = "no-store" if signed_in else "no-cache"
        if not response.streaming and response.headers.get("Content-Type", "").startswith(_TEXTS):
            self.compress.process_response(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a refusal, or a database that cannot be reached, into its page."""
        return problems.of_exception(request, exception)
