"""A person asks about her data, and her officer answers."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.rights import may_for_herself
from groundswell.access.secrets import new_ids, read
from groundswell.access.trail import record
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.people.models import Person
from groundswell.people.rules import check_note
from groundswell.protection import days
from groundswell.protection.actions.erasing import erase_person
from groundswell.protection.models import DataRequest
from groundswell.protection.rules import LONGEST_WORDS


@transaction.atomic
def ask(person: Person, kind: str, *, actor: Actor, at: dt.datetime, words: str = "") -> DataRequest:
    """Ask for a copy, a correction or erasure; of these corrections alone wait beside each other.

    For the person herself, and for offices that may propose it in her name. The same again is one request;
    other words beside a copy or an erasure that waits are refused, since nobody would read them.
    """
    if not may_for_herself(actor, "people.erase.ask", person.pk):
        require(actor, "people.erase.ask", person.unit)
    said = check_note(words)[:LONGEST_WORDS] if words.strip() else ""
    if kind == "correct" and not said:
        raise Refusal(_("Write what is wrong and how it is right."), field="words", code="no-words")
    for waiting in DataRequest.objects.filter(person=person, kind=kind, decided_at=None):
        if said in {"", read(waiting, "words")}:
            return waiting
        if kind != "correct":
            sentence = _("This waits for an answer already, and what you add would not be kept with it.")
            raise Refusal(sentence, field="words", code="asked-already")
    (number,) = new_ids(DataRequest, 1)
    request = DataRequest.objects.create(
        pk=number,
        person=person,
        unit_id=person.unit_id,
        kind=kind,
        words=said or None,
        asked_at=at,
        asked_by=actor.account_id,
        due_on=days.answer_by(at.date()),
    )
    record("protection.request.asked", actor=actor, subject=request)
    return request


@transaction.atomic
def grant(request: DataRequest, *, actor: Actor, at: dt.datetime) -> None:
    """Do what was asked: an erasure happens with it; a copy is handed over, a correction made, apart."""
    require(actor, "people.erase", request.unit)
    request = _open(request)
    if request.kind == "erase":
        erase_person(request.person, actor=actor, at=at)
        return
    _decide(request, "granted", "", actor=actor, at=at)


@transaction.atomic
def refuse(request: DataRequest, *, reason: str, actor: Actor, at: dt.datetime) -> None:
    """Refuse with a reason that she reads (GDPR art. 12(4))."""
    require(actor, "people.erase", request.unit)
    said = " ".join(reason.split())[:200]
    if not said:
        raise Refusal(_("She is told why: write the reason."), field="reason", code="no-reason")
    _decide(_open(request), "refused", said, actor=actor, at=at)


@transaction.atomic
def take_back(request: DataRequest, *, actor: Actor, at: dt.datetime) -> None:
    """Let a person take back what she asked herself or an office asked in her name."""
    if not may_for_herself(actor, "people.erase.ask", request.person_id):
        raise NotFound(_("There is nothing here that you may see."))
    _decide(_open(request), "withdrawn", "", actor=actor, at=at)


def _open(request: DataRequest) -> DataRequest:
    found = (
        DataRequest.objects.select_for_update(of=("self",))
        .select_related("person", "unit")
        .filter(pk=request.pk, decided_at=None)
        .first()
    )
    if found is None:
        raise Refusal(_("Somebody answered this meanwhile."), code="decided")
    return found


def _decide(request: DataRequest, decision: str, reason: str, *, actor: Actor, at: dt.datetime) -> None:
    DataRequest.objects.filter(pk=request.pk).update(
        decision=decision, reason=reason, decided_at=at, decided_by=actor.account_id
    )
    record(f"protection.request.{decision}", actor=actor, subject=request)
