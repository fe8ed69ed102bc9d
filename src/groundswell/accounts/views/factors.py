"""What she signs in with: passkeys, an authenticator app, recovery codes, a password, by allauth's steps."""

from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from groundswell.access.doors import actor_of, door
from groundswell.accounts import actions
from groundswell.accounts.forms import PasswordForm
from groundswell.accounts.qr import squares
from groundswell.accounts.queries import account_by
from groundswell.accounts.views.allauths import Onward, next_page, own
from groundswell.kernel.errors import Refusal

REFUSED = 422


class Factors(Onward, IndexView):  # type: ignore[misc]  # allauth is not typed
    """What she signs in with; whoever was led here goes on from what she sets up."""


class RecoveryCodes(Onward, ViewRecoveryCodesView):  # type: ignore[misc]  # allauth is not typed
    """The codes, shown once; from there on it goes where she was going."""


class NewApp(Onward, ActivateTOTPView):  # type: ignore[misc]  # allauth is not typed
    """An authenticator app is set up by reading a picture, or by hand, and shows its first code.

    One that is there already, on a phone that goes, is replaced only once the new one has shown its code.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **more: Any) -> HttpResponseBase:
        """Let her set up another app in place of hers, which allauth would send her to remove first."""
        raise_if_reauthentication_required(request, app="")
        shown: HttpResponseBase = super(ActivateTOTPView, self).dispatch(request, *args, **more)
        return shown

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Give the page the picture, and whether another app is there."""
        context: dict[str, Any] = super().get_context_data(**more)
        apps = Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.TOTP)
        return context | {"qr": squares(context["totp_url"]), "replaces": apps.exists()}

    def form_valid(self, form: Form) -> HttpResponse:
        """Put the new one in the place of the old; whoever has just shown its code is not asked for one."""
        actions.put_app_aside(account_by(actor_of(self.request).account_id))
        answer: HttpResponse = super().form_valid(form)
        _is_there(self.request, _("The app is set up."))
        return answer


class NewPasskey(Onward, AddWebAuthnView):  # type: ignore[misc]  # allauth is not typed
    """A passkey is always one that signs in by itself: it asks for a finger, a face or a PIN."""

    def get_context_data(self, **_more: Any) -> dict[str, Any]:
        """Give the page what the browser needs to make one."""
        context: dict[str, Any] = super().get_context_data()
        context["js_data"] = {"creation_options": begin_registration(self.request.user, passwordless=True)}
        return context

    def form_valid(self, form: Form) -> HttpResponse:
        """Keep it; whoever has just used it is not asked again who she is."""
        answer: HttpResponse = super().form_valid(form)
        _is_there(self.request, _("The passkey is added: it signs you in from now on."))
        return answer


def _is_there(request: HttpRequest, said: str) -> None:
    """Say that a second factor is there, and what became of sessions that were opened without one."""
    actions.showed_herself(request, method="mfa")
    actor = actor_of(request)
    if actions.end_sessions_without_factor(account_by(actor.account_id), actor=actor):
        said = " ".join((said, _("Your other sessions have ended.")))
    messages.success(request, said)


class RenamePasskey(EditWebAuthnView):  # type: ignore[misc]  # allauth is not typed
    """A passkey is called something else."""

    def form_valid(self, form: Form) -> HttpResponse:
        """Keep the name."""
        messages.success(self.request, _("Saved."))
        answer: HttpResponse = super().form_valid(form)
        return answer


class _Going:
    """A second factor is removed, unless it is the last and her office demands one: then the page says so."""

    request: HttpRequest

    def factor(self) -> Authenticator:
        """Return the factor that is to go."""
        raise NotImplementedError

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Give the page why it must stay, if it must."""
        context: dict[str, Any] = super().get_context_data(**more)  # type: ignore[misc]  # of the view it is mixed into
        return context | {"refusal": self._refusal()}

    def form_valid(self, form: Form) -> HttpResponse:
        """Remove it, or say why not."""
        if self._refusal():
            context = self.get_context_data(form=form)
            refused: HttpResponse = self.render_to_response(context, status=REFUSED)  # type: ignore[attr-defined]  # the same
            return refused
        messages.success(self.request, _("It is removed, and opens nothing any more."))
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # the same
        return answer

    def _refusal(self) -> str:
        try:
            actions.may_go(self.factor())
        except Refusal as refusal:
            return refusal.sentence
        return ""


class DropApp(_Going, DeactivateTOTPView):  # type: ignore[misc]  # allauth is not typed
    """The authenticator app is removed."""

    def factor(self) -> Authenticator:
        """Return the app."""
        return self.authenticator


class DropPasskey(_Going, RemoveWebAuthnView):  # type: ignore[misc]  # allauth is not typed
    """A passkey is removed."""

    def factor(self) -> Authenticator:
        """Return the passkey."""
        return self.get_object()


factors = own(Factors, "factors")
new_app = own(NewApp, "new_app")
drop_app = own(DropApp, "drop_app")
recovery_codes = own(RecoveryCodes, "recovery_codes")
new_recovery_codes = own(GenerateRecoveryCodesView, "new_recovery_codes")
new_passkey = own(NewPasskey, "new_passkey")
rename_passkey = own(RenamePasskey, "rename_passkey")
drop_passkey = own(DropPasskey, "drop_passkey")


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
            form.refused(refusal)
        else:
            update_session_auth_hash(request, account)
            actions.showed_herself(request, method="password")
            messages.success(request, _("Your password is set. Your other sessions have ended."))
            return redirect(next_page(request) or "mfa_index")
    return render(request, "accounts/password.html", {"form": form}, status=REFUSED if form.errors else 200)
