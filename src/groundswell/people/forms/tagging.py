"""A tag for everybody of a list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from groundswell.people import rules
from groundswell.web import fields
from groundswell.web.forms import HouseForm


class Numbers(forms.Field):
    """The numbers of people, with blanks between them."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> list[int]:
        """Return each of them."""
        return [fields.checked_whole(one) for one in str(value or "").split()]


class TagAllForm(HouseForm):
    """The tag, and whether it is given or taken.

    `people` are those of the list as she saw it, `only` those of them for whom something is undone.
    """

    word = fields.Text(
        label=gettext_lazy("Tag"),
        max_length=rules.LONGEST_WORD,
        widget=forms.TextInput(attrs={"list": "in-use", "autocomplete": "off"}),
    )
    people = Numbers()
    only = Numbers(required=False)
    step = forms.ChoiceField(choices=[("give", "give"), ("take", "take")], widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.is_bound:  # there is nothing else to do; afterwards one reads first what was done
            self.fields["word"].widget.attrs["autofocus"] = True

    def said(self) -> dict[str, Any]:
        """Return what was said, as the action takes it."""
        said = self.cleaned_data
        return {
            "people": said["only"] or said["people"],
            "word": said["word"],
            "given": said["step"] == "give",
        }
