"""What people type to sign in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from groundswell.web import fields
from groundswell.web.forms import HouseForm


class SignInForm(HouseForm):
    """E-mail and password; the password is never written back into the page."""

    email = fields.Email(
        label=_("E-mail"),
        widget=forms.EmailInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = fields.Password(label=_("Password"))


class LinkForm(HouseForm):
    """The e-mail that a sign-in link is to be sent to."""

    email = fields.Email(
        label=_("E-mail"),
        widget=forms.EmailInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
