"""The words in which the demo's sections ask for consent, and who of those who sign in agreed."""

import datetime as dt
from collections.abc import Iterable

from groundswell.access.actor import OPERATOR
from groundswell.people.models import Person
from groundswell.protection import actions, queries, words
from groundswell.structure.models import Unit


def ask(units: Iterable[Unit], at: dt.datetime) -> None:
    """Let every section write words for what was shipped."""
    for unit in units:
        if unit.section_id != unit.pk:
            continue
        for purpose in queries.purposes_of(unit):
            text = words.suggested(purpose)
            actions.write_text(unit, purpose, language="en", words=text, actor=OPERATOR, at=at)


def agree(persons: Iterable[Person], at: dt.datetime) -> None:
    """Let some people have agreed on paper to what their section asks first."""
    for person in persons:
        if person.unit.section_id is not None:
            first = queries.purposes_of(person.unit)[0]
            actions.give_consent(person, first, how="paper", actor=OPERATOR, at=at)
