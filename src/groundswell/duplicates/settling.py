"""Who of two stays, whose sign-in goes on, and whether the actor may give what it gains."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.rights import may_give
from groundswell.accounts import rules as mandates
from groundswell.accounts.models import Account, Mandate
from groundswell.accounts.rules import Tenure
from groundswell.accounts.words import office_names
from groundswell.duplicates import rules
from groundswell.duplicates.queries import Two
from groundswell.duplicates.rules import Outcome
from groundswell.people.personpage import shown_name
from groundswell.structure import queries as structure
from groundswell.structure.models import Unit
from groundswell.web import figures


@dataclass(frozen=True, slots=True)
class Offices:
    """What is believed of the offices of two records, and how each signs in."""

    tenures: tuple[Tenure, ...]
    ever: Mapping[int, int]
    accounts: Mapping[int, Account]


def offices(persons: Sequence[int]) -> Offices:
    """Return the offices of records and their sign-ins; for the data protection officer of all of them."""
    numbers = list(persons)
    with connection.cursor() as cursor:
        cursor.execute("select person_id, offices from duplicates_weight(%s)", [numbers])
        ever = dict(cursor.fetchall())
    held = Mandate.objects.raw("select * from duplicates_offices(%s)", [numbers])
    return Offices(
        tuple(
            Tenure(one.person_id, one.unit_id, one.office, one.valid.lower, one.valid.upper, one.given_by)
            for one in held
        ),
        ever,
        {one.person_id: one for one in Account.objects.filter(person__in=numbers) if one.person_id},
    )


def outcome(found: Two, held: Offices, *, actor: Actor, today: dt.date) -> Outcome:
    """Return who of two stays and whose sign-in goes on.

    Refusal where a sign-in would gain an office that the actor may not give it.
    """
    numbers = (found.one.pk, found.other.pk)
    gained = {person: mandates.gained(held.tenures, by=person, today=today) for person in numbers}
    may_be = rules.outcomes(
        *numbers,
        ever=held.ever,
        accounts={person: one.last_login or one.created_at for person, one in held.accounts.items()},
        gains={person: len(offices) for person, offices in gained.items()},
    )
    units = Unit.objects.in_bulk({one.unit for one in held.tenures})
    barred = {
        person: [one for one in offices if not may_give(actor, one.office, units[one.unit], to_person=person)]
        for person, offices in gained.items()
    }
    best = next((outcome for outcome in may_be if not barred[outcome.signs]), may_be[0])
    signs = found.one if best.signs == found.one.pk else found.other
    rules.check_gained(shown_name(signs), tenure_words(barred[best.signs], today))
    return best


def tenure_words(tenures: Sequence[Tenure], today: dt.date) -> list[str]:
    """Return offices as words: 'organiser of Depot, from 3 May 2023'."""
    names = structure.called(sorted({one.unit for one in tenures}), today)
    offices, language = office_names(), get_language() or "en"
    said = []
    for one in tenures:
        words = {
            "office": offices[one.office],
            "unit": names[one.unit].name if one.unit in names else "",
            "since": figures.day(one.start, language),
            "until": figures.day(one.end, language) if one.end else "",
        }
        whole = _("%(office)s of %(unit)s, from %(since)s on")
        term = _("%(office)s of %(unit)s, from %(since)s until %(until)s")
        said.append((term if one.end else whole) % words)
    return said
