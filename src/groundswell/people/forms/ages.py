"""Whether somebody is under 18."""

from typing import Any

from django.utils.translation import gettext_lazy

from groundswell.people.forms import under_18
from groundswell.people.models import Person
from groundswell.web import fields
from groundswell.web.forms import HouseForm, Seen


class UnderAgeForm(Seen, HouseForm):
    """That she is under 18, and from when on she is not, where that is known."""

    minor = under_18()
    of_age_on = fields.Day(
        label=gettext_lazy("She turns 18 on"),
        required=False,
        help_text=gettext_lazy("If you know it, her record opens by itself then. Only the month is kept."),
    )

    def __init__(self, *args: Any, person: Person, **options: Any) -> None:
        super().__init__(*args, auto_id="age_%s", **options)
        self.fields["minor"].initial = "yes" if person.minor else "no"
        self.fields["of_age_on"].initial = person.of_age_on
        self.sees("minor", "of_age_on")
