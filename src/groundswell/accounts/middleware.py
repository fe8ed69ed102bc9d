"""Who acts in this request."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from groundswell.access import sessions
from groundswell.accounts.devices import device_of
from groundswell.accounts.queries import actor_of
from groundswell.kernel import clock


class ActorMiddleware:
    """Sets `request.actor`, loaded when it is first asked for; days are those of her calendar."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hang the actor onto the request."""
        _note_hour(request)
        request.actor = SimpleLazyObject(lambda: actor_of(request.user))  # type: ignore[attr-defined]  # read by doors
        with clock.read_in(lambda: request.actor.time_zone):  # type: ignore[attr-defined]  # set above
            return self.get_response(request)


def _note_hour(request: HttpRequest) -> None:
    """Note once an hour that the session was used, and on what device, for its holder's list."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or SESSION_KEY not in request.session:
        return
    store: Any = request.session
    if not store.noted and store.session_key:
        # Never by a change of the session's data: that is saved after the answer, and an answer that was
        # rolled back takes no more writes.
        sessions.seen(store.session_key, device_of(request.META.get("HTTP_USER_AGENT", "")))
