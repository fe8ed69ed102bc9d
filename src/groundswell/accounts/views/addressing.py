"""The e-mail she signs in with: another one, shown to be hers where mail is sent."""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from groundswell.access.doors import actor_of, door
from groundswell.access.middleware import keep
from groundswell.accounts import actions, sealing, tasks
from groundswell.accounts.forms import NewEmailForm
from groundswell.accounts.models import Account
from groundswell.accounts.queries import account_by
from groundswell.accounts.rules import mail_is_set_up
from groundswell.kernel.errors import Refusal

REFUSED = 422


@door("signed-in", without_factor=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def another_email(request: HttpRequest) -> HttpResponseBase:
    """Ask which e-mail she will sign in with; where mail is sent, a link goes there first."""
    raise_if_reauthentication_required(request, app="")
    account, mail = account_by(actor_of(request).account_id), mail_is_set_up(settings.EMAIL_BACKEND)
    form = NewEmailForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["email"]
        try:
            if mail:
                _send(request, account, wanted)
                return render(request, "accounts/email_sent.html", {"email": wanted})
            with actions.counting_taken(request):
                return _changed(request, account, wanted)
        except Refusal as refusal:
            form.refused(refusal)
    context = {"form": form, "account": account, "mail": mail}
    # What was tried is counted, and so kept, though it is refused.
    return keep(render(request, "accounts/email.html", context, status=REFUSED if form.errors else 200))


@door("signed-in", without_factor=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_email(request: HttpRequest, token: str) -> HttpResponse:
    """Show which e-mail the link is of, and let her sign in with it when a button is pressed."""
    account = account_by(actor_of(request).account_id)
    context: dict[str, object] = {"account": account}
    try:
        context["email"] = wanted = actions.shown_email(account, token=token)
        if request.method == "POST":
            return _changed(request, account, wanted)
    except Refusal as refusal:
        context["refusal"] = refusal.sentence
    return render(
        request, "accounts/take_email.html", context, status=REFUSED if "refusal" in context else 200
    )


def _send(request: HttpRequest, account: Account, wanted: str) -> None:
    """Let the worker send the link: whether somebody signs in with the e-mail shows in no answer."""
    folded, token = actions.name_email(account, email=wanted)
    actions.count_asking(request, email=folded)
    sealed = sealing.seal(f"{folded} {token}", sealing.MAIL)
    tasks.send_new_email.defer(sealed=sealed, language=get_language() or "en")


def _changed(request: HttpRequest, account: Account, wanted: str) -> HttpResponse:
    actions.change_email(account, email=wanted)
    if mail_is_set_up(settings.EMAIL_BACKEND):
        sealed = sealing.seal(account.email, sealing.MAIL)
        tasks.tell_old_email.defer(sealed=sealed, language=get_language() or "en")
    said = _("You sign in with %(email)s from now on. Your other sessions have ended.")
    messages.success(request, said % {"email": wanted})
    return redirect("mfa_index")
