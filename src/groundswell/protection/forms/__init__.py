"""What is filled in about somebody's data."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from groundswell.protection import rules, words
from groundswell.protection.models import HOWS, KINDS, ConsentText, MinimumAge
from groundswell.protection.rules import LONGEST_LABEL, LONGEST_REASON, LONGEST_TEXT, LONGEST_WORDS
from groundswell.web import fields
from groundswell.web.forms import HouseForm, Seen


class AskForm(HouseForm):
    """What a person asks of her own data."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in (*KINDS, "leave")])
    words = fields.Text(label=gettext_lazy("In your words"), required=False, max_length=LONGEST_WORDS)


class AskedForm(HouseForm):
    """What a person asked by letter, by phone or at a meeting, written down by somebody else."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What she asks for"),
        choices=[
            ("copy", gettext_lazy("a copy of all that is held of her")),
            ("correct", gettext_lazy("a correction")),
            ("erase", gettext_lazy("to be erased")),
        ],
        widget=forms.RadioSelect,
    )
    words = fields.Text(
        label=gettext_lazy("How she asked, in her words"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AnswerForm(HouseForm):
    """What an officer answers."""

    answer = forms.ChoiceField(choices=[("grant", "grant"), ("refuse", "refuse")])
    reason = fields.Text(
        label=gettext_lazy("Why it is refused; she reads it"), required=False, max_length=200
    )


class ConsentForm(HouseForm):
    """Somebody agrees in one of the ways, or withdraws."""

    answer = forms.ChoiceField(choices=[(how, how) for how in (*HOWS, "withdraw")])
    old_enough = forms.BooleanField(required=False)


class PurposeForm(HouseForm):
    """Something more for which consent is asked."""

    label = fields.Text(
        label=gettext_lazy("For what consent is asked"),
        max_length=LONGEST_LABEL,
        help_text=gettext_lazy("In two or three words, as “Festival photographs”."),
    )


class TextForm(Seen, HouseForm):
    """The words of a purpose, in a language; which version stood when the page was opened goes along."""

    stamps = ("newest",)
    newest = fields.Whole(required=False, widget=forms.HiddenInput)
    language = fields.Text(
        label=gettext_lazy("Language"),
        max_length=20,
        help_text=gettext_lazy("Its code, as en or de."),
    )
    version = forms.ChoiceField(label=gettext_lazy("Which version"))
    words = fields.Text(
        label=gettext_lazy("The words"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, newest: ConsentText | None, suggested: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["language"].initial = (get_language() or "en").split("-")[0]
        self.fields["words"].initial = newest.words if newest else suggested
        self.fields["newest"].initial = newest.number if newest else 0
        choices = [("new", _("a new version"))]
        if newest is not None:
            same = _("version %(number)d in another language") % {"number": newest.number}
            choices.append(("translation", same))
        self.fields["version"].choices = choices  # type: ignore[attr-defined]  # missing in the stubs


class AgeForm(Seen, HouseForm):
    """An age a section goes by; which of its own it has gone by when the page was opened goes along."""

    stamps = ("own",)
    own = fields.Text(required=False, max_length=LONGEST_TEXT, widget=forms.HiddenInput)
    purpose = forms.ChoiceField(label=gettext_lazy("What for"))
    country = fields.Text(
        label=gettext_lazy("Country"), max_length=2, help_text=gettext_lazy("Its code, as AT or FR.")
    )
    years = fields.Whole(label=gettext_lazy("Years"))
    source = fields.Text(label=gettext_lazy("Where it comes from"), required=False, max_length=LONGEST_REASON)

    def __init__(self, *args: Any, country: str, own: Sequence[MinimumAge], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["country"].initial = country
        self.fields["own"].initial = " ".join(f"{one.purpose}:{one.country}:{one.years}" for one in own)
        choices = [(purpose, words.ages()[purpose]) for purpose in rules.AGES]
        self.fields["purpose"].choices = choices  # type: ignore[attr-defined]  # missing in the stubs

    def clean_country(self) -> str:
        """Return the code in capitals."""
        code = str(self.cleaned_data["country"])
        return code.upper() if code.isascii() else code

    def said(self) -> dict[str, Any]:
        """Return the age that is set, and the section's own that was seen in its place."""
        said = {name: self.cleaned_data[name] for name in ("purpose", "country", "years", "source")}
        place = f"{said['purpose']}:{said['country']}:"
        seen = [one.removeprefix(place) for one in self.cleaned_data["own"].split() if one.startswith(place)]
        years = int(seen[0]) if seen and seen[0].isdecimal() else None
        return {**said, "before": {"years": years}}


class HoldForm(HouseForm):
    """Why somebody is kept."""

    why = fields.Text(
        label=gettext_lazy("Why she is kept; she reads it"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("A dispute, a duty to keep: in a few words, without other names."),
    )
