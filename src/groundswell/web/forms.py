"""What every form of the house is made of."""

from typing import Any

from django import forms


class HouseForm(forms.Form):
    """A form in the house's look: fields beside their errors, no colon after a label."""

    required_css_class = "required"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        for field in self.fields.values():
            field.template_name = "web/field.html"  # type: ignore[attr-defined]  # missing in the stubs
