"""Who agreed to what: asked before anything is done for which consent is needed."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.rights import may
from groundswell.kernel.errors import NotFound
from groundswell.people.models import Person
from groundswell.protection.models import Consent, ConsentText, Purpose
from groundswell.protection.queries.ages import asking_key
from groundswell.structure.models import Unit
from groundswell.structure.queries import root


def has_consent(person: Person, purpose: str) -> bool:
    """Return whether a person agreed to a purpose, and did not withdraw it, as far as the session sees."""
    return person.pk in consenting([person.pk], purpose)


def consenting(persons: Iterable[int], purpose: str) -> set[int]:
    """Return those of these persons (keys) who agreed to a purpose and did not withdraw it, by one question.

    A consent holds towards the unit that asked for it: who went to another section is asked anew there.
    Of persons whose consents the session does not see the answer is no.
    """
    found = Consent.objects.filter(
        person__in=list(persons),
        purpose__code=purpose,
        withdrawn_at=None,
        unit__path__startswith=F("text__unit__path"),
    )
    return set(found.values_list("person_id", flat=True))


def consents_of(person: Person) -> list[Consent]:
    """Return what a person agreed to that the session sees, the newest first, also what she withdrew."""
    found = Consent.objects.select_related("text__unit", "purpose").filter(person=person)
    return list(found.order_by("-given_at", "-pk"))


@dataclass(frozen=True, slots=True)
class Stands:
    """Where somebody stands with a purpose: agreed since a day, or withdrew it on one."""

    agreed: bool
    day: dt.date


def standings_in(persons: Iterable[int]) -> dict[int, dict[int, Stands]]:
    """Return where persons stand with each purpose they ever agreed to here, by person, then by purpose.

    As in `consenting`, what was agreed to elsewhere does not hold. One question, as far as the session sees.
    """
    found = Consent.objects.filter(
        person__in=list(persons), unit__path__startswith=F("text__unit__path")
    ).order_by("person", "purpose", "given_at", "pk")
    stands: dict[int, dict[int, Stands]] = {}
    for one in found:
        now = stands.setdefault(one.person_id, {})
        before = now.get(one.purpose_id)
        if one.withdrawn_at is None:
            first = before.day if before and before.agreed else one.given_at.date()
            now[one.purpose_id] = Stands(agreed=True, day=first)
        elif before is None or (not before.agreed and before.day < one.withdrawn_at.date()):
            now[one.purpose_id] = Stands(agreed=False, day=one.withdrawn_at.date())
    return stands


def withdrew(persons: Iterable[int], purpose: str) -> set[int]:
    """Return those of these persons who agreed to a shipped purpose here and withdrew it since."""
    key = Purpose.objects.get(code=purpose, unit=None).pk
    stands = standings_in(persons)
    return {person for person, held in stands.items() if key in held and not held[key].agreed}


def purposes_by_key(keys: Iterable[int]) -> dict[int, Purpose]:
    """Return purposes by their keys."""
    return Purpose.objects.in_bulk(list(keys))


def purposes_of(unit: Unit, *, ended: bool = False) -> list[Purpose]:
    """Return what consent may be asked for in a unit: what was shipped, then what units above it added."""
    above = [int(key) for key in unit.path.strip("/").split("/")]
    found = Purpose.objects.select_related("unit").filter(Q(unit=None) | Q(unit__in=above))
    if not ended:
        found = found.filter(ended_on=None)
    return sorted(found, key=lambda one: (one.unit.path if one.unit else "", one.pk))


def any_purpose(key: int | None) -> Purpose | None:
    """Return a purpose by its key, None where there is none."""
    return Purpose.objects.filter(pk=key).first() if key is not None else None


def purpose_in(unit: Unit, key: int) -> Purpose:
    """Return a purpose for which a unit may ask; NotFound for any other."""
    for purpose in purposes_of(unit):
        if purpose.pk == key:
            return purpose
    raise NotFound(_("There is nothing here that you may see."))


def purpose_for(actor: Actor, key: int) -> Purpose:
    """Return a purpose that a unit of the actor's added; NotFound for others and for shipped ones."""
    purpose = Purpose.objects.select_related("unit").filter(pk=key).first()
    if purpose is None or purpose.unit is None or not may_ask(actor, purpose.unit):
        raise NotFound(_("There is nothing here that you may see."))
    return purpose


def may_ask(actor: Actor, unit: Unit) -> bool:
    """Return whether the actor says for what consent is asked: in her section, at the top for all."""
    return may(actor, "people.decide", unit) or (
        unit.pk == root().pk and may(actor, "structure.change", unit)
    )


def purposes_for_all() -> list[Purpose]:
    """Return what consent may be asked for everywhere: what was shipped, then what the top unit added."""
    found = Purpose.objects.select_related("unit").filter(Q(unit=None) | Q(unit=root()))
    return list(found.order_by(F("unit").asc(nulls_first=True), "pk"))


def texts_of(unit: Unit) -> dict[int, list[ConsentText]]:
    """Return the words that hold in a unit, by purpose, the newest version first."""
    found: dict[int, list[ConsentText]] = {}
    for text in ConsentText.objects.filter(unit=asking_key(unit)).order_by("-number", "language"):
        found.setdefault(text.purpose_id, []).append(text)
    return found


def texts_by_key(keys: Iterable[int]) -> dict[int, ConsentText]:
    """Return words by their keys, with their purposes."""
    return ConsentText.objects.select_related("purpose").in_bulk(list(keys))


def current_text(
    texts: Sequence[ConsentText], languages: Sequence[str], at: dt.datetime
) -> ConsentText | None:
    """Return the newest version that is valid, in the first of these languages it stands in, else in any."""
    valid = [one for one in texts if one.valid_from <= at]
    if not valid:
        return None
    newest = max(one.number for one in valid)
    spoken = {one.language: one for one in valid if one.number == newest}
    for language in languages:
        one = spoken.get(language) or spoken.get(language.split("-")[0])
        if one is not None:
            return one
    return next(iter(spoken.values()))


def languages_of(person: Person) -> list[str]:
    """Return the languages in which words are shown to a person, the first one first."""
    return [*person.languages, person.locale, *person.unit.languages, "en"]
