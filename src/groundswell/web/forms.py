"""What every form of the house is made of."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.safestring import SafeString

from groundswell.kernel.errors import Refusal
from groundswell.kernel.meanwhile import CHANGED


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

    def carried(self) -> list[SafeString]:
        """Return all fields hidden, for a page between asking and doing."""
        return [field.as_hidden() for field in self]

    def rarely_wrong(self) -> bool:
        """Return whether one of those is not right: then they stand open."""
        return any(field.errors for field in self.rarely())

    def refused(self, refusal: Refusal) -> None:
        """Show why what was filled in is refused, beside the field it speaks of where there is one."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.sentence)


# A mixin at run time; for the type checker it is what it is mixed into.
if TYPE_CHECKING:
    _Form = HouseForm
else:
    _Form = object


class Seen(_Form):
    """Mixed into a form over what stands already: what was seen when it was opened goes along, hidden.

    An action holds `before` against what stands by then (`kernel.meanwhile`), so that two who edit do not
    undo each other unseen. Where that is refused the form shows what others changed, keeps what she wrote,
    and takes the next saving as said with that in sight. `stamps` are hidden fields that say what was seen.
    """

    seen: tuple[str, ...] = ()
    stamps: tuple[str, ...] = ()

    def sees(self, *names: str) -> None:
        """Let these fields go along as they stood."""
        self.seen = names
        for name in names:
            self.fields[name].show_hidden_initial = True

    def before(self) -> dict[str, Any]:
        """Return what stood in the fields when the form was opened; None where the browser says nonsense."""
        return {name: self._stood(name) for name in self.seen}

    def refused(self, refusal: Refusal) -> None:
        """Show why it is refused; after somebody else's change, what stands now."""
        super().refused(refusal)
        if refusal.code == CHANGED:
            self._look_again()

    def carried(self) -> list[SafeString]:
        """Return all fields hidden, and what stood in them."""
        return [*super().carried(), *(self[name].as_hidden(only_initial=True) for name in self.seen)]

    def _stood(self, name: str) -> Any:
        field, bound = self.fields[name], self[name]
        said = field.hidden_widget().value_from_datadict(self.data, self.files, bound.html_initial_name)
        try:
            return field.clean(said)
        except forms.ValidationError:
            return None

    def _look_again(self) -> None:
        own, data = set(self.changed_data), QueryDict(mutable=True)
        data.update(self.data)
        for name in self.seen:
            bound = self[name]
            value = bound.field.prepare_value(bound.initial)
            _put(data, bound.html_initial_name, bound.field.hidden_widget(), value)
            if name not in own:
                _put(data, bound.html_name, bound.field.widget, value)
        for name in self.stamps:
            _put(data, self[name].html_name, self.fields[name].widget, self[name].initial)
        self.data = data


def _put(data: QueryDict, name: str, widget: forms.Widget, value: Any) -> None:
    """Write a value among what was sent, as the widget would send it."""
    data.pop(name, None)
    if isinstance(widget, forms.CheckboxInput):
        if value:
            data[name] = "on"
    elif isinstance(value, list | tuple):
        data.setlist(name, [str(one) for one in value])
    else:
        data[name] = widget.format_value(value) or ""
