"""A branch invites a member to an account, by e-mail or shown on screen, and calls it off."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from groundswell.access.doors import actor_of, door
from groundswell.access.middleware import keep
from groundswell.accounts import actions, queries, sealing, tasks
from groundswell.accounts.forms import InviteForm
from groundswell.accounts.models import Account
from groundswell.accounts.qr import squares
from groundswell.accounts.rules import mail_is_set_up
from groundswell.kernel.errors import Refusal
from groundswell.people.queries import contacts_of, person_for

REFUSED = 422


@door("people.decide")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Invite her; without mail the link stands on screen, once, to be read with her phone."""
    actor = actor_of(request)
    person = person_for(actor, pk, "people.decide")
    account, mail = queries.account_of_person(person), mail_is_set_up(settings.EMAIL_BACKEND)
    known = next((one.value for one in contacts_of([person])[person.pk] if one.kind == "email"), "")
    initial = {"email": account.email if account else known}
    form = InviteForm(request.POST if request.method == "POST" else None, initial=initial)
    context = {"form": form, "person": person, "mail": mail, "account": account}
    context["opens"] = account is not None and queries.link_opens(account)
    if request.method == "POST" and form.is_valid():
        try:
            with actions.counting_taken(request):
                account, token = actions.invite(person, email=form.cleaned_data["email"], actor=actor)
        except Refusal as refusal:
            form.refused(refusal)
        else:
            context |= handed_out(request, account, token)
            if mail:
                return redirect("people:person", pk)
    # What was tried is counted, and so kept, though it is refused.
    return keep(render(request, "accounts/invite.html", context, status=REFUSED if form.errors else 200))


def handed_out(request: HttpRequest, account: Account, token: str) -> dict[str, Any]:
    """Let an invitation go by mail, where any is sent, and say so; else return its link, to be shown once."""
    if mail_is_set_up(settings.EMAIL_BACKEND):
        sealed = sealing.seal(f"{account.email} {token}", sealing.MAIL)
        tasks.send_invitation.defer(sealed=sealed, language=get_language() or "en")
        messages.success(request, _("The invitation is on its way; its link works once, for a week."))
        return {}
    link = settings.PUBLIC_URL.rstrip("/") + reverse("accounts:use-link", args=[token])
    return {"link": link, "qr": squares(link)}


@door("people.decide")
@require_POST
def call_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Call an invitation off that was not used yet."""
    actor = actor_of(request)
    person = person_for(actor, pk, "people.decide")
    try:
        actions.call_off(person, actor=actor)
        messages.success(request, _("The invitation is called off; its link opens nothing any more."))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("people:person", pk)
