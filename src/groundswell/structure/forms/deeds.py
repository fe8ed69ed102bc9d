"""What somebody fills in to change the structure: one form for each deed."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.access.actor import Actor
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.structure import choosing, lands, pages, queries, rules
from groundswell.structure.actions import Deed
from groundswell.structure.models import Kind, Unit
from groundswell.structure.queries import language_name, localized
from groundswell.web import fields
from groundswell.web.forms import HouseForm, Seen

_MOST_LANGUAGES: Final = 8


class DeedForm(HouseForm):
    """A deed upon a unit: from which day on, and what each deed asks besides.

    `refused` puts the sentence of a refusal beside the field it belongs to.
    """

    what = ""
    # Where a refusal speaks of a field by another name than this form's.
    called: Mapping[str, str] = {
        "founded_on": "day",
        "parent": "other",
        "into": "other",
        "longitude": "latitude",
    }

    day = fields.Day(
        label=gettext_lazy("From which day on"),
        help_text=gettext_lazy("A day to come prepares it: it is done on that day, and can be called off."),
    )

    def __init__(self, *args: Any, unit: Unit, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.unit, self.actor = unit, actor
        self.fields["day"].initial = clock.today_in(unit.time_zone)
        self.prepare()
        self.order_fields([name for name in self.fields if name != "day"] + ["day"])
        for field in self.fields.values():
            field.template_name = "web/field.html"  # type: ignore[attr-defined]  # missing in the stubs

    def prepare(self) -> None:
        """Add what this deed asks besides the day."""

    def arguments(self) -> dict[str, Any]:
        """Return what the deed needs besides its unit and day, as plain data."""
        return {}

    def deed(self) -> Deed:
        """Return the deed that was asked for."""
        return Deed(self.what, self.unit, self.cleaned_data["day"], self.arguments())

    def refused(self, refusal: Refusal) -> None:
        """Show why the deed is refused, beside its field where there is one."""
        field = self.called.get(refusal.field or "", refusal.field)
        if field == "name":
            field = next((name for name in self.fields if name.startswith("name_")), None)
        self.add_error(field if field in self.fields else None, refusal.sentence)

    def add_names(self, names: Mapping[str, str]) -> None:
        """Ask for a name in each language of the unit."""
        known = [*names, *self.unit.languages, *(code for code, _name in settings.LANGUAGES)]
        for code in list(dict.fromkeys(one.split("-")[0] for one in known))[:_MOST_LANGUAGES]:
            self.fields[f"name_{code}"] = fields.Text(
                label=_("Name (%(language)s)") % {"language": language_name(code)},
                max_length=rules.LONGEST_NAME,
                required=False,
                initial=names.get(code, ""),
            )

    def names(self) -> dict[str, str]:
        """Return the names by language, those left empty left out."""
        given = {
            name.removeprefix("name_"): text
            for name, text in self.cleaned_data.items()
            if name.startswith("name_")
        }
        return {language: text for language, text in given.items() if text}


class Rename(Seen, DeedForm):
    """Other names."""

    what = "renamed"

    def prepare(self) -> None:
        """Ask for the names, those of today filled in."""
        self.add_names(choosing.names_today(self.unit))
        self.sees(*(name for name in self.fields if name.startswith("name_")))

    def deed(self) -> Deed:
        """Return the deed, with the names that were seen."""
        seen = {name.removeprefix("name_"): text or "" for name, text in self.before().items()}
        return replace(super().deed(), before=seen)

    def arguments(self) -> dict[str, Any]:
        """Return the names."""
        return {"names": self.names()}


class FoundAnew(Rename):
    """Other names, as a founding."""

    what = "founded-anew"


class _NewUnit(DeedForm):
    seldom: tuple[str, ...] = ("code", "town", "latitude", "longitude")

    def prepare(self) -> None:
        """Ask for names, code and seat."""
        self.add_names({})
        self.fields["code"] = fields.Text(
            label=_("Code"),
            max_length=40,
            initial=choosing.free_code(self.unit),
            help_text=_("Short, for addresses and commands: capital letters, digits and hyphens."),
        )
        self.fields["town"] = fields.Text(label=_("Town"), max_length=rules.LONGEST_TOWN, required=False)
        self.fields["latitude"] = fields.Degrees(label=_("Latitude"), required=False)
        self.fields["longitude"] = fields.Degrees(label=_("Longitude"), required=False)

    def refused(self, refusal: Refusal) -> None:
        """Show why it is refused; beside a code that is taken, one that is free."""
        super().refused(refusal)
        if refusal.code == "code-taken":
            free = _("The code %(code)s is free.") % {"code": choosing.free_code(self.unit)}
            self.add_error("code", free)

    def arguments(self) -> dict[str, Any]:
        """Return what is said of the new unit."""
        said = {name: self.cleaned_data[name] for name in ("town", "latitude", "longitude")}
        return {"names": self.names(), "code": self.cleaned_data["code"].upper(), **said}


class Found(_NewUnit):
    """A unit within this one."""

    what = "founded"

    def prepare(self) -> None:
        """Ask for the kind, and whether it is protected."""
        super().prepare()
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind"), choices=_kinds(choosing.kinds_within(self.unit))
        )
        self.fields["country"] = forms.ChoiceField(
            label=_("Country"),
            choices=[("", _("in no one country")), *lands.countries(pages.language())],
            required=False,
            initial=self.unit.country,
        )
        # In a section its branches lie in its country; above the sections each has its own.
        if self.unit.section_id is not None:
            self.seldom = (*self.seldom, "country")
        self.order_fields([*(name for name in self.fields if name.startswith("name_")), "kind", "country"])
        if not queries.is_protected(self.unit):
            self.fields["protected"] = forms.BooleanField(
                label=_("Protected: call names only, no public page, no point on a map, no export"),
                required=False,
            )

    def arguments(self) -> dict[str, Any]:
        """Return what is said of the new unit."""
        said = {name: self.cleaned_data[name] for name in ("kind", "country")}
        return super().arguments() | said | {"protected": self.cleaned_data.get("protected", True)}


class Split(_NewUnit):
    """A unit beside this one, and who goes over to it."""

    what = "split"

    def prepare(self) -> None:
        """Ask who goes."""
        super().prepare()
        self.members = choosing.members_of(self.actor, self.unit)
        if self.members:
            self.fields["members"] = forms.MultipleChoiceField(
                label=_("Who goes over to the new unit"),
                choices=[(str(key), name) for key, name in self.members],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )

    def arguments(self) -> dict[str, Any]:
        """Return the new unit and the keys of those who go."""
        return super().arguments() | {"members": [int(key) for key in self.cleaned_data.get("members", [])]}


class _Other(DeedForm):
    asks: Any = ""
    but_parent = False

    def prepare(self) -> None:
        """Ask for the other unit, with those that come into question at hand."""
        self.candidates = choosing.others(self.actor, self.unit, but_parent=self.but_parent)
        self.fields["other"] = fields.Text(
            label=self.asks,
            help_text=_("Type its code or name."),
            widget=forms.TextInput(attrs={"list": "candidates", "autocomplete": "off"}),
        )

    def clean_other(self) -> int:
        """Return the key of the unit that was typed."""
        typed = self.cleaned_data["other"]
        found = choosing.chosen(self.candidates, typed)
        if found is None:
            raise forms.ValidationError(self._why_none(typed))
        return found

    def _why_none(self, typed: str) -> str:
        if self.but_parent and choosing.is_parent(self.unit, typed):
            return _("It lies there already; choose another unit.")
        if choosing.is_within(self.unit, typed):
            return _("A unit cannot go into itself or into one that lies in it; choose another one.")
        none = _("There is no such unit here that this one could go to.")
        return choosing.which(choosing.close_to(self.candidates, typed), none=none)

    def arguments(self) -> dict[str, Any]:
        """Return the other unit's key."""
        return {"other": self.cleaned_data["other"]}


class Move(_Other):
    """Another parent."""

    what = "moved"
    but_parent = True
    asks = gettext_lazy("Where it shall lie")


class Merge(_Other):
    """Into another unit."""

    what = "merged"
    asks = gettext_lazy("Into which unit")


class Dissolve(DeedForm):
    """The end."""

    what = "dissolved"


class Promote(DeedForm):
    """Another kind."""

    what = "promoted"

    def prepare(self) -> None:
        """Ask for the kind."""
        kinds = [kind for kind in choosing.kinds_beside(self.unit) if kind.pk != self.unit.kind_id]
        self.fields["kind"] = forms.ChoiceField(
            label=_("Which kind it becomes"),
            choices=_kinds(kinds),
            initial=choosing.likely_kind(self.unit, kinds),
        )

    def arguments(self) -> dict[str, Any]:
        """Return the kind."""
        return {"kind": self.cleaned_data["kind"]}


FORMS: Final[Mapping[str, type[DeedForm]]] = {
    form.what: form for form in (Found, Rename, Move, Split, Merge, Dissolve, Promote, FoundAnew)
}


def _kinds(kinds: Iterable[Kind]) -> list[tuple[str, str]]:
    return [(kind.code, localized(kind.names)) for kind in kinds]
