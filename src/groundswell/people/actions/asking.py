"""What is asked for and decided: to join, to move, to leave, a change of details."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, Final

from django.db import DatabaseError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from groundswell.access import scope
from groundswell.access.actor import OPERATOR, Actor
from groundswell.access.doors import require
from groundswell.access.rights import may, may_for_herself
from groundswell.access.secrets import new_ids
from groundswell.access.trail import record
from groundswell.kernel import clock
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.kernel.meanwhile import CHANGED
from groundswell.kernel.saying import spoken
from groundswell.people import hooks, queries, rules, words
from groundswell.people.actions.details import change_person
from groundswell.people.actions.joining import join
from groundswell.people.actions.leaving import leave, transfer
from groundswell.people.models import Asking, Membership, Person
from groundswell.structure import counting
from groundswell.structure.models import Unit

LONGEST_REASON: Final = 200
PURPOSE: Final = "accept transfers"
# What the database alone can know of a transfer, as sentences (people migration 0011).
_UNDONE: Final[Mapping[str, str]] = {
    "GS001": "decided",
    "GS002": "gone",
    "GS003": "too-early",
    "GS004": "guest",
}


@transaction.atomic
def ask_to_join(
    person: Person, *, actor: Actor, at: dt.datetime, kind: str = "member", words: str = ""
) -> Asking:
    """Let a contact apply to her unit, for a kind of membership."""
    _require_asking(actor, person)
    queries.counts(kind, person.unit)  # refuses a kind that there is not
    if queries.home_of(person) is not None:
        raise Refusal(_("She is a member already."), code="overlap")
    return _ask(person, "apply", person.unit, actor=actor, at=at, details={"kind": kind, "words": words})


@transaction.atomic
def ask_to_transfer(
    person: Person, *, to: Unit, actor: Actor, at: dt.datetime, words: str = ""
) -> Asking | Membership:
    """Ask that a member moves to another unit, or move her at once where the actor decides on both sides.

    Her own unit's offices and she herself may ask. It is accepted by itself after the days that the
    section of the other unit sets.
    """
    _require_asking(actor, person)
    held = queries.home_of(person)
    if held is None:
        raise Refusal(_("She is a member nowhere; let her join instead."), code="no-member")
    rules.check_transfer(held.unit_id, to.pk)
    if may(actor, "people.decide", held.unit) and may(actor, "people.decide", to):
        return transfer(held, to=to, day=clock.day_in(to.time_zone, at), actor=actor, at=at)
    today = clock.day_in(to.time_zone, at)
    queries.refuse_by_number(to, today)
    days = queries.section_rule(to).transfer_days
    return _ask(
        person,
        "transfer",
        to,
        actor=actor,
        at=at,
        from_unit=held.unit,
        due_on=today + dt.timedelta(days=days),
        details={"words": words},
    )


@transaction.atomic
def ask_to_leave(person: Person, *, actor: Actor, at: dt.datetime, words: str = "") -> Asking:
    """Let a member say that she leaves; her unit writes it down."""
    _require_asking(actor, person)
    held = queries.home_of(person)
    if held is None:
        raise Refusal(_("She is a member nowhere."), code="no-member")
    return _ask(person, "leave", held.unit, actor=actor, at=at, details={"words": words})


@transaction.atomic
def propose_change(
    person: Person, *, changes: Mapping[str, Any], before: Mapping[str, Any], actor: Actor, at: dt.datetime
) -> Asking:
    """Propose other details of a person to her unit's secretary."""
    require(actor, "people.edit", person.unit)
    details = {"changes": rules.check_details(changes), "before": dict(before)}
    return _ask(person, "change", person.unit, actor=actor, at=at, details=details)


@transaction.atomic
def accept(asking: Asking, *, actor: Actor, at: dt.datetime) -> None:
    """Do what was asked, today."""
    require(actor, "people.decide", asking.unit)
    asking = _open(asking)
    if asking.kind == "transfer":
        _transferred(asking, actor, at)
        record("people.membership.transferred", actor=actor, subject=asking)
        return
    details = queries.details_of(asking)
    rules.check_readable(readable=bool(details) or asking.kind == "leave")
    _decide(asking, "accepted", actor=actor, at=at)
    unit = counting.goes_on_in(asking.unit)
    today, held = clock.day_in(unit.time_zone, at), queries.home_of(asking.person)
    if asking.kind == "apply":
        if held is None or held.unit_id != asking.unit_id:  # else a list that came in has let her join
            join(asking.person, unit=unit, day=today, actor=actor, at=at, kind=details["kind"])
    elif asking.kind == "leave":
        if held is not None:
            leave(held, day=today, actor=actor, at=at, reason=str(details.get("words", "")))
    else:
        _change(asking, details, actor)


@transaction.atomic
def refuse(asking: Asking, *, actor: Actor, at: dt.datetime, reason: str = "") -> None:
    """Refuse what was asked, with a reason that she may read."""
    require(actor, "people.decide", asking.unit)
    said = rules.check_line(reason, field="reason", most=LONGEST_REASON)
    _decide(_open(asking), "refused", actor=actor, at=at, reason=said)


