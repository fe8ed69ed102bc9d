"""What allauth asks of this house: nobody signs up by herself, secrets are sealed, the worker mails.

allauth does the steps of signing in (`docs/decisions/0640`); accounts, sessions, pages and mails are ours.
"""

import datetime as dt
import ipaddress
import json
import time
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from groundswell.access.secrets import blind_index
from groundswell.accounts import sealing, tasks
from groundswell.accounts.devices import device_of, in_words

# Whoever signed in so shortly ago need not show again who she is before she changes how she signs in.
FRESH: Final = 15 * 60
CODE_MAIL: Final = "account/email/login_code"
_PREFIXES: Final = {4: 24, 6: 56}
_AGAIN: Final = {
    "reauthenticate": _("Use your password"),
    "mfa_reauthenticate": _("Use a code of your authenticator app, or a recovery code"),
    "mfa_reauthenticate:webauthn": _("Use your passkey"),
}


class AccountAdapter(DefaultAccountAdapter):
    """allauth's account, in this house."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
        "rate_limited": _("Too many attempts. Wait five minutes, then try again."),
        "incorrect_code": _("This is not the code that was sent. Look again, or ask for a new one."),
        "incorrect_password": _("This is not your password. Check it, or choose another way below."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return that nobody makes an account for herself: her branch invites her."""
        del request
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return what attempts from a network are counted under: not its address, and another each day."""
        return blind_index(f"network {dt.datetime.now(dt.UTC):%Y-%m-%d}", _network(request)).hex()

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where signing in leads when no page was asked for."""
        del request
        return reverse("first")

    def add_message(self, *_args: Any, **_more: Any) -> None:
        """Say nothing in allauth's words: our pages say what has happened."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Let the worker send a code, sealed on its way; for an unknown address it is let to send nothing."""
        code = str(context["code"]) if template_prefix == CODE_MAIL else ""
        until = time.time() + tasks.SIGN_IN_CODE_LASTS
        said = {"email": email, "code": code, "language": get_language() or "en", "until": until}
        tasks.send_code.defer(sealed=sealing.seal(json.dumps(said), sealing.MAIL))

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Lead a closed account back to signing in, like an unknown one."""
        del user
        messages.error(request, _("This did not sign you in. Try again, or sign in another way."))
        return redirect("accounts:sign-in")

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """Return how she may show again that it is she, in our words."""
        return [
            {**one, "description": _AGAIN[one["id"]]} for one in super().get_reauthentication_methods(user)
        ]

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Return whether she signed in too long ago to change how she signs in."""
        del app, more
        request = context.request
        records = get_authentication_records(request, request.user)
        return not any(time.time() - record["at"] < FRESH for record in records)


class FactorAdapter(DefaultMFAAdapter):
    """allauth's second factors, in this house."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code does not fit. Each one works once and for half a minute."),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret for rest."""
        return sealing.seal(text, sealing.FACTOR)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret."""
        return sealing.unseal(encrypted_text, sealing.FACTOR)

    def _get_site_name(self) -> str:
        return "Groundswell"

    def build_totp_svg(self, url: str) -> str:
        """Draw nothing: our page draws the code itself."""
        del url
        return ""

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:  # noqa: A002 - allauth's name
        """Return what a passkey is called unless she says otherwise: the device it is made on."""
        del user, type
        return in_words(device_of(context.request.META.get("HTTP_USER_AGENT", "")))[:60]

    def get_totp_issuer(self) -> str:
        """Return what an authenticator app shows beside the codes."""
        return f"Groundswell {settings.PUBLIC_URL.partition('://')[2].rstrip('/')}"


def _network(request: HttpRequest) -> str:
    """Return the network a request comes from; 'unknown' where nothing says it.

    Whoever connects from this machine is the web server in front: of it counts what it put last into
    `X-Forwarded-For`. What anybody else writes there counts nothing (decision 0810).
    """
    address = _address(request.META.get("REMOTE_ADDR", ""))
    if address is not None and address.is_loopback:
        address = _address(request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2]) or address
    if address is None:
        return "unknown"
    return str(ipaddress.ip_network((address.packed, _PREFIXES[address.version]), strict=False))


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    # A server that listens to both kinds gives the old ones in the new form, all of one network.
    return getattr(address, "ipv4_mapped", None) or address
