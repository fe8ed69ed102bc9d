"""Where one is signed in, and ending it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from groundswell.access import sessions
from groundswell.access.doors import actor_of, door
from groundswell.accounts import actions
from groundswell.accounts.devices import in_words


@door("signed-in", without_factor=True)
@never_cache
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show every session of the account, this one first."""
    shown = [{"session": one, "device": in_words(one.device)} for one in sessions.listed()]
    shown.sort(key=lambda one: not one["session"].here)  # type: ignore[attr-defined]  # it is a session
    return render(request, "accounts/sessions.html", {"sessions": shown})


@door("signed-in", without_factor=True)
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End one session by its handle, or all others."""
    handle = request.POST.get("session", "")
    if handle:
        ended = actions.end_session(handle[:64], actor=actor_of(request))
        said = _("That session has ended.") if ended else _("That session had ended already.")
    else:
        count = actions.end_other_sessions(actor=actor_of(request))
        said = ngettext("%(count)d other session has ended.", "%(count)d other sessions have ended.", count)
        said = said % {"count": count}
    messages.success(request, said)
    return redirect("accounts:sessions")
