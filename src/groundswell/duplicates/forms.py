"""What a person fills in: of two records, whose details count."""

import datetime as dt
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from groundswell.duplicates import pages, rules
from groundswell.duplicates.actions import Choices
from groundswell.duplicates.queries import Two
from groundswell.web import fields
from groundswell.web.forms import HouseForm

TRUE: Final = "true"


class MergeForm(HouseForm):
    """A choice for each detail in which two records differ, and whose membership is true where they clash."""

    def __init__(self, data: Any = None, *, two: Two, today: dt.date) -> None:
        super().__init__(data)
        self.two = two
        for detail in rules.CHOSEN:
            if getattr(two.one, detail) != getattr(two.other, detail):
                self.add(detail, self._of(detail))
        if rules.at_odds(two.terms):
            found = forms.ChoiceField(
                label=_("Which membership is true?"),
                choices=[(str(person.pk), self._terms(person.pk, today)) for person in (two.one, two.other)],
                widget=forms.RadioSelect,
                help_text=_("The other one is taken back where both say something of the same days."),
            )
            self.add(TRUE, found)

    def choices(self) -> Choices:
        """Return what was chosen, by the numbers of the persons."""
        chosen = {name: int(value) for name, value in self.cleaned_data.items()}
        true = chosen.pop(TRUE, self.two.one.pk)
        return Choices(chosen, true)

    def _of(self, detail: str) -> forms.ChoiceField:
        """Return the choice of a detail: one that only one record has is chosen already."""
        both = (self.two.one, self.two.other)
        filled = [person for person in both if getattr(person, detail)]
        return forms.ChoiceField(
            label=pages.label_of(detail),
            choices=[(str(person.pk), pages.said(person, detail) or _("nothing")) for person in both],
            widget=forms.RadioSelect,
            initial=str((filled or both)[0].pk),
        )

    def _terms(self, person: int, today: dt.date) -> str:
        held = [term for term in self.two.terms if term.person == person]
        return "; ".join(pages.term_words(term, today) for term in held)


class ChooseForm(HouseForm):
    """The record that another one is held against."""

    who = fields.Whole()
