"""A file and where it belongs; what its columns mean, why it may be taken in, where it comes from."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from groundswell.exchange import actions, words
from groundswell.exchange.importing import days
from groundswell.exchange.importing.fields import BY_KEY, CONSENT, DAYS, FIELDS, Added
from groundswell.exchange.importing.unitnames import UNKNOWN
from groundswell.exchange.lists import Looked
from groundswell.kernel.errors import Refusal
from groundswell.structure import choosing, lands
from groundswell.structure.choosing import MOST_CHOSEN, Candidate
from groundswell.structure.models import Unit
from groundswell.web import fields
from groundswell.web.forms import HouseForm


class Choose(HouseForm):
    """Which file, and whose people they are."""

    unit = forms.ChoiceField(label=gettext_lazy("Where these people belong"))
    file = forms.FileField(
        label=gettext_lazy("The list"),
        help_text=gettext_lazy(
            "A spreadsheet (XLSX, ODS), a CSV file or vCards, as any program writes them. "
            "One line for each person, with a header above."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.ods,.vcf,text/csv,text/vcard"}),
        error_messages={"empty": gettext_lazy("The file is empty.")},
    )

    def __init__(self, *args: Any, units: Sequence[tuple[Unit, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.units = [Candidate(unit.pk, unit.code, name.strip()) for unit, name in units]
        if len(units) > MOST_CHOSEN:
            label = self.fields["unit"].label
            self.add(
                "unit", fields.Text(label=label, max_length=200, help_text=_("The name or code of the unit."))
            )
        else:
            self.fields["unit"].choices = [(unit.code, name) for unit, name in units]  # type: ignore[attr-defined]  # a ChoiceField

    def clean_unit(self) -> Unit:
        """Return the unit that was chosen, or whose name or code was written."""
        wanted = self.cleaned_data["unit"]
        key = choosing.chosen(self.units, wanted)
        if key is None:
            none = _("There is no such unit here into which you may bring a list.")
            sentence = choosing.which(choosing.close_to(self.units, wanted), none=none)
            raise forms.ValidationError(sentence, code="no-unit")
        return Unit.objects.get(pk=key)

    def refused(self, refusal: Refusal) -> None:
        """Show why the file is refused."""
        self.add_error(refusal.field if refusal.field in self.fields else "file", refusal.sentence)


class Columns(HouseForm):
    """What each column means, what comes first in unclear days, what the people are, why and whence.

    Besides, where it is needed: which unit a name means that several have, and to which words people agreed.
    """

    dates = forms.ChoiceField(
        label=gettext_lazy("How are the days written that can be read in two ways?"),
        choices=(
            ("", "–"),
            (days.DMY, gettext_lazy("the day first: 3/5/2024 is in May")),
            (days.MDY, gettext_lazy("the month first: 3/5/2024 is in March")),
        ),
        required=False,
    )
    country = forms.ChoiceField(
        label=gettext_lazy("In which country are the phone numbers that begin with no +?"),
        help_text=gettext_lazy(
            "Your unit does not say where it lies. Without a country such a number is kept as a note."
        ),
        required=False,
    )
    kind = forms.ChoiceField(label=gettext_lazy("What are those of whom the list does not say it?"))
    basis = forms.ChoiceField(
        label=gettext_lazy("Why may these people be written down?"), widget=forms.RadioSelect
    )
    origin = fields.Text(
        label=gettext_lazy("Where does the list come from?"),
        max_length=200,
        help_text=gettext_lazy("A few words that you will understand in a year: “sign-up sheet of 3 May”."),
    )

    def __init__(
        self,
        *args: Any,
        looked: Looked,
        texts: Mapping[str, Sequence[tuple[str, str]]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.proposed = proposed = looked.proposed
        self.added = added = looked.added
        self.asks_header = looked.asks_header
        if looked.asks_country:
            named = lands.countries(get_language() or "en")
            self.fields["country"].choices = [("", "–"), *named]  # type: ignore[attr-defined]  # a ChoiceField
        else:
            self.fields["country"].widget = forms.HiddenInput()
        self.fields["kind"].choices = list(words.kinds().items())  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["basis"].choices = list(words.bases().items())  # type: ignore[attr-defined]  # a ChoiceField
        choices: list[Any] = [("", _("leave it out")), *((field.key, field.label) for field in FIELDS)]
        if added:
            own = [(field.key, field.label) for field in added.values() if field.type != CONSENT]
            agreed = [(field.key, field.label) for field in added.values() if field.type == CONSENT]
            choices += [(_("What is kept of people here besides"), own)] if own else []
            choices += [(_("Who agreed to what"), agreed)] if agreed else []
        # Of a column in which nothing stands there is nothing to be asked.
        self.places = [place for place in range(len(proposed.fields)) if place not in looked.empty]
        for place in self.places:
            name = looked.table.columns[place]
            cells = [row[place] for row in looked.sample if place < len(row) and row[place].strip()]
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=name or _("(no header)"),
                choices=choices,
                required=False,
                initial=proposed.fields[place],
                help_text=" · ".join(cell[:40] for cell in dict.fromkeys(cells[:3])),
            )
        self._ask_for_words(texts, added)
        self._ask_for_places(looked)
        for field in self.fields.values():
            field.template_name = "web/field.html"  # type: ignore[attr-defined]  # missing in the stubs
        if not self._asks_days():
            self.fields["dates"].widget = forms.HiddenInput()

    def _said(self) -> list[str]:
        """Return what each column is said to mean: as she chose it, else as it is proposed."""
        return [
            self.data.get(f"column_{place}", "") if self.is_bound else self.proposed.fields[place]
            for place in self.places
        ]

    def _asks_days(self) -> bool:
        """Return whether days may be open: those of the columns as they were said to be, else as proposed."""
        if not self.is_bound:
            return bool(self.proposed.open_days())
        return any(key in DAYS or (key in self.added and self.added[key].is_day) for key in self._said())

    def _ask_for_places(self, looked: Looked) -> None:
        """Ask which unit is meant by each name in the column of units that several have."""
        asked = [place for place, key in zip(self.places, self._said(), strict=True) if key == "unit"]
        self.twins = {
            f"place_{hashlib.sha256(key.encode()).hexdigest()[:12]}": key
            for place in asked[:1]
            for key in looked.twins.get(place, {})
        }
        for name, key in self.twins.items():
            codes = sorted(looked.names.codes[key])
            self.fields[name] = forms.ChoiceField(
                label=_("“%(name)s” is what several units are called. Which is meant?")
                % {"name": looked.twins[asked[0]][key][:80]},
                choices=[
                    ("", _("choose")),
                    *zip(codes, looked.names.labelled(codes), strict=True),
                    (UNKNOWN, _("I do not know; these rows are not taken")),
                ],
                error_messages={"required": _("Choose which unit is meant.")},
            )

    def _ask_for_words(self, texts: Mapping[str, Sequence[tuple[str, str]]], added: Added) -> None:
        """Ask to which words people agreed, of each purpose that a column is said to mean, and when."""
        self.agreeing = [key for key in dict.fromkeys(self._said()) if key in texts]
        for key in self.agreeing:
            self.fields[f"words_{key}"] = forms.ChoiceField(
                label=_("%(column)s – to which words?") % {"column": added[key].label},
                choices=[("", _("choose")), *texts[key]],
                help_text=_(
                    "Choose what they read when they agreed; without words it is no consent. Of people under"
                    " 18 it is written down only where the list says when they were born."
                ),
                error_messages={"required": _("Choose the words to which they agreed.")},
            )
        if self.agreeing:
            self.fields["agreed_on"] = fields.Day(
                label=_("On which day did they agree, where the list does not say it?"), required=False
            )

    def columns(self) -> list[forms.BoundField]:
        """Return the fields of the columns."""
        return [self[f"column_{place}"] for place in self.places]

    def questions(self) -> list[forms.BoundField]:
        """Return the other fields that are asked."""
        words = [f"words_{key}" for key in self.agreeing]
        agreed = [*words, "agreed_on"] if words else []
        asked = ("dates", "country", *self.twins, *agreed, "kind", "basis", "origin")
        return [self[name] for name in asked if not self[name].is_hidden]

    def wanted(self) -> actions.Wanted:
        """Return what was said; the order of days still open goes by the answer."""
        said = self.cleaned_data
        asked = {place: said[f"column_{place}"] for place in self.places}
        # A column without anything in it gives way to the one that was chosen where there can be one only.
        alone = {key for key in asked.values() if key not in BY_KEY or not BY_KEY[key].many}
        chosen = tuple(
            asked.get(place, "" if key in alone else key) for place, key in enumerate(self.proposed.fields)
        )
        return actions.Wanted(
            basis=said["basis"],
            origin=said["origin"],
            kind=said["kind"],
            order=said["dates"],
            country=said["country"],
            chosen=chosen,
            words={key: int(said[f"words_{key}"]) for key in self.agreeing},
            agreed_on=said.get("agreed_on"),
            places={key: said[name] for name, key in self.twins.items()},
        )


class LetIn(HouseForm):
    """What becomes of people who are known, and of former members of whom the list does not say since when.

    What is not said is said with care: what is missing is added, former members stay what they are.
    """

    known = forms.ChoiceField(
        label=gettext_lazy("People who are known already"),
        widget=forms.RadioSelect,
        choices=(
            ("add", gettext_lazy("Add what is missing; what is written down stays")),
            ("leave", gettext_lazy("Leave them as they are, and add nothing")),
        ),
        initial="add",
        required=False,
    )
    former = forms.ChoiceField(
        label=gettext_lazy("Former members of whom the list does not say that they joined again"),
        widget=forms.RadioSelect,
        choices=(
            ("stay", gettext_lazy("They stay former members")),
            ("join", gettext_lazy("They join again, on this day")),
        ),
        initial="stay",
        required=False,
    )
    rejoin_on = fields.Day(label=gettext_lazy("The day on which they join again"), required=False)

    def __init__(
        self, *args: Any, today: dt.date, asks_known: bool = True, asks_former: bool = True, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["rejoin_on"].initial = today
        if not asks_known:
            del self.fields["known"]
        if not asks_former:
            del self.fields["former"], self.fields["rejoin_on"]

    def clean(self) -> dict[str, Any]:
        """Ask for the day where former members shall join again."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("former") == "join" and "rejoin_on" not in self.errors and not said.get("rejoin_on"):
            self.add_error("rejoin_on", _("Choose the day on which they join again."))
        return said

    def chosen(self) -> dict[str, Any]:
        """Return what was chosen, as `actions.start` takes it."""
        said = self.cleaned_data
        again = said.get("former") == "join"
        return {
            "leaves_alone": said.get("known") == "leave",
            "rejoin_on": said["rejoin_on"] if again else None,
        }
