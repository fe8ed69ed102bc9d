"""Signing in by password or by a link that works once, and signing out."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groundswell.access.doors import actor_of, door
from groundswell.access.middleware import keep
from groundswell.accounts import actions, queries, sealing, tasks
from groundswell.accounts.forms import LinkForm, SignInForm
from groundswell.accounts.rules import mail_is_set_up
from groundswell.accounts.views.allauths import next_page, onward
from groundswell.kernel.errors import Refusal

REFUSED = 422


@door("public")
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Ask for e-mail and password; sign in and go on."""
    form = SignInForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return actions.sign_in(request, **form.cleaned_data, next_page=next_page(request))
        except Refusal as refusal:
            form.refused(refusal)
    context = {
        "form": form,
        "next": next_page(request),
        "onward": onward(request),
        "mail": mail_is_set_up(settings.EMAIL_BACKEND),
    }
    # What was attempted is counted, and so kept, though it is refused.
    return keep(render(request, "accounts/sign_in.html", context, status=REFUSED if form.errors else 200))


@door("public")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_link(request: HttpRequest) -> HttpResponse:
    """Ask for a link that signs in once; the answer is the same whether there is such an account or not."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    mail = mail_is_set_up(settings.EMAIL_BACKEND)
    if request.method == "POST" and form.is_valid() and mail:
        email = form.cleaned_data["email"]
        try:
            actions.count_asking(request, email=email)
        except Refusal as refusal:
            form.refused(refusal)
        else:
            # Of the page she wanted its path alone: a mail lies about, and a question may hold a name.
            wanted = urlsplit(next_page(request)).path
            sealed = sealing.seal(f"{email} {wanted}".strip(), sealing.MAIL)
            tasks.send_link.defer(sealed=sealed, language=get_language() or "en")
            return render(request, "accounts/link_sent.html", {"email": email})
    context = {"form": form, "mail": mail, "onward": onward(request)}
    return render(request, "accounts/ask_for_link.html", context, status=REFUSED if form.errors else 200)


@door("public")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def use_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button, and sign in when it is pressed: a mail scanner that opens the link burns nothing."""
    actor = actor_of(request)
    context = {"here": actor.name if actor.account_id else "", "mail": mail_is_set_up(settings.EMAIL_BACKEND)}
    if request.method != "POST":
        return render(request, "accounts/use_link.html", context)
    try:
        first_page = reverse("accounts:come-back")
        return actions.use_link(request, token=token, first_page=first_page, next_page=next_page(request))
    except Refusal as refusal:
        context["refusal"] = refusal.sentence
        return render(request, "accounts/use_link.html", context, status=REFUSED)


@door("signed-in", without_factor=True)
@never_cache
@require_safe
def come_back(request: HttpRequest) -> HttpResponse:
    """Ask whoever came by a link, and has nothing of her own to sign in with, how she will come back."""
    if queries.comes_back(queries.account_by(actor_of(request).account_id)):
        return redirect("first")
    context = {"mail": mail_is_set_up(settings.EMAIL_BACKEND), "hours": settings.SESSION_COOKIE_AGE // 3600}
    return render(request, "accounts/come_back.html", context)


@door("public", without_factor=True)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and let the browser forget what it kept of it."""
    actions.sign_out(request)
    messages.success(request, _("You are signed out."))
    response = redirect("/")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
