"""In which form a list goes out, and what for."""

from django import forms
from django.utils.translation import gettext_lazy

from groundswell.web import fields
from groundswell.web.forms import HouseForm


class TakeOut(HouseForm):
    """The form of the list and its purpose."""

    form = forms.ChoiceField(
        label=gettext_lazy("In which form?"),
        widget=forms.RadioSelect,
        choices=(
            ("mail", gettext_lazy("write to them from my mail program, unseen by each other")),
            ("phones", gettext_lazy("call them")),
            ("sheet", gettext_lazy("a sheet to print")),
            ("xlsx", gettext_lazy("a spreadsheet (XLSX)")),
            ("csv", gettext_lazy("a table as text (CSV)")),
            ("vcf", gettext_lazy("contacts for an address book (vCard)")),
        ),
    )
    purpose = fields.Text(
        label=gettext_lazy("What do you need it for?"),
        max_length=200,
        help_text=gettext_lazy("It stands in the trail, and everybody in the list can read it."),
    )
