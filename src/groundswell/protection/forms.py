"""What is filled in about somebody's data."""

from django import forms
from django.utils.translation import gettext_lazy as _

from groundswell.protection.models import KINDS
from groundswell.protection.rules import LONGEST_WORDS
from groundswell.web import fields
from groundswell.web.forms import HouseForm


class AskForm(HouseForm):
    """What a person asks of her own data."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in (*KINDS, "leave")])
    words = fields.Text(label=_("In your words"), required=False, max_length=LONGEST_WORDS)


class AnswerForm(HouseForm):
    """What an officer answers."""

    answer = forms.ChoiceField(choices=[("grant", "grant"), ("refuse", "refuse")])
    reason = fields.Text(label=_("Why it is refused; she reads it"), required=False, max_length=200)
