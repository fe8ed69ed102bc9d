"""What people type to sign in; allauth's forms in the house's look, and hardened."""

import datetime as dt
from typing import Any, Final

from allauth.account.forms import ConfirmLoginCodeForm, ReauthenticateForm, RequestLoginCodeForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as FactorReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.web import fields
from groundswell.web.forms import HouseForm, Seen

# A code of an authenticator app is taken for half a minute before and after its own.
CODE_LASTS: Final = 90
_NOT_A_PASSKEY: Final = gettext_lazy("This passkey was not recognised. Try again, or sign in another way.")


class SignInForm(HouseForm):
    """E-mail and password; the password is never written back into the page."""

    email = fields.Email(
        label=gettext_lazy("E-mail"),
        widget=forms.EmailInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = fields.Password(label=gettext_lazy("Password"))


class LinkForm(HouseForm):
    """The e-mail that a sign-in link is to be sent to."""

    email = fields.Email(
        label=gettext_lazy("E-mail"),
        widget=forms.EmailInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class PasswordForm(HouseForm):
    """A new password."""

    password = fields.Password(
        label=gettext_lazy("New password"),
        help_text=gettext_lazy(
            "At least ten characters; three or four words that do not belong together do well."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class NewEmailForm(HouseForm):
    """The e-mail to sign in with from now on."""

    email = fields.Email(
        label=gettext_lazy("The new e-mail"),
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class InviteForm(HouseForm):
    """The e-mail by which somebody invited is to sign in."""

    email = fields.Email(label=gettext_lazy("The e-mail she will sign in with"))


class FirstSecretaryForm(HouseForm):
    """Who becomes the first member of a unit, and its secretary."""

    name = fields.Text(
        label=gettext_lazy("Her name"),
        max_length=200,
        error_messages={"required": gettext_lazy("Write what she is called; one name is enough.")},
    )
    email = fields.Email(label=gettext_lazy("The e-mail she will sign in with"))


class GiveOfficeForm(HouseForm):
    """An office to give: which, from when, and whose, unless that is known already."""

    email = fields.Email(label=gettext_lazy("The e-mail she signs in with"))
    office = forms.ChoiceField(label=gettext_lazy("Office"))
    day = fields.Day(label=gettext_lazy("From"))
    until = fields.Day(
        label=gettext_lazy("Until"),
        required=False,
        help_text=gettext_lazy("The first day on which she holds it no more; empty if it has no end."),
    )

    def __init__(
        self, *args: Any, offices: list[tuple[str, str]], person: Any, today: dt.date, **options: Any
    ) -> None:
        super().__init__(*args, initial={"day": today}, **options)
        self.fields["office"].choices = offices  # type: ignore[attr-defined]  # it is a ChoiceField
        if person is not None:
            del self.fields["email"]

    def term(self) -> dict[str, Any]:
        """Return the office and its two days."""
        return {name: self.cleaned_data[name] for name in ("office", "day", "until")}


class EndOfficeForm(HouseForm):
    """The day on which an office ends."""

    day = fields.Day(label=gettext_lazy("The first day on which she holds it no more"))


class HandOverForm(HouseForm):
    """When an office goes over, and to whom, unless that is known already."""

    email = fields.Email(label=gettext_lazy("The e-mail her successor signs in with"))
    day = fields.Day(label=gettext_lazy("On"))

    def __init__(self, *args: Any, person: Any, today: dt.date, **options: Any) -> None:
        super().__init__(*args, initial={"day": today}, **options)
        if person is not None:
            del self.fields["email"]


class DemandForm(Seen, HouseForm):
    """Which offices demand a second factor, with what follows beside each."""

    offices = forms.MultipleChoiceField(
        label=gettext_lazy("These offices demand one"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "consequences"}),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["offices"].choices = choices  # type: ignore[attr-defined]  # it is a choice field
        self.sees("offices")


def _code(label: Any, **attributes: str) -> fields.Text:
    return fields.Text(
        label=label,
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "none",
                "spellcheck": "false",
                **attributes,
            }
        ),
        error_messages={"required": gettext_lazy("Write the code.")},
    )


class AskCodeForm(HouseForm, RequestLoginCodeForm):
    """The e-mail that a code is to be sent to."""

    email = LinkForm.base_fields["email"]


class MailCodeForm(HouseForm, ConfirmLoginCodeForm):
    """The code that came by e-mail."""

    code = _code(gettext_lazy("Code from the e-mail"))


class AgainForm(HouseForm, ReauthenticateForm):
    """The password once more, before something of signing in is changed."""

    password = fields.Password(label=gettext_lazy("Password"))


class _OnceOnly:
    """A code of an authenticator app is taken once, for as long as it would be taken at all."""

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]  # of the form it is mixed into
        authenticator: Authenticator = self.authenticator  # type: ignore[attr-defined]  # set just before
        if authenticator.type == Authenticator.Type.TOTP:
            used = f"used-code:{authenticator.user_id}:{''.join(filter(str.isdigit, code))}"
            if not cache.add(used, "used", CODE_LASTS):
                raise ValidationError(_("This code has been used already. Wait for the next one."))
        return code


class FactorForm(_OnceOnly, HouseForm, AuthenticateForm):
    """A code of the authenticator app, or one of the recovery codes."""

    code = _code(gettext_lazy("Code, or a recovery code"), inputmode="numeric")


class FactorAgainForm(_OnceOnly, HouseForm, FactorReauthenticateForm):
    """The same, before something of signing in is changed."""

    code = _code(gettext_lazy("Code, or a recovery code"), inputmode="numeric")


class AuthenticatorAppForm(HouseForm, ActivateTOTPForm):
    """The first code of an authenticator app shows that it has taken the secret."""

    code = _code(gettext_lazy("Code from the app"), inputmode="numeric")


class _Hardened:
    """What a browser says of a passkey may be any JSON: what is none is refused, whatever it breaks."""

    not_taken = _NOT_A_PASSKEY

    def full_clean(self) -> None:
        try:
            super().full_clean()  # type: ignore[misc]  # of the form it is mixed into
        except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError):
            self.cleaned_data: dict[str, Any] = {}
            self.add_error(None, self.not_taken)

    def add_error(self, field: str | None, error: Any) -> None:
        """Say one sentence of a passkey that is not taken, for the whole form: its own field is hidden."""
        if field in {None, "credential"}:
            counted = getattr(error, "code", "") == "too_many_login_attempts"
            field, error = None, error if counted else self.not_taken
        super().add_error(field, error)  # type: ignore[misc]  # of the form it is mixed into


def _passkey_name(*, required: bool) -> fields.Text:
    return fields.Text(
        label=gettext_lazy("What is it called?"),
        max_length=60,
        required=required,
        help_text=gettext_lazy("So that you know it again: phone, laptop, blue key."),
    )


class NewPasskeyForm(_Hardened, HouseForm, AddWebAuthnForm):
    """A passkey that was just made, and what it is to be called."""

    not_taken = gettext_lazy("No passkey was made. Try again, or use an authenticator app.")
    name = _passkey_name(required=False)
    passwordless = forms.BooleanField(required=False, widget=forms.HiddenInput)


class PasskeyNameForm(HouseForm, EditWebAuthnForm):
    """What a passkey is to be called from now on."""

    name = _passkey_name(required=True)


class PasskeyForm(_Hardened, LoginWebAuthnForm):
    """A passkey that signs in by itself."""


class PasskeyFactorForm(_Hardened, AuthenticateWebAuthnForm):
    """A passkey as second factor."""


class PasskeyAgainForm(_Hardened, ReauthenticateWebAuthnForm):
    """A passkey, before something of signing in is changed."""
