"""What somebody fills in about a person: who she is, how she is reached, what happens to her membership."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.access.actor import Actor
from groundswell.access.rights import may
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people import choosing, rules, status, words
from groundswell.people.entering import Entry, minimum_age
from groundswell.people.models import VISIBILITIES, MembershipKind, Person
from groundswell.structure.choosing import which
from groundswell.structure.models import Unit
from groundswell.structure.queries import localized
from groundswell.web import fields
from groundswell.web.forms import HouseForm, Seen


def kinds() -> list[tuple[str, str]]:
    """Return the kinds of membership to choose from, those that count first."""
    return [(kind.code, localized(kind.names)) for kind in MembershipKind.objects.order_by("-counts", "code")]


def under_18() -> forms.TypedChoiceField:
    """Return the question whether she is under 18, with why it is asked; unanswered she is not."""
    return forms.TypedChoiceField(
        label=gettext_lazy("Is she under 18?"),
        help_text=words.WHY_AGE,
        choices=[("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
        coerce=lambda said: said == "yes",
        initial="no",
        required=False,
        widget=forms.RadioSelect,
    )


class DetailsForm(Seen, HouseForm):
    """Who she is."""

    name = fields.Text(label=words.DETAILS["name"], max_length=rules.LONGEST_NAME)
    call_name = fields.Text(label=words.DETAILS["call_name"], max_length=120, required=False)
    pronoun = fields.Text(label=words.DETAILS["pronoun"], max_length=60, required=False)
    town = fields.Text(label=words.DETAILS["town"], max_length=120, required=False)
    postcode = fields.Text(label=words.DETAILS["postcode"], max_length=20, required=False)
    languages = fields.Languages(
        label=words.DETAILS["languages"],
        required=False,
        help_text=gettext_lazy("With a comma between them, by name or by code."),
    )

    def __init__(self, *args: Any, person: Person | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if person is None:
            return
        for detail in words.DETAILS:
            self.fields[detail].initial = getattr(person, detail)
        self.sees(*words.DETAILS)

    def changes(self) -> dict[str, Any]:
        """Return the details that differ from what stood there."""
        changed = [detail for detail in words.DETAILS if detail in self.changed_data]
        return {detail: self.cleaned_data[detail] for detail in changed}

    def before(self) -> dict[str, Any]:
        """Return what stood there when the form was opened."""
        nothing: dict[str, Any] = {"languages": []}
        return {
            detail: nothing.get(detail, "") if stood is None else stood
            for detail, stood in super().before().items()
        }


class Reached(fields.Email):
    """An e-mail by which somebody is reached; whether it is one `people.folding` says, as of every list."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators = []


class NewPersonForm(DetailsForm):
    """Somebody new: one name is enough."""

    seldom = ("call_name", "pronoun", "town", "postcode", "languages")
    email = Reached(label=gettext_lazy("E-mail"), required=False)
    phone = fields.Text(label=gettext_lazy("Phone"), max_length=40, required=False)
    minor = under_18()
    kind = forms.ChoiceField(label=gettext_lazy("She is"))
    day = fields.Day(label=gettext_lazy("Since"), required=False)
    old_enough = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Say whether she is old enough; her birth date is not asked.")
        },
    )
    sure = forms.BooleanField(
        label=gettext_lazy("It is somebody else: write her down"), required=False, widget=forms.HiddenInput
    )

    field_order = (
        "name",
        "old_enough",
        "minor",
        "email",
        "phone",
        "kind",
        "day",
        "call_name",
        "pronoun",
        "town",
        "postcode",
        "languages",
    )

    def __init__(self, *args: Any, unit: Unit, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(status.CONTACT, _("a contact"))]
        if may(actor, "people.decide", unit):
            choices += kinds()
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]  # missing in the stubs
        self.fields["day"].initial = clock.today_in(unit.time_zone)
        self._ask_age(unit)
        self.fields["email"].widget.attrs |= {"autocomplete": "off", "inputmode": "email"}
        self.fields["phone"].widget.attrs |= {"autocomplete": "off", "inputmode": "tel"}

    def clean_old_enough(self) -> str:
        """Refuse who is too young before anything else is done with what was written."""
        answer = str(self.cleaned_data["old_enough"])
        try:
            rules.check_old_enough(said=answer == "yes", years=self.years)
        except Refusal as refusal:
            raise forms.ValidationError(refusal.sentence, code=refusal.code) from None
        return answer

    def _ask_age(self, unit: Unit) -> None:
        self.years = years = minimum_age(unit)
        if years is None:
            del self.fields["old_enough"]
            return
        asked = self.fields["old_enough"]
        asked.label = _("Is she at least %(years)d?") % {"years": years}
        answers = [("yes", _("yes")), ("no", _("no"))]
        asked.choices = answers  # type: ignore[attr-defined]  # missing in the stubs

    def entry(self) -> Entry:
        """Return what is known of her."""
        said = self.cleaned_data
        details = {detail: said[detail] for detail in words.DETAILS if detail != "name"}
        ways = {kind: said[kind] for kind in ("email", "phone") if said[kind]}
        old_enough = said.get("old_enough") == "yes"
        return Entry(
            said["name"], details, ways, said["kind"], said["day"], old_enough, minor=bool(said["minor"])
        )


