"""What the pages about consent show: a person's panel, her own page, the words of a section."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.rights import may
from groundswell.kernel import clock
from groundswell.people import entering, personpage
from groundswell.people.models import Person
from groundswell.people.timeline import Happened
from groundswell.protection import basis, queries, rules, words
from groundswell.protection.models import Consent, ConsentText, Purpose
from groundswell.structure import queries as structure
from groundswell.structure.models import Unit
from groundswell.web import figures


@dataclass(frozen=True, slots=True)
class Asked:
    """A purpose as it stands with a person: what she agreed to, or the words she may agree to.

    `newer`: since then there are other words; `offers`: the key of those that hold today, to which she may
    agree (None: she has, or there are none). Where these are not the ones that stand with her, they are
    `next_text`: nobody agrees to what she does not read.
    """

    purpose: int
    label: str
    agreed: bool
    sentence: str
    text: str
    language: str
    next_text: str
    next_language: str
    newer: bool
    offers: int | None


def person_panel(actor: Actor, person: Person, today: dt.date) -> SafeString:
    """Return why a person is kept and what she agreed to, for whoever may know how she is reached."""
    if not personpage.may_contact(actor, person):
        return SafeString("")
    herself = actor.person_id == person.pk
    mine, hers = reverse("protection:my-consent"), reverse("protection:consent", args=[person.pk])
    context = standing(person, today) | {
        "writes": herself or may(actor, "people.contact", person.unit),
        "herself": herself,
        "address": mine if herself else hers,
        "words_href": address(person.unit) if may(actor, "people.decide", person.unit) else "",
    }
    return render_to_string("protection/_person_consents.html", context)


def happened(actor: Actor, person: Person) -> Iterator[Happened]:
    """Tell what somebody agreed to and withdrew, as her panel does, to whoever sees that."""
    consents = queries.consents_of(person)
    if not consents or not personpage.may_contact(actor, person):
        return
    for one in reversed(consents):
        said = {"purpose": words.purpose_name(one.purpose)}
        yield Happened(one.given_at.date(), _("agreed to: %(purpose)s") % said)
        if one.withdrawn_at is not None:
            yield Happened(one.withdrawn_at.date(), _("withdrew her consent: %(purpose)s") % said)


def standing(person: Person, today: dt.date) -> dict[str, Any]:
    """Return what there is to say of a person: the basis without consent, and purpose by purpose."""
    given: dict[int, list[Consent]] = {}
    for one in queries.consents_of(person):
        given.setdefault(one.purpose_id, []).append(one)
    texts = queries.texts_of(person.unit)
    languages, at = queries.languages_of(person), clock.end_of(today)
    asked = {one.pk: one for one in queries.purposes_of(person.unit)}
    # What she agreed to once stays visible, also where it is asked no more.
    shown = [*asked.values(), *(held[0].purpose for key, held in given.items() if key not in asked)]
    lines = []
    for purpose in shown:
        words_of = texts.get(purpose.pk, ()) if purpose.pk in asked else ()
        current = queries.current_text(words_of, languages, at)
        lines.append(_asked(purpose, given.get(purpose.pk, ()), current, person))
    years = queries.minimum_age(person.unit, rules.CONSENT).years if person.minor else 0
    return {
        "bases": basis.of(person, today),
        "consents": [one for one in lines if one.text or one.sentence],
        "unworded": [one.label for one in lines if not one.text and not one.sentence],
        "years": years,
    }


def _asked(purpose: Purpose, given: Sequence[Consent], current: ConsentText | None, person: Person) -> Asked:
    held = next((one for one in given if one.withdrawn_at is None), None)
    stands = held.text if held else current
    here = held is not None and person.unit.path.startswith(held.text.unit.path)
    newer = bool(here and held and current and current.number > held.text.number)
    offered = current if newer or not here else None
    following = offered if held else None
    sentence = ""
    if held is not None:
        sentence = _agreed(held, current) if here else _agreed_elsewhere(held)
    elif given:
        sentence = _withdrawn(given[0])
    return Asked(
        purpose.pk,
        words.purpose_name(purpose),
        held is not None,
        sentence,
        stands.words if stands else "",
        stands.language if stands else "",
        following.words if following else "",
        following.language if following else "",
        newer=newer,
        offers=offered.pk if offered else None,
    )


def _agreed(one: Consent, current: ConsentText | None) -> str:
    said = {
        "day": figures.day(one.given_at.date(), get_language() or "en"),
        "how": words.ways()[one.how],
        "number": one.text.number,
        "newest": max(current.number if current else 0, one.text.number),
    }
    return _("Agreed on %(day)s, %(how)s, to version %(number)d of %(newest)d.") % said


def _agreed_elsewhere(one: Consent) -> str:
    """Say of a consent that it was given to a section she has left: towards her own it does not hold."""
    said = {
        "day": figures.day(one.given_at.date(), get_language() or "en"),
        "unit": entering.unit_name(one.text.unit),
    }
    return _("Agreed on %(day)s towards %(unit)s; here it does not hold.") % said


def _withdrawn(one: Consent) -> str:
    language = get_language() or "en"
    if one.withdrawn_at is None:
        return ""
    said = {
        "day": figures.day(one.given_at.date(), language),
        "until": figures.day(one.withdrawn_at.date(), language),
    }
    return _("Agreed on %(day)s, withdrawn on %(until)s.") % said


def asking(actor: Actor, unit: Unit) -> dict[str, Any]:
    """Return for what consent is asked in a unit, and in which words."""
    section = queries.asking_unit(unit)
    texts = queries.texts_of(section)
    return {
        "unit": section,
        "name": entering.unit_name(section),
        "writes": may(actor, "people.decide", section),
        "purposes": [
            {
                "pk": one.pk,
                "label": words.purpose_name(one),
                "unit": one.unit.code if one.unit else _("shipped"),
                "ends": one.unit is not None and queries.may_ask(actor, one.unit),
                "ended": one.ended_on,
                "texts": [_version(text) for text in texts.get(one.pk, ())],
            }
            for one in queries.purposes_of(unit, ended=True)
        ],
    }


def for_all(actor: Actor) -> dict[str, Any]:
    """Return for what consent may be asked in every section, and who says so."""
    top = structure.root()
    return {
        "name": entering.unit_name(top),
        "adds": queries.may_ask(actor, top),
        "purposes": [
            {
                "pk": one.pk,
                "label": words.purpose_name(one),
                "shipped": one.unit is None,
                "ended": one.ended_on,
            }
            for one in queries.purposes_for_all()
        ],
    }


def _version(text: ConsentText) -> dict[str, Any]:
    said = {
        "number": text.number,
        "language": structure.language_name(text.language),
        "day": figures.day(text.valid_from.date(), get_language() or "en"),
    }
    head = _("Version %(number)d, %(language)s, since %(day)s") % said
    return {"head": head, "words": text.words, "language": text.language}


def address(unit: Unit) -> str:
    """Return the address of the page on which a unit's words stand."""
    return f"{reverse('protection:consents')}?unit={unit.code}"
