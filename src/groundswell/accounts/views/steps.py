"""allauth's steps on the way in, and the question whether it is still she."""

from typing import Any

from allauth.account.utils import passthrough_next_redirect_url
from allauth.account.views import ConfirmLoginCodeView, ReauthenticateView, RequestLoginCodeView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as FactorReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from groundswell.access.doors import door
from groundswell.accounts.rules import mail_is_set_up
from groundswell.accounts.views.allauths import Mailing, opened, own


class AskForCode(Mailing, RequestLoginCodeView):  # type: ignore[misc]  # allauth is not typed
    """Where no mail is set up no code is made, and the page says whom to ask."""

    def form_valid(self, form: Form) -> HttpResponse:
        """Send a code, where one can be sent."""
        sends = mail_is_set_up(settings.EMAIL_BACKEND)
        answer: HttpResponse = super().form_valid(form) if sends else self.form_invalid(form)
        return answer


class SecondStep(AuthenticateView):  # type: ignore[misc]  # allauth is not typed
    """The page says why a passkey was refused, too."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Give the page the refusal of a passkey."""
        context: dict[str, Any] = super().get_context_data(**more)
        refused = self.webauthn_form.errors if self.webauthn_form else {}
        context["refusal"] = _sentence(self.webauthn_form) if refused else ""
        return context

    def form_valid(self, form: Form) -> HttpResponse:
        """Sign her in; of a recovery code say how many are left, before there is none."""
        answer: HttpResponse = super().form_valid(form)
        used = getattr(form, "authenticator", None)
        if used is not None and used.type == Authenticator.Type.RECOVERY_CODES:
            used.refresh_from_db()
            messages.warning(self.request, _left(len(used.wrap().get_unused_codes())))
        return answer


class SignInByPasskey(LoginWebAuthnView):  # type: ignore[misc]  # allauth is not typed
    """A passkey that is refused leads back to signing in, with a sentence."""

    def form_invalid(self, form: Form) -> HttpResponse:
        """Say why, and keep where she was going."""
        messages.error(self.request, _sentence(form))
        sign_in = reverse("account_login")
        return redirect(passthrough_next_redirect_url(self.request, sign_in, "next"))


class PasswordAgain(Mailing, ReauthenticateView):  # type: ignore[misc]  # allauth is not typed
    """The password once more."""


class FactorAgain(Mailing, FactorReauthenticateView):  # type: ignore[misc]  # allauth is not typed
    """A code once more."""


class PasskeyAgain(Mailing, ReauthenticateWebAuthnView):  # type: ignore[misc]  # allauth is not typed
    """A passkey once more; one that is refused may be tried again, or another way chosen."""

    def form_invalid(self, form: Form) -> HttpResponse:
        """Say why, and ask again."""
        messages.error(self.request, _sentence(form))
        return redirect(self.passthrough_next_url(reverse("mfa_reauthenticate_webauthn")))


def _left(codes: int) -> str:
    if not codes:
        return _("That was your last recovery code: make new ones, under “How you sign in”.")
    said = ngettext(
        "You used a recovery code; %(count)d is left.", "You used a recovery code; %(count)d are left.", codes
    )
    return said % {"count": codes}


def _sentence(form: Form) -> str:
    return " ".join(str(one) for one in form.non_field_errors())


ask_for_code = opened(AskForCode, "ask_for_code")
_use_code = opened(ConfirmLoginCodeView, "use_code")
second_step = opened(SecondStep, "second_step")
sign_in_by_passkey = opened(SignInByPasskey, "sign_in")
password_again = own(PasswordAgain, "again")
factor_again = own(FactorAgain, "again")
passkey_again = own(PasskeyAgain, "again")


@door("public")
@require_http_methods(["GET", "HEAD", "POST"])
def use_code(request: HttpRequest) -> HttpResponseBase:
    """Take the code; where none is waited for any more, say so and lead to asking for another."""
    answer = _use_code(request)
    if getattr(answer, "url", "") == reverse("account_request_login_code"):
        messages.error(
            request,
            _("The code opens nothing any more: it was tried too often, or is too old. Ask for a new one."),
        )
    return answer
