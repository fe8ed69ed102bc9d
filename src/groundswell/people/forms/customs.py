"""The fields that units added: saying what is asked, and writing what it is of a person."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.people import custom
from groundswell.people.models import CHOOSING, CustomField
from groundswell.web import fields
from groundswell.web.forms import HouseForm, Seen


class FieldForm(Seen, HouseForm):
    """What is asked, and what may be answered."""

    label = fields.Text(label=gettext_lazy("What is asked"), max_length=custom.LONGEST_LABEL)
    kind = forms.ChoiceField(label=gettext_lazy("What is written into it"))
    options = fields.Text(
        label=gettext_lazy("What may be chosen"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One choice a line; only for “one of several” and “any of several”."),
    )

    def __init__(self, *args: Any, changed: CustomField | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = custom.type_names()  # type: ignore[attr-defined]  # missing in the stubs
        if changed is None:
            return
        del self.fields["kind"]
        self.fields["label"].initial = changed.label
        self.fields["options"].initial = "\n".join(changed.options)
        if changed.type not in CHOOSING:
            del self.fields["options"]
        self.sees(*(name for name in ("label", "options") if name in self.fields))

    def chosen(self) -> list[str]:
        """Return the choices."""
        return _lines_of(self.cleaned_data.get("options", ""))

    def before(self) -> dict[str, Any]:
        """Return what stood there when the form was opened."""
        stood = super().before()
        return stood | {"options": _lines_of(stood.get("options") or "")}


def _lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class ValuesForm(Seen, HouseForm):
    """What is kept of a person in the fields of her units; only what was changed is written."""

    def __init__(
        self, *args: Any, asked: Sequence[CustomField], kept: dict[int, Any], **options: Any
    ) -> None:
        self.asked = {f"field_{one.pk}": one for one in asked}
        super().__init__(*args, **options)
        for name, one in self.asked.items():
            made = _field(one)
            made.initial = kept.get(one.pk)
            self.add(name, made)
        self.sees(*self.asked)

    def changes(self) -> dict[CustomField, Any]:
        """Return what was changed, by field."""
        return {self.asked[name]: self.cleaned_data[name] for name in self.changed_data}

    def stood(self) -> dict[CustomField, Any]:
        """Return what stood there when the form was opened."""
        return {self.asked[name]: value for name, value in self.before().items()}


def _field(one: CustomField) -> forms.Field:
    common: dict[str, Any] = {"label": one.label, "required": False}
    choices = [(option, option) for option in one.options]
    if one.type == "number":
        return forms.DecimalField(max_digits=20, decimal_places=6, localize=False, **common)
    if one.type == "day":
        return fields.Day(**common)
    if one.type == "choice":
        return forms.ChoiceField(choices=[("", "–"), *choices], **common)
    if one.type == "choices":
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
    if one.type == "yesno":
        return forms.TypedChoiceField(
            choices=[("", "–"), ("True", _("yes")), ("False", _("no"))],
            coerce=lambda text: text == "True",
            empty_value=None,
            **common,
        )
    return fields.Text(max_length=custom.LONGEST_TEXT, **common)
