"""What can happen to a membership: each deed with its words, its form and the action that does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.rights import may
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people import actions, personpage, queries, rulepages
from groundswell.people.entering import unit_name
from groundswell.people.forms import (
    DayForm,
    GuestForm,
    JoinElsewhereForm,
    JoinForm,
    KindForm,
    LeaveForm,
    PaidForm,
    TransferForm,
    WordsForm,
)
from groundswell.people.models import Membership, Person
from groundswell.structure import counting
from groundswell.structure import queries as structure
from groundswell.web import fields, figures
from groundswell.web.forms import HouseForm


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that happens: what the page and its button say, its form, and what does it.

    `do` returns the sentence that says that it is done. `asks` is what the button says to whoever does not
    decide it, and `decides` who does.
    """

    title: str | Promise
    button: str | Promise
    form: Callable[..., HouseForm]
    do: Callable[[Person, Any, Actor], str]
    asks: str | Promise = ""
    decides: str | Promise = ""


def _join(person: Person, form: JoinForm | JoinElsewhereForm, actor: Actor) -> str:
    said = form.cleaned_data
    term = {"unit": said.get("unit", person.unit), "kind": said["kind"], "day": said["day"]}
    actions.join(person, **term, actor=actor, at=clock.now())
    return _("Welcome: she belongs to it now.")


def _leave(person: Person, form: LeaveForm, actor: Actor) -> str:
    said = form.cleaned_data
    actions.leave(_held(person), day=said["day"], reason=said["reason"], actor=actor, at=clock.now())
    return _("Her membership has ended.")


def _kind(person: Person, form: KindForm, actor: Actor) -> str:
    said = form.cleaned_data
    actions.change_kind(_held(person), kind=said["kind"], day=said["day"], actor=actor, at=clock.now())
    return _("Her membership goes on as another kind.")


def _guest(person: Person, form: GuestForm, actor: Actor) -> str:
    said = form.cleaned_data
    actions.be_guest(person, unit=said["unit"], day=said["day"], actor=actor, at=clock.now())
    return _("She is a guest there now.")


def _paid(person: Person, form: PaidForm, actor: Actor) -> str:
    actions.put_paid_until(person, day=form.cleaned_data["day"], source="hand", actor=actor, at=clock.now())
    if rulepages.ends_tonight(person):
        return _("Noted. By the rules of her section her membership ends in the coming night.")
    return _("Noted.")


def _transfer(person: Person, form: TransferForm, actor: Actor) -> str:
    said = form.cleaned_data
    done = actions.ask_to_transfer(person, to=said["unit"], words=said["words"], actor=actor, at=clock.now())
    if isinstance(done, Membership):
        return _("She is transferred.")
    day = figures.day(done.due_on or clock.today(), get_language() or "en")
    return _("Asked for: the other unit decides, and after %(day)s it is accepted by itself.") % {"day": day}


def _apply(person: Person, form: WordsForm, actor: Actor) -> str:
    actions.ask_to_join(person, words=form.cleaned_data["words"], actor=actor, at=clock.now())
    return _("Asked for: the secretary decides.")


def _ask_to_leave(person: Person, form: WordsForm, actor: Actor) -> str:
    actions.ask_to_leave(person, words=form.cleaned_data["words"], actor=actor, at=clock.now())
    return _("Said: the secretary writes it down.")


def _held(person: Person) -> Membership:
    held = queries.home_of(person)
    if held is None:
        raise Refusal(_("She is a member nowhere."), code="no-member")
    return held


DEEDS: Final[Mapping[str, Deed]] = {
    "join": Deed(gettext_lazy("She joins"), gettext_lazy("Let her join"), JoinForm, _join),
    "leave": Deed(gettext_lazy("She leaves"), gettext_lazy("End the membership"), LeaveForm, _leave),
    "kind": Deed(
        gettext_lazy("Another kind of membership"), gettext_lazy("Change the kind"), KindForm, _kind
    ),
    "guest": Deed(
        gettext_lazy("A guest of another unit"), gettext_lazy("Let her be a guest"), GuestForm, _guest
    ),
    "paid": Deed(gettext_lazy("Paid until"), gettext_lazy("Note it"), PaidForm, _paid),
    "transfer": Deed(
        gettext_lazy("To another unit"),
        gettext_lazy("Transfer"),
        TransferForm,
        _transfer,
        asks=gettext_lazy("Ask for it"),
        decides=gettext_lazy("Both units are told, and the other one decides."),
    ),
    "apply": Deed(
        gettext_lazy("She applies"),
        gettext_lazy("Apply"),
        WordsForm,
        _apply,
        decides=gettext_lazy("The secretary decides."),
    ),
    "ask-leave": Deed(
        gettext_lazy("She leaves"),
        gettext_lazy("Tell the secretary"),
        WordsForm,
        _ask_to_leave,
        decides=gettext_lazy("The secretary is told, and ends the membership."),
    ),
}


def deed_of(what: str, person: Person) -> Deed:
    """Return a deed; whoever's unit has ended joins another, and it is asked which."""
    deed = DEEDS[what]
    if what == "join" and person.unit.dissolved_on is not None:
        return replace(deed, form=partial(JoinElsewhereForm, into=counting.goes_on_in(person.unit)))
    return deed


