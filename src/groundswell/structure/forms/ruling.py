"""What somebody fills in about kinds, promotions, proposals and protection."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.kernel.errors import Refusal
from groundswell.structure import lands, pages, rules
from groundswell.structure.models import Kind, PromotionRule, Unit
from groundswell.structure.queries import language_name, localized
from groundswell.web import fields
from groundswell.web.forms import HouseForm, Seen


class RuleForm(HouseForm):
    """A form whose refusals stand beside the field they speak of.

    `called` says where a refusal speaks of a field by another name than this form's.
    """

    called: Mapping[str, str] = {}

    def refused(self, refusal: Refusal) -> None:
        """Show why it is refused."""
        field = self.called.get(refusal.field or "", refusal.field)
        if field == "name":
            field = next((name for name in self.fields if name.startswith("name_")), None)
        self.add_error(field if field in self.fields else None, refusal.sentence)


class KindForm(Seen, RuleForm):
    """A kind of unit; its code is asked once."""

    code = fields.Text(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy("Short, for files and commands: small letters, digits and hyphens."),
    )
    holds_names = forms.BooleanField(
        label=gettext_lazy("Offices of such a unit see the names of members below it"), required=False
    )
    meets = forms.BooleanField(label=gettext_lazy("Members meet in units of this kind"), required=False)

    def __init__(self, *args: Any, kind: Kind | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if kind is not None:
            del self.fields["code"]
            self.fields["holds_names"].initial, self.fields["meets"].initial = kind.holds_names, kind.meets
        names: Mapping[str, str] = kind.names if kind else {}
        for code in dict.fromkeys([*names, *(code for code, _name in settings.LANGUAGES)]):
            self.fields[f"name_{code}"] = fields.Text(
                label=_("Name (%(language)s)") % {"language": language_name(code)},
                max_length=rules.LONGEST_NAME,
                required=False,
                initial=names.get(code, ""),
            )
            self.fields[f"name_{code}"].template_name = "web/field.html"  # type: ignore[attr-defined]  # missing in the stubs
        self.order_fields([name for name in self.fields if name.startswith("name_")])
        if kind is not None:
            self.sees(*self.fields)

    def said(self) -> dict[str, Any]:
        """Return what the actions of kinds take."""
        return _kind_of(self.cleaned_data)

    def stood(self) -> dict[str, Any]:
        """Return what stood there when the form was opened, in the same shape."""
        return _kind_of(self.before())


def _kind_of(said: Mapping[str, Any]) -> dict[str, Any]:
    names = {
        name.removeprefix("name_"): text for name, text in said.items() if name.startswith("name_") and text
    }
    return {"names": names, "holds_names": said["holds_names"], "meets": said["meets"]}


class PromotionRuleForm(Seen, RuleForm):
    """What a unit of one kind needs before it becomes one of another."""

    to_kind = forms.ChoiceField(label=gettext_lazy("It may become one of the kind"))
    members = fields.Whole(
        label=gettext_lazy("Members at least"),
        required=False,
        help_text=gettext_lazy("Empty: not asked for."),
    )
    units = fields.Whole(
        label=gettext_lazy("Units below it at least"),
        required=False,
        help_text=gettext_lazy("Empty: not asked for."),
    )
    of_kind = forms.ChoiceField(label=gettext_lazy("counted of the kind"), required=False)
    elected_committee = forms.BooleanField(label=gettext_lazy("An elected committee"), required=False)

    def __init__(self, *args: Any, kind: Kind, **options: Any) -> None:
        super().__init__(*args, **options)
        rule = PromotionRule.objects.filter(from_kind=kind).order_by("id").first()
        kinds = [(one.code, localized(one.names)) for one in Kind.objects.all()]
        others = [one for one in kinds if one[0] != kind.code]
        for name, choices in (("to_kind", others), ("of_kind", kinds)):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # these two are choices
        self.fields["of_kind"].initial = kinds[-1][0]
        for name, field in self.fields.items():
            if rule is not None:
                value = getattr(rule, f"{name}_id") if name.endswith("_kind") else getattr(rule, name)
                field.initial = value or field.initial
        self.sees(*self.fields)


class ProposalRuleForm(Seen, RuleForm):
    """From which number on each thing is proposed for a unit and all below it."""

    split = fields.Whole(
        label=gettext_lazy("Propose to split above so many members"),
        required=False,
        help_text=gettext_lazy("Empty: never proposed."),
    )
    treasurer = fields.Whole(
        label=gettext_lazy("Propose to find a treasurer after so many days without one"),
        required=False,
        help_text=gettext_lazy("Empty: never proposed."),
    )
    meeting = fields.Whole(
        label=gettext_lazy("Propose to meet after so many days without a meeting"),
        required=False,
        help_text=gettext_lazy("Empty: never proposed."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sees(*self.fields)


class SeatForm(Seen, RuleForm):
    """Where a unit sits. Its country and time zone are asked of whoever may change its place."""

    called: Mapping[str, str] = {"language": "languages", "longitude": "latitude"}

    town = fields.Text(label=gettext_lazy("Town"), max_length=rules.LONGEST_TOWN, required=False)
    latitude = fields.Degrees(label=gettext_lazy("Latitude"), required=False)
    longitude = fields.Degrees(label=gettext_lazy("Longitude"), required=False)
    languages = fields.Languages(
        label=gettext_lazy("Languages"),
        required=False,
        help_text=gettext_lazy("The chief one first, with commas between them; by name or by code."),
    )
    currency = fields.Text(
        label=gettext_lazy("Currency"), max_length=3, help_text=gettext_lazy("Three letters, as EUR.")
    )
    time_zone = fields.Text(
        label=gettext_lazy("Time zone"), max_length=60, help_text=gettext_lazy("As Europe/Vienna.")
    )

    def __init__(self, *args: Any, unit: Unit, may_place: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if may_place:
            countries = [("", _("in no one country")), *lands.countries(pages.language())]
            self.add("country", forms.ChoiceField(label=_("Country"), choices=countries, required=False))
            self.order_fields(["country"])
        elif unit.path.count("/") > rules.TOP_SLASHES:
            del self.fields["time_zone"]
        for name, field in self.fields.items():
            field.initial = getattr(unit, name)
        self.sees(*self.fields)

    def clean_currency(self) -> str:
        """Return the currency's code written large."""
        return str(self.cleaned_data["currency"]).upper()


class ProtectForm(Seen, RuleForm):
    """Whether a unit is protected."""

    protected = forms.BooleanField(
        label=gettext_lazy("Protected: call names only, no public page, no point on a map, no export"),
        required=False,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sees("protected")
