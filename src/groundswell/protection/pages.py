"""What the pages of this room show, ready for their templates."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.rights import may, may_by_office
from groundswell.access.secrets import read
from groundswell.people import personpage
from groundswell.people.models import Person
from groundswell.people.personpage import shown_name, shown_names
from groundswell.people.queries import home_of
from groundswell.people.searching import Asked
from groundswell.protection import consentpages, handout, outlook, ownpage, queries, rules
from groundswell.protection.models import DataRequest
from groundswell.web import figures

# Most that is told at once of what the clocks will do.
MOST: Final = 50
_LONG: Final = "access_trailpayload"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request as a line: what it is, by when, where it is answered."""

    sentence: str
    note: str
    href: str
    late: bool


def doings(actor: Actor, person: Person) -> Sequence[tuple[str, str]]:
    """Return what an officer may do with a person's data, with its address."""
    if not may(actor, "people.erase.ask", person.unit):
        return ()
    asked = (_("She asks about her data"), reverse("protection:ask-for", args=[person.pk]))
    if not may(actor, "people.erase", person.unit):
        return (asked,)
    return [
        asked,
        (_("What is held of her"), reverse("protection:copy-pdf", args=[person.pk])),
        (_("Keep her for a reason"), reverse("protection:hold", args=[person.pk])),
    ]


def list_rules(actor: Actor, asked: Asked) -> Sequence[tuple[str, str]]:
    """Return the rules for a unit's people that the actor may set or see, with their addresses."""
    pages = (
        ("people.decide", _("What consent is asked for"), "protection:consents"),
        ("protection.rules", _("How old one must be"), "protection:ages"),
    )
    query = f"?unit={asked.unit.code}" if asked.unit is not None else ""
    return [
        (label, reverse(name) + query)
        for capability, label, name in pages
        if _may_somewhere(actor, capability, asked)
    ]


def _may_somewhere(actor: Actor, capability: str, asked: Asked) -> bool:
    return may(actor, capability, asked.unit) if asked.unit is not None else may_by_office(actor, capability)


def me(actor: Actor, person: Person, *, today: dt.date, at: dt.datetime) -> dict[str, Any]:
    """Return what the page shows a person of herself."""
    document = handout.document(person, at=at)
    sections = document.sections()
    requests = queries.requests_of(person.pk)
    return {
        "person": person,
        "today": today,
        "sections": [(one, handout.notes_of(one)) for one in sections if one.table != _LONG],
        "changes": sum(len(one.rows) for one in sections if one.table == _LONG),
        "readers": document.readers(),
        "open": personpage.open_of(actor, person, today),
        "asked": [_told(one, today) for one in requests if one.decided_at is None],
        "answered": [_told(one, today) for one in requests if one.decided_at is not None],
        "rights": handout.rights(),
        "is_member": home_of(person) is not None,
        **ownpage.card(person, today),
        **consentpages.standing(person, today),
        "writes": True,
        "herself": True,
        "address": reverse("protection:my-consent"),
    }


def officer(actor: Actor, *, today: dt.date) -> dict[str, Any]:
    """Return what a data protection officer sees first."""
    asked = list(queries.open_requests(actor))
    until = today + dt.timedelta(days=rules.DAYS_AHEAD)
    shown, whole = queries.ahead(actor, today=today, until=until, most=MOST)
    names = shown_names([*(one.person for one in asked), *(one.person for one in shown)])
    kept = queries.refused_lately([one.person.pk for one in shown if one.day <= today])
    waiting = [_asked(one, names[one.person_id], today) for one in asked]
    headline = ngettext("%(count)d request waits.", "%(count)d requests wait.", len(waiting))
    return {
        "today": today,
        "headline": headline % {"count": len(waiting)} if waiting else _("Nothing waits for an answer."),
        "waiting": waiting,
        "rules": may_by_office(actor, "protection.rules"),
        "ahead": [_ahead(one, names[one.person.pk], today, kept.get(one.person.pk, "")) for one in shown],
        "more": whole - len(shown),
    }


def request(one: DataRequest, *, today: dt.date) -> dict[str, Any]:
    """Return what the page of a request shows: what was asked, and what granting it does."""
    name = shown_name(one.person)
    return {
        "one": one,
        "words": read(one, "words"),
        "asked": _asked(one, name, today),
        "today": today,
        "name": name,
        "becomes": outlook.of(one.person) if one.kind == "erase" else (),
        "reach": handout.reach_of_erasure() if one.kind == "erase" else (),
        "open": one.decided_at is None,
    }


def _asked(one: DataRequest, name: str, today: dt.date) -> Waiting:
    words = {"name": name}
    sentence = {
        "copy": _("%(name)s asks for a copy of all that is held of her."),
        "correct": _("%(name)s asks for a correction."),
        "erase": _("%(name)s asks to be erased."),
    }[one.kind] % words
    return Waiting(
        sentence, _clock(one, today), reverse("protection:request", args=[one.pk]), one.due_on < today
    )


def _told(one: DataRequest, today: dt.date) -> Waiting:
    sentence = {
        "copy": _("You asked for a copy."),
        "correct": _("You asked for a correction."),
        "erase": _("You asked to be erased."),
    }[one.kind]
    if one.decision == "refused":
        note = _("It was refused: %(reason)s") % {"reason": one.reason}
    elif one.decision == "granted":
        note = _("It was done.")
    elif one.decision == "withdrawn":
        note = _("You took it back.")
    else:
        note = _clock(one, today)
    back = reverse("protection:take-back", args=[one.pk]) if one.decided_at is None else ""
    return Waiting(sentence, note, back, late=False)


def _clock(one: DataRequest, today: dt.date) -> str:
    language = get_language() or "en"
    left = (one.due_on - today).days
    words = {"day": figures.day(one.due_on, language), "count": abs(left)}
    if left < 0:
        late = ngettext("Due %(day)s: %(count)d day late.", "Due %(day)s: %(count)d days late.", -left)
        return late % words
    on_time = ngettext("Due %(day)s, in %(count)d day.", "Due %(day)s, in %(count)d days.", left)
    return on_time % words


def _ahead(one: queries.Due, name: str, today: dt.date, kept: str) -> tuple[str, str, str, str]:
    words = {
        queries.CONTACT: _("%(name)s, a contact who was not heard of, is erased."),
        queries.REFUSED: _("%(name)s, whose application was refused, is erased."),
        queries.FORMER: _("%(name)s, a former member, is reduced to her name and membership."),
    }
    sentence = words[one.what] % {"name": name}
    # What fell due while no worker ran waits for the next night.
    day = _("tonight") if one.day <= today else figures.day(one.day, get_language() or "en")
    why = _("It was refused lately: %(why)s") % {"why": kept} if kept else ""
    return day, sentence, reverse("people:person", args=[one.person.pk]), why