class ContactForm(HouseForm):
    """An e-mail or a phone number; which of them shows by the @."""

    text = fields.Text(label=gettext_lazy("E-mail or phone"), max_length=fields.LONGEST_EMAIL)
    label = fields.Text(label=gettext_lazy("What it is to her"), max_length=40, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        # Beside a form that has a text as well: a label leads to the first element of its id.
        super().__init__(*args, auto_id="contact_%s", **options)

    def kind(self) -> str:
        """Return what was written."""
        return "email" if "@" in self.cleaned_data["text"] else "phone"


class NoteForm(HouseForm):
    """A note for a circle of readers."""

    text = fields.Text(
        label=gettext_lazy("Note"), max_length=rules.LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3})
    )
    # No list to open: on a phone it would cut the circles off.
    visibility = forms.ChoiceField(label=gettext_lazy("Who may read it"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, actor: Actor, person: Person, **options: Any) -> None:
        super().__init__(*args, auto_id="note_%s", **options)
        circles = [one for one in VISIBILITIES if one in _circles_of(actor, person)]
        asked = self.fields["visibility"]
        asked.choices = [(one, words.circles()[one]) for one in circles]  # type: ignore[attr-defined]  # missing in the stubs
        asked.initial = circles[0]


def _circles_of(actor: Actor, person: Person) -> set[str]:
    offices = {one.office for one in actor.mandates if one.covers(person.unit.path)}
    if actor.operator or "dpo" in offices:
        return set(VISIBILITIES)
    return {"organisers", "secretaries"} if "secretary" in offices else {"organisers"}


class TagsForm(Seen, HouseForm):
    """Her tags."""

    tags = fields.Text(
        label=gettext_lazy("Tags"),
        max_length=2_500,
        required=False,
        help_text=gettext_lazy("Words with a comma between."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sees("tags")

    def chosen(self) -> list[str]:
        """Return the words."""
        return _words_of(self.cleaned_data["tags"])

    def stood(self) -> list[str]:
        """Return the words that stood there when the form was opened."""
        return _words_of(self.before()["tags"] or "")


def _words_of(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


class DeedForm(HouseForm):
    """What a deed asks that is done to somebody."""

    def __init__(self, *args: Any, person: Person, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person


class DayForm(DeedForm):
    """A day on which something holds from, today where she is unless said otherwise."""

    day = fields.Day(label=gettext_lazy("On the day"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["day"].initial = clock.today_in(self.person.unit.time_zone)


class JoinForm(DayForm):
    """She joins, or is a guest."""

    kind = forms.ChoiceField(label=gettext_lazy("As"))
    field_order = ("kind", "day")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = kinds()  # type: ignore[attr-defined]  # missing in the stubs


class KindForm(JoinForm):
    """Her membership goes on as another kind."""


class LeaveForm(DayForm):
    """She leaves, and perhaps says why."""

    reason = fields.Text(label=gettext_lazy("Why, in her words"), required=False)


class WordsForm(DeedForm):
    """Something is asked for, with a word to those who decide."""

    words = fields.Text(label=gettext_lazy("A word to those who decide"), required=False)


class TransferForm(WordsForm):
    """She goes to another unit."""

    unit = fields.Text(
        label=gettext_lazy("To which unit"),
        max_length=200,
        help_text=gettext_lazy("Its name or code."),
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
    )
    field_order = ("unit", "words")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.candidates = choosing.meeting_units(clock.today())

    def clean_unit(self) -> Unit:
        """Return the unit of this name or code."""
        typed, today = self.cleaned_data["unit"], clock.today()
        unit = choosing.chosen(typed, today)
        if unit is None:
            none = _("There is no unit of this name or code in which members meet.")
            sentence = which(choosing.close_to(typed, today), none=none)
            raise forms.ValidationError(sentence, code="no-unit")
        return unit


class GuestForm(TransferForm):
    """She is a guest of another unit."""

    day = fields.Day(label=gettext_lazy("From the day"))
    field_order = ("unit", "day")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["words"]
        self.fields["day"].initial = clock.today_in(self.person.unit.time_zone)


class JoinElsewhereForm(GuestForm):
    """She joins another unit, because her own has ended: `into` is the one into which it was merged."""

    kind = forms.ChoiceField(label=gettext_lazy("As"))

    def __init__(self, *args: Any, into: Unit, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = kinds()  # type: ignore[attr-defined]  # missing in the stubs
        self.order_fields(["unit", "kind", "day"])
        if into.dissolved_on is None:
            self.fields["unit"].initial = into.code


class PaidForm(DeedForm):
    """Until when she has paid."""

    day = fields.Day(label=gettext_lazy("Paid until"))


class ViewForm(HouseForm):
    """What a list of people that is kept is called."""

    name = fields.Text(label=gettext_lazy("Keep this list as"), max_length=60)
