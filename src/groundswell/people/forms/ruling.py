"""The rules by which a section goes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from groundswell.kernel.errors import Refusal
from groundswell.people import rules
from groundswell.people.models import SectionRule
from groundswell.web import fields
from groundswell.web.forms import HouseForm, Seen


class SectionRuleForm(Seen, HouseForm):
    """After how long a transfer is accepted, a membership lapses, and somebody is forgotten.

    `ending` is of how many memberships and records it was said that they would end; hidden.
    """

    transfer_days = fields.Whole(
        label=gettext_lazy("Days until a transfer is accepted by itself"),
        help_text=gettext_lazy("Counted from the day on which it was asked for."),
    )
    lapse_months = fields.Whole(
        label=gettext_lazy("Months until a membership lapses"),
        required=False,
        help_text=gettext_lazy(
            "Counted from the day until which she has paid, or from her joining if that was later. Empty:"
            " nobody lapses. Of whom nobody says until when she paid never does."
        ),
    )
    contact_months = fields.Whole(
        label=gettext_lazy("Months until a contact who does not answer is forgotten")
    )
    former_years = fields.Whole(label=gettext_lazy("Years for which all of a former member is kept"))
    ending = fields.Whole(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Let what lies beyond reason stand beside its field before anything is counted by it."""
        for name in self.seen:
            if name not in self.errors:
                self._check(name)
        return self.cleaned_data

    def _check(self, name: str) -> None:
        try:
            rules.check_ruled(name, self.cleaned_data[name])
        except Refusal as refusal:
            self.refused(refusal)

    def __init__(self, *args: Any, rule: SectionRule, **options: Any) -> None:
        super().__init__(*args, **options)
        names = ("transfer_days", "lapse_months", "contact_months", "former_years")
        for name in names:
            self.fields[name].initial = getattr(rule, name)
        self.sees(*names)

    def wanted(self) -> dict[str, int | None]:
        """Return the rules that are to hold."""
        return {name: self.cleaned_data[name] for name in self.seen}
