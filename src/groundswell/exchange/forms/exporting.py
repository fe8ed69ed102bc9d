"""In which form a list goes out, and what for."""

from django import forms
from django.utils.translation import gettext_lazy

from groundswell.exchange import words
from groundswell.web import fields
from groundswell.web.forms import HouseForm


class TakeOut(HouseForm):
    """The form of the list and its purpose."""

    form = forms.ChoiceField(
        label=gettext_lazy("In which form?"),
        widget=forms.RadioSelect,
        choices=lambda: list(words.forms().items()),
    )
    purpose = fields.Text(
        label=gettext_lazy("What do you need it for?"),
        max_length=200,
        help_text=gettext_lazy("It stands in the trail, and everybody in the list can read it."),
    )