def no_longer_a_guest(stay: Membership) -> Deed:
    """Return the deed that ends a stay as a guest."""

    def do(_person: Person, form: LeaveForm, actor: Actor) -> str:
        said = form.cleaned_data
        actions.leave(stay, day=said["day"], reason=said["reason"], actor=actor, at=clock.now())
        return _("She is a guest there no longer.")

    title = _("No longer a guest of %(unit)s") % {"unit": unit_name(stay.unit)}
    return Deed(title, _("End it"), LeaveForm, do)


def page(deed: Deed, person: Person, form: HouseForm, actor: Actor) -> dict[str, Any]:
    """Return what the page of a deed shows."""
    asks = not may(actor, "people.decide", person.unit)
    return {
        "title": deed.title,
        "button": deed.asks if asks and deed.asks else deed.button,
        "decides": deed.decides if asks else "",
        "person": person,
        "name": personpage.shown_name(person),
        "unit_name": unit_name(person.unit),
        "form": form,
        "candidates": getattr(form, "candidates", ()),
    }


class CorrectForm(DayForm):
    """Which membership, what was wrong with it, and the right day where there is one.

    `wanted` are the membership and what of it she was led here by, where she was.
    """

    membership = forms.ChoiceField(label=gettext_lazy("Which one"), widget=forms.RadioSelect)
    what = forms.ChoiceField(
        label=gettext_lazy("What is right"),
        widget=forms.RadioSelect,
        choices=[
            ("began", gettext_lazy("It began on another day")),
            ("ended", gettext_lazy("It ended on another day")),
            ("never", gettext_lazy("It never was")),
            ("goes-on", gettext_lazy("It has not ended")),
        ],
    )
    day = fields.Day(label=gettext_lazy("The right day"), required=False)
    field_order = ("membership", "what", "day")

    def __init__(self, *args: Any, wanted: tuple[int | None, str] = (None, ""), **options: Any) -> None:
        super().__init__(*args, **options)
        language = get_language() or "en"
        held = Membership.objects.select_related("unit", "kind").filter(
            person=self.person, recorded__upper_inf=True
        )
        self.held = {str(one.pk): one for one in held.order_by("-valid")}
        called = structure.called(sorted({one.unit_id for one in self.held.values()}), clock.today())
        self.fields["membership"].choices = [  # type: ignore[attr-defined]  # missing in the stubs
            (key, f"{called[one.unit_id].name}: {_span(one, language)}") for key, one in self.held.items()
        ]
        number, what = wanted
        first = self.held.get(str(number)) or next(iter(self.held.values()), None)
        if first is not None:
            self.fields["membership"].initial = str(first.pk)
            self.fields["what"].initial = what or _likeliest(first)
        said = self.fields["membership"].error_messages
        said["invalid_choice"] = _(
            "This membership was corrected meanwhile; open the person again to see how it stands."
        )
        if not self.held:
            nothing = _("No membership of hers is believed any more, so there is nothing to put right.")
            said |= {"required": nothing, "invalid_choice": nothing}
        self.fields["day"].initial = None

    def refused(self, refusal: Refusal) -> None:
        """Show why it is refused: beside the membership where no day was asked for."""
        if self.cleaned_data.get("what") in {"began", "ended"}:
            super().refused(refusal)
        else:
            self.add_error("membership", refusal.sentence)


def _likeliest(one: Membership) -> str:
    """Return what is most often wrong with a membership; nothing of one that is not put right by a day."""
    if one.valid.upper is None:
        return "began" if one.entry_transfer_id is None else ""
    return "ended" if one.exit_transfer_id is None else ""


def _span(one: Membership, language: str) -> str:
    words = {"from": figures.day(one.valid.lower, language)}
    if one.valid.upper is None:
        said = _("since %(from)s or earlier") if one.entry_flow == "opening" else _("since %(from)s")
        return said % words
    return _("%(from)s until %(until)s") % {**words, "until": figures.day(one.valid.upper, language)}


def correct(form: CorrectForm, actor: Actor) -> str:
    """Put it right; return the sentence that says so."""
    said = form.cleaned_data
    membership = form.held[said["membership"]]
    if said["what"] == "never":
        actions.withdraw(membership, actor=actor, at=clock.now())
        return _("It never was: the figures say so from now on, and still know what they said before.")
    if said["what"] == "goes-on":
        actions.reopen(membership, actor=actor, at=clock.now())
        return _("It goes on.")
    if said["day"] is None:
        raise Refusal(_("Write the day on which it began or ended."), field="day", code="no-day")
    if said["what"] == "ended":
        actions.change_leaving_day(membership, day=said["day"], actor=actor, at=clock.now())
        return _("It ended on that day: the figures say so from now on.")
    actions.change_joining_day(membership, day=said["day"], actor=actor, at=clock.now())
    return _("It began on that day: the figures say so from now on.")


def correcting(person: Person, form: CorrectForm) -> dict[str, Any]:
    """Return what the page shows."""
    return {
        "title": _("Put the past right"),
        "button": _("Put it right"),
        "person": person,
        "name": personpage.shown_name(person),
        "unit_name": unit_name(person.unit),
        "form": form,
        "candidates": (),
    }
