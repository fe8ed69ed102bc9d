"""What is filled in about a gathering."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from groundswell.kernel import clock
from groundswell.people import gatherpages
from groundswell.people.actions.gathering import LONGEST_TITLE
from groundswell.people.models import Gathering
from groundswell.structure.models import Unit
from groundswell.web import fields
from groundswell.web.forms import HouseForm, Seen


class GatheringForm(Seen, HouseForm):
    """What it is called, what it is, and when."""

    title = fields.Text(label=gettext_lazy("What is it called"), max_length=LONGEST_TITLE)
    kind = forms.ChoiceField(label=gettext_lazy("What is it"))
    day = fields.Day(label=gettext_lazy("On the day"))
    begins = forms.TimeField(
        label=gettext_lazy("It begins at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("By the clock of the place."),
    )

    def __init__(self, *args: Any, unit: Unit, gathering: Gathering | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = list(gatherpages.kind_names().items())  # type: ignore[attr-defined]  # missing in the stubs
        self.fields["day"].initial = clock.day_in(unit.time_zone, clock.now())
        if gathering is not None:
            for name in ("title", "kind", "day", "begins"):
                self.fields[name].initial = getattr(gathering, name)
            self.sees("title", "kind", "day", "begins")


class CameForm(HouseForm):
    """Who came, or did not, and what name was looked for when it was said."""

    person = fields.Whole()
    came = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    q = fields.Text(required=False)
