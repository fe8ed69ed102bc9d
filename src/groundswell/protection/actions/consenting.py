"""Somebody agrees, or withdraws it; a section says for what, and in which words."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.rights import may_for_herself
from groundswell.access.trail import record
from groundswell.kernel.errors import Refusal
from groundswell.kernel.meanwhile import changed
from groundswell.people.models import Person
from groundswell.people.rules import check_line, check_note
from groundswell.protection import queries, rules
from groundswell.protection.models import HOWS, Consent, ConsentText, Purpose
from groundswell.structure.models import Unit
from groundswell.structure.rules import check_language


@transaction.atomic
def give_consent(
    person: Person,
    purpose: Purpose,
    *,
    how: str,
    actor: Actor,
    at: dt.datetime,
    old_enough: bool = False,
    shown: int | None = None,
) -> Consent:
    """Write down that a person agreed to a purpose, in the words that hold today; twice is once.

    She herself does it by `form`; whoever may know how she is reached writes down what she signed or said.
    Of somebody under 18 it must be said that she has the years her country asks for. `shown` is the key of
    the words that stood before her: other words that came meanwhile she has not read.
    """
    herself = _may(actor, person)
    if how not in HOWS or (how == "form") is not herself:
        raise Refusal(_("Say how she agreed: on paper or aloud."), field="how", code="no-how")
    years = queries.minimum_age(person.unit, rules.CONSENT).years if person.minor else 0
    rules.check_old_enough(minor=person.minor, said=old_enough, years=years)
    text = _text_for(person, purpose, at)
    if shown is not None and shown != text.pk:
        sentence = _("There are newer words than those that were shown; read them, and agree to them.")
        raise Refusal(sentence, code="newer-words")
    there = _open(person, purpose).filter(text=text).first()
    if there is not None:
        return there
    said = {"given_at": at, "how": how, "given_by": actor.account_id}
    try:
        with transaction.atomic():
            given = Consent.objects.create(
                person=person, unit_id=person.unit_id, purpose=purpose, text=text, **said
            )
    except IntegrityError:
        # Somebody wrote the same down at this moment.
        return _open(person, purpose).get(text=text)
    record("protection.consent.given", actor=actor, subject=given)
    return given


@transaction.atomic
def withdraw_consent(person: Person, purpose: Purpose, *, actor: Actor, at: dt.datetime) -> int:
    """Withdraw all that a person agreed to for a purpose, as easily as it was given (GDPR art. 7(3)).

    Return how many consents ended; the rows stay as proof of what held from when until when.
    """
    _may(actor, person)
    held = list(_open(person, purpose).select_for_update(of=("self",)))
    for one in held:
        Consent.objects.filter(pk=one.pk).update(withdrawn_at=at, withdrawn_by=actor.account_id)
        record("protection.consent.withdrawn", actor=actor, subject=one)
    return len(held)


@transaction.atomic
def add_purpose(unit: Unit, *, label: str, actor: Actor, at: dt.datetime) -> Purpose:
    """Let a section ask for consent to something more, and the top unit for all sections."""
    _ask(actor, unit)
    _check_section(unit)
    said = check_line(label, field="label", most=rules.LONGEST_LABEL)
    if not said:
        raise Refusal(_("Say what is asked."), field="label", code="no-label")
    Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    purpose = Purpose.objects.create(unit=unit, code=_free_code(said), label=said, recorded_at=at)
    record("protection.purpose.added", actor=actor, subject=purpose)
    return purpose


@transaction.atomic
def end_purpose(purpose: Purpose, *, ended: bool, actor: Actor, at: dt.datetime) -> Purpose:
    """Ask for consent to it no more, or again; what was agreed to stays."""
    _ask(actor, purpose.unit)
    if ended == (purpose.ended_on is not None):
        return purpose
    purpose.ended_on = at.date() if ended else None
    purpose.save(update_fields=["ended_on"])
    record(
        "protection.purpose.ended" if ended else "protection.purpose.taken_up", actor=actor, subject=purpose
    )
    return purpose


@transaction.atomic
def write_text(
    unit: Unit,
    purpose: Purpose,
    *,
    language: str,
    words: str,
    actor: Actor,
    at: dt.datetime,
    translation: bool = False,
    seen: int | None = None,
) -> ConsentText:
    """Write the words of a purpose for a section: a new version, or the newest in another language.

    What was agreed to before stays agreed to, to the words it was given to. `seen` is the number of the
    newest version when the writer looked, 0 where there was none.
    """
    require(actor, "people.decide", unit)
    _check_section(unit)
    if purpose.pk not in {one.pk for one in queries.purposes_of(unit)}:
        raise Refusal(_("This is not asked here."), field="purpose", code="no-purpose")
    language, words = check_language(language), check_note(words)
    Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    written = queries.texts_of(unit).get(purpose.pk, [])
    newest = written[0].number if written else 0
    if seen not in {None, newest}:
        raise changed(written[0].words if written else "", field="words")
    if translation and language in {one.language for one in written if one.number == newest}:
        sentence = _("Version %(number)d stands in this language already; write a new version.")
        raise Refusal(sentence % {"number": newest}, field="language", code="there-already")
    number = newest if translation and newest else newest + 1
    said = {"number": number, "language": language, "words": words, "valid_from": at}
    text = ConsentText.objects.create(unit=unit, purpose=purpose, **said)
    record("protection.text.written", actor=actor, subject=text)
    return text


def _ask(actor: Actor, unit: Unit | None) -> None:
    if unit is None or not queries.may_ask(actor, unit):
        require(actor, "people.decide", unit)


def _check_section(unit: Unit) -> None:
    if queries.asking_unit(unit).pk != unit.pk:
        sentence = _("For what consent is asked, and in which words, is the section’s to say.")
        raise Refusal(sentence, code="not-the-section")


def _may(actor: Actor, person: Person) -> bool:
    """Return whether it is she herself; refuse whoever else may not know how she is reached."""
    if may_for_herself(actor, "people.contact", person.pk):
        return True
    require(actor, "people.contact", person.unit)
    return False


def _open(person: Person, purpose: Purpose) -> QuerySet[Consent]:
    return Consent.objects.filter(person=person, purpose=purpose, withdrawn_at=None)


def _text_for(person: Person, purpose: Purpose, at: dt.datetime) -> ConsentText:
    if purpose.pk not in {one.pk for one in queries.purposes_of(person.unit)}:
        raise Refusal(_("This is not asked here."), field="purpose", code="no-purpose")
    written = queries.texts_of(person.unit).get(purpose.pk, [])
    text = queries.current_text(written, queries.languages_of(person), at)
    if text is None:
        sentence = _(
            "Nobody has written down yet to which words she would agree; her section’s secretary does."
        )
        raise Refusal(sentence, field="purpose", code="no-words")
    return text


def _free_code(label: str) -> str:
    stem = slugify(label)[:34] or "purpose"
    taken = set(Purpose.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for code in (stem, *(f"{stem}-{n}" for n in range(2, 1000))) if code not in taken)
