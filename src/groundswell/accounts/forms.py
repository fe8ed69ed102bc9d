"""What people type to sign in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundswell.web import fields


class HouseForm(forms.Form):
    """A form in the house's look: fields beside their errors, no colon after a label."""

    required_css_class = "required"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        for field in self.fields.values():
            field.template_name = "web/field.html"  # type: ignore[attr-defined]  # missing in the stubs


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
