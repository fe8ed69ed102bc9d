"""What is filled in about a breach."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from groundswell.kernel import clock
from groundswell.protection import rules
from groundswell.protection.actions import Told
from groundswell.protection.rules import LONGEST_TEXT
from groundswell.structure import queries as structure
from groundswell.web import fields
from groundswell.web.forms import HouseForm, Seen

# More units than any organisation has.
_MOST_UNITS: Final = 20_000


def _words(label: Any, help_text: Any, *, required: bool = False, rows: int = 3) -> fields.Text:
    return fields.Text(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class BreachForm(Seen, HouseForm):
    """What is known of a breach; it may be told more exactly until it is closed. Moments are the unit's."""

    what = _words(
        gettext_lazy("What happened"),
        gettext_lazy("In a few sentences, without names of persons."),
        required=True,
    )
    found_at = fields.Moment(label=gettext_lazy("When it was found out"))
    readable_from = fields.Moment(label=gettext_lazy("From when data could be read"))
    readable_until = fields.Moment(
        label=gettext_lazy("Until when"), required=False, help_text=gettext_lazy("Empty while it goes on.")
    )
    units = _words(
        gettext_lazy("Whose people it concerns"),
        gettext_lazy(
            "Names or codes of units, one a line; each with all below. Empty: those the accounts reached."
        ),
        rows=2,
    )
    accounts = _words(
        gettext_lazy("Through which accounts"),
        gettext_lazy("The e-mails they sign in with, one a line."),
        rows=2,
    )
    ways = _words(
        gettext_lazy("Through which sessions, devices or files"),
        gettext_lazy("A lost phone, a list sent to the wrong address."),
        rows=2,
    )
    consequences = _words(
        gettext_lazy("What may come of it for these persons"), gettext_lazy("For the notification."), rows=2
    )
    measures = _words(
        gettext_lazy("What was done and will be done"), gettext_lazy("For the notification."), rows=2
    )

    def __init__(self, *args: Any, zone: str, reach: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.reach = reach
        for name in ("found_at", "readable_from", "readable_until"):
            self.fields[name].set_zone(zone)  # type: ignore[attr-defined]  # a Moment
        if self.initial:
            self.sees(*self.fields)

    def told(self) -> Told:
        """Return what is known."""
        return Told(**_as_told(self.cleaned_data, self.reach))

    def stood(self) -> dict[str, Any]:
        """Return what stood there when the form was opened, by the names of `Told`."""
        return _as_told(self.before(), self.reach)


def _as_told(said: Mapping[str, Any], reach: Sequence[str]) -> dict[str, Any]:
    accounts = (said["accounts"] or "").replace(",", " ").split()
    return {**said, "units": _codes(said["units"] or "", reach), "accounts": accounts}


def _codes(text: str, reach: Sequence[str]) -> list[str]:
    """Return the codes of units written by code or by name; what means none, or several, stays as typed.

    A name is looked for below the paths of `reach` alone: elsewhere another unit may be called so.
    """
    lines = [line for part in re.split(r"[\n,;]", text) if (line := " ".join(part.split()))]
    units = structure.names_below(reach, clock.today(), most=_MOST_UNITS) if lines else []
    known, named = {unit.code for unit in units}, defaultdict[str, list[str]](list)
    for unit in units:
        named[unit.name.casefold()].append(unit.code)
    codes: list[str] = []
    for line in lines:
        words, meant = line.upper().split(), named[line.casefold()]
        if len(meant) == 1 and line.upper() not in known:
            codes += meant
        else:
            codes += words if len(words) == 1 or known.issuperset(words) else [line]
    return codes


class StepForm(HouseForm):
    """A step is done, or is not needed."""

    step = forms.ChoiceField(choices=[(step, step) for step in rules.STEPS])
    answer = forms.ChoiceField(choices=[("done", "done"), ("not-needed", "not-needed")])
    words = _words(gettext_lazy("In a few words"), gettext_lazy("What was done, or why it is not needed."))

    def needed(self) -> bool:
        """Return whether it was done, and not left out."""
        return bool(self.cleaned_data["answer"] == "done")


def step_forms(said: StepForm | None = None) -> dict[str, StepForm]:
    """Return a form for each step of one page; the one that was sent keeps what was typed."""
    sent = said.data.get("step") if said else None
    return {step: said if said and step == sent else StepForm(auto_id=f"{step}_%s") for step in rules.STEPS}
