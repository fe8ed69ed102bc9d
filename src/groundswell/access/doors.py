"""Doors: what every address asks of the one who comes, and what every action asks again.

Forbidden and missing look alike: whoever may not know of a thing is told that it is not there.
"""

import functools
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from groundswell.access import rights
from groundswell.access.actor import ANONYMOUS, Actor, Place
from groundswell.kernel.errors import NotFound, Refusal

PUBLIC: Final = "public"
SIGNED_IN: Final = "signed-in"

View = Callable[..., HttpResponseBase]


def require(actor: Actor, capability: str, unit: Place | None) -> None:
    """Return when the actor may do this to the unit.

    Otherwise a Refusal when she may read the unit from inside and so may know of it, a NotFound when
    she may not.
    """
    if rights.may(actor, capability, unit):
        return
    if unit is None or rights.may(actor, "unit.read", unit):
        raise Refusal(_("Your offices do not include this right here."), code="not-allowed")
    raise NotFound(_("There is nothing here that you may see."))


def door(asks: str, *, without_factor: bool = False) -> Callable[[View], View]:
    """Mark a view with what it asks, and let nobody else through.

    `asks` is "public", "signed-in" or a capability, which the actor must hold somewhere; for which
    unit, the action or query decides. Signed out leads to the sign-in page where no stranger holds it, the
    wrong office to 404.
    Whose office demands a second factor is led to set it up first, except by views `without_factor`.
    """
    if asks not in {PUBLIC, SIGNED_IN} and asks not in rights.CAPABILITIES:
        raise LookupError(f"No door is called {asks!r}: see the table of rights.")

    def mark(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = actor_of(request)
            if actor.needs_factor and not without_factor:
                lost = _("Your office asks for a second factor first, so what you sent was not kept.")
                return redirect_to_login(_back_to(request, lost), login_url=settings.FACTOR_URL)
            held = asks in rights.CAPABILITIES and rights.may_anywhere(actor, asks)
            if asks != PUBLIC and not held:
                if actor.account_id is None:
                    return redirect_to_login(_back_to(request, _signed_out()))
                if asks != SIGNED_IN:
                    raise Http404
            return view(request, *args, **kwargs)

        guarded.door = asks  # type: ignore[attr-defined]  # read by the test that walks the addresses
        return guarded

    return mark


def _signed_out() -> str:
    return _("You were no longer signed in, so what you sent was not kept. Sign in, and send it again.")


def _back_to(request: HttpRequest, lost: str) -> str:
    """Return where to go on after signing in; of what was sent meanwhile, say that it is `lost`.

    An address that only takes what is sent shows nothing: then that is the page on which the form stands.
    """
    if request.method != "POST":
        return request.get_full_path()
    messages.warning(request, lost)
    came = urlsplit(request.headers.get("referer", ""))
    ours = came.netloc == request.get_host() and came.path.startswith("/")
    return urlunsplit(("", "", came.path, came.query, "")) if ours else request.get_full_path()


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks; the room `accounts` puts the actor on the request."""
    actor: Actor | None = getattr(request, "actor", None)
    return actor or ANONYMOUS