@transaction.atomic
def withdraw_asking(asking: Asking, *, actor: Actor, at: dt.datetime) -> None:
    """Take back what was asked: she herself, or the offices of the unit she is in."""
    _require_asking(actor, asking.person)
    _decide(_open(asking), "withdrawn", actor=actor, at=at)


def _change(asking: Asking, details: Mapping[str, Any], actor: Actor) -> None:
    """Change what was proposed; where somebody changed the same since, say what is left to be done."""
    try:
        change_person(asking.person, changes=details["changes"], before=details["before"], actor=actor)
    except Refusal as refusal:
        if refusal.code != CHANGED or refusal.field is None:
            raise
        stands = Person.objects.values_list(refusal.field, flat=True).get(pk=asking.person_id)
        raise rules.changed_since(str(words.DETAILS[refusal.field]), stands) from refusal


def accept_due(*, at: dt.datetime) -> int:
    """Carry out the transfers whose days are over; return how many. For the worker.

    One that cannot be carried out any more (she has left meanwhile) is withdrawn, so that nobody waits; why
    is said in the language of the unit that she would have left. Each is carried out in a transaction of
    its own, as memberships lapse (`lapse_due`).
    """
    done = 0
    with scope.worker(PURPOSE):
        waiting = Asking.objects.filter(kind="transfer", decided_at=None, due_on__lte=at.date())
        due = [
            one
            for one in waiting.select_related("unit", "from_unit", "person").order_by("pk")
            if (one.due_on or dt.date.max) < clock.day_in(one.unit.time_zone, at)
        ]
    for asking in due:
        left = asking.from_unit or asking.unit
        try:
            with scope.worker(PURPOSE), translation.override(spoken(left.locale)):
                _transferred(asking, OPERATOR, at)
            done += 1
        except Refusal as refusal:
            # What somebody decided while this went on stays as it was decided.
            with scope.worker(PURPOSE):
                Asking.objects.filter(pk=asking.pk, decided_at=None).update(
                    decided_at=at, decision="withdrawn", reason=refusal.sentence[:LONGEST_REASON]
                )
    return done


def _ask(
    person: Person,
    kind: str,
    unit: Unit,
    *,
    actor: Actor,
    at: dt.datetime,
    details: Mapping[str, Any],
    **more: Any,
) -> Asking:
    if kind != "change" and Asking.objects.filter(person=person, kind=kind, decided_at=None).exists():
        raise Refusal(_("This is asked for already, and waits for an answer."), code="asked-already")
    (number,) = new_ids(Asking, 1)
    asking = Asking.objects.create(
        pk=number,
        person=person,
        unit=unit,
        kind=kind,
        details=json.dumps(details, ensure_ascii=False),
        asked_at=at,
        asked_by=actor.account_id,
        **more,
    )
    record(f"people.asking.{kind}", actor=actor, subject=asking)
    return asking


def _open(asking: Asking) -> Asking:
    """Lock what was asked; refuse when somebody decided it meanwhile."""
    held = Asking.objects.select_for_update(of=("self",)).select_related("unit", "person").get(pk=asking.pk)
    if held.decided_at is not None:
        raise Refusal(_("Somebody decided this meanwhile; open it again to see how."), code="decided")
    return held


def _decide(asking: Asking, decision: str, *, actor: Actor, at: dt.datetime, reason: str = "") -> None:
    Asking.objects.filter(pk=asking.pk).update(
        decided_at=at, decided_by=actor.account_id, decision=decision, reason=reason
    )
    record(f"people.asking.{decision}", actor=actor, subject=asking)


def _transferred(asking: Asking, actor: Actor, at: dt.datetime) -> None:
    unit = counting.goes_on_in(asking.unit)
    today = clock.day_in(unit.time_zone, at)
    if unit != asking.unit:
        rules.check_transfer(asking.from_unit_id or 0, unit.pk)
        require(actor, "people.decide", unit)
        Asking.objects.filter(pk=asking.pk).update(unit=unit)
    rules.check_membership_day(
        today, field="day", today=today, founded_on=unit.founded_on, dissolved_on=unit.dissolved_on
    )
    queries.refuse_by_number(unit, today)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select people_transfer_accepted(%s, %s, %s)", [asking.pk, today, at])
    except DatabaseError as problem:
        code = _UNDONE.get(getattr(problem.__cause__, "sqlstate", None) or "")
        if code is None:
            raise
        raise Refusal(_why(code), code=code) from problem
    for follow in hooks.when_moving:
        follow([asking.person], today, actor, at)


def _why(code: str) -> str:
    return {
        "decided": _("Somebody decided this meanwhile; open it again to see how."),
        "gone": _("She is no member of the other unit any more, so there is nothing to transfer."),
        "too-early": _("She joined the other unit only today; accept the transfer tomorrow."),
        "guest": _("She is a guest of this unit; end that first, then accept the transfer."),
    }[code]


def _require_asking(actor: Actor, person: Person) -> None:
    """Return when the actor may ask in this person's name: she herself, or the offices of her unit."""
    if may_for_herself(actor, "people.ask", person.pk) or may(actor, "people.edit", person.unit):
        return
    raise NotFound(_("There is no such person that you may change."), field="person")
