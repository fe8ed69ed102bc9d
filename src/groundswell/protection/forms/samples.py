"""What is filled in to draw a sample."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from groundswell.protection.rules import MOST_DRAWN, USUAL_SAMPLE
from groundswell.web import fields
from groundswell.web.forms import HouseForm


class SampleForm(HouseForm):
    """Of which unit, as of which day, how many."""

    unit = forms.ChoiceField(label=gettext_lazy("Of which unit, with all below it"))
    as_of = fields.Day(label=gettext_lazy("Members on the day"))
    size = fields.Whole(
        label=gettext_lazy("How many records"),
        widget=forms.NumberInput(attrs={"min": "1", "max": str(MOST_DRAWN), "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], today: dt.date, **options: Any) -> None:
        super().__init__(*args, initial={"as_of": today, "size": USUAL_SAMPLE}, **options)
        self.fields["unit"].choices = choices  # type: ignore[attr-defined]  # it is a choice field
