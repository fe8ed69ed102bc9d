"""What every form of the house is made of."""

from typing import Any

from django import forms


class HouseForm(forms.Form):
    """A form in the house's look: fields beside their errors, no colon after a label."""

    required_css_class = "required"
    # What is seldom said: a page may fold these fields away.
    seldom: tuple[str, ...] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        for name, field in self.fields.items():
            self.add(name, field)

    def add(self, name: str, field: forms.Field) -> None:
        """Give the form a field that depends on what it is about, in the house's look."""
        field.template_name = "web/field.html"  # type: ignore[attr-defined]  # missing in the stubs
        self.fields[name] = field

    def often(self) -> list[forms.BoundField]:
        """Return the fields that stand open on the page."""
        return [field for field in self.visible_fields() if field.name not in self.seldom]

    def rarely(self) -> list[forms.BoundField]:
        """Return the fields that are folded away."""
        return [field for field in self.visible_fields() if field.name in self.seldom]

    def rarely_wrong(self) -> bool:
        """Return whether one of those is not right: then they stand open."""
        return any(field.errors for field in self.rarely())
