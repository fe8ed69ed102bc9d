"""allauth's views for codes, passkeys, apps and recovery codes, behind our doors, as our pages."""

from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.views import ConfirmLoginCodeView, ReauthenticateView, RequestLoginCodeView
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.base.views import ReauthenticateView as FactorReauthenticateView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from groundswell.access.doors import View, actor_of, door
from groundswell.accounts import actions
from groundswell.accounts.forms import PasswordForm
from groundswell.accounts.qr import squares
from groundswell.accounts.queries import account_by
from groundswell.kernel.errors import Refusal

REFUSED = 422


def _open(view: type[Any], template: str) -> View:
    """Return one of allauth's views as a page on the way in."""
    shown: View = view.as_view(template_name=f"accounts/{template}.html")
    return door("public")(never_cache(sensitive_post_parameters()(shown)))


def _own(view: type[Any], template: str) -> View:
    """Return one of allauth's views as a page for whoever is signed in, her second factor there or not."""
    shown: View = view.as_view(template_name=f"accounts/{template}.html")
    return door("signed-in", without_factor=True)(never_cache(sensitive_post_parameters()(shown)))


class NewApp(ActivateTOTPView):  # type: ignore[misc]  # allauth is not typed
    """An authenticator app is set up by reading a picture, or by hand, and shows its first code."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Give the page the picture."""
        context: dict[str, Any] = super().get_context_data(**more)
        context["qr"] = squares(context["totp_url"])
        return context


class NewPasskey(AddWebAuthnView):  # type: ignore[misc]  # allauth is not typed
    """A passkey is always one that signs in by itself: it asks for a finger, a face or a PIN."""

    def get_context_data(self, **_more: Any) -> dict[str, Any]:
        """Give the page what the browser needs to make one."""
        context: dict[str, Any] = super().get_context_data()
        context["js_data"] = {"creation_options": begin_registration(self.request.user, passwordless=True)}
        return context


ask_for_code = _open(RequestLoginCodeView, "ask_for_code")
use_code = _open(ConfirmLoginCodeView, "use_code")
second_step = _open(AuthenticateView, "second_step")
sign_in_by_passkey = _open(LoginWebAuthnView, "sign_in")
password_again = _own(ReauthenticateView, "again")
factor_again = _own(FactorReauthenticateView, "again")
passkey_again = _own(ReauthenticateWebAuthnView, "again")
factors = _own(IndexView, "factors")
new_app = _own(NewApp, "new_app")
drop_app = _own(DeactivateTOTPView, "drop_app")
recovery_codes = _own(ViewRecoveryCodesView, "recovery_codes")
new_recovery_codes = _own(GenerateRecoveryCodesView, "new_recovery_codes")
new_passkey = _own(NewPasskey, "new_passkey")
drop_passkey = _own(RemoveWebAuthnView, "drop_passkey")


@door("signed-in", without_factor=True)
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Give oneself a password; whoever has just signed in need not know the old one."""
    raise_if_reauthentication_required(request, app="")
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        account = account_by(actor_of(request).account_id)
        try:
            actions.set_password(account, password=form.cleaned_data["password"])
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            update_session_auth_hash(request, account)
            messages.success(request, _("Your password is set. Your other sessions have ended."))
            return redirect("mfa_index")
    return render(request, "accounts/password.html", {"form": form}, status=REFUSED if form.errors else 200)
