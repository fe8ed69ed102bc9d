"""A person is known, joins, or is a guest."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.kernel import clock
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.kernel.periods import days, since
from groundswell.kernel.saying import said as day_said
from groundswell.people import queries, rules
from groundswell.people.models import Asking, Membership, Person
from groundswell.structure.models import Unit


@transaction.atomic
def add_person(
    unit: Unit, *, name: str, actor: Actor, at: dt.datetime, sort_key: str = "", **details: Any
) -> Person:
    """Write down a person the unit knows; she is no member by that.

    `details` are those of `rules.check_details`: call name, pronoun, town, postcode, languages, minor. An
    office above the unit writes that somebody is under 18 last (`say_age`): from then on it sees her no more.
    """
    require(actor, "people.edit", unit)
    name = rules.check_name(name)
    kept = rules.check_details(details)
    person = Person.objects.create(
        unit=unit,
        name=name,
        sort_key=sort_key or rules.sort_key(name),
        folded=rules.folded_name(name, kept.get("call_name", "")),
        locale=unit.locale,
        heard_on=at.date(),
        recorded_at=at,
        **kept,
    )
    record("people.person.added", actor=actor, subject=person)
    return person


@transaction.atomic
def join(
    person: Person, *, unit: Unit, day: dt.date, actor: Actor, at: dt.datetime, kind: str = "member"
) -> Membership:
    """Make the person a member (or what `kind` says) of the unit from `day` on; also anew after leaving."""
    require(actor, "people.decide", unit)
    person = lock_person(person)
    queries.counts(kind, unit)  # refuses a kind that there is not
    membership = _enter(person, unit, day, at, kind=kind, home=True)
    Person.objects.filter(pk=person.pk).update(unit=unit)
    settle_asked(person, "apply", actor=actor, at=at)
    record("people.membership.began", actor=actor, subject=membership)
    return membership


@transaction.atomic
def be_guest(person: Person, *, unit: Unit, day: dt.date, actor: Actor, at: dt.datetime) -> Membership:
    """Make the person a guest of a unit that is not her home; she does not count there."""
    require(actor, "people.decide", unit)
    person = lock_person(person)
    membership = _enter(person, unit, day, at, kind="member", home=False)
    record("people.guest.began", actor=actor, subject=membership)
    return membership


def settle_asked(person: Person, kind: str, *, actor: Actor, at: dt.datetime) -> None:
    """Let what she asked for be accepted where it was done without an answer, so that it waits no more."""
    for asking in Asking.objects.filter(person=person, kind=kind, decided_at=None):
        Asking.objects.filter(pk=asking.pk).update(
            decided_at=at, decided_by=actor.account_id, decision="accepted"
        )
        record("people.asking.accepted", actor=actor, subject=asking)


def lock_person(person: Person) -> Person:
    """Let one change of this person's memberships happen at a time, until the transaction ends.

    A person out of the actor's reach looks like one that does not exist.
    """
    (locked,) = lock_people([person.pk])
    return locked


def lock_people(keys: Collection[int]) -> list[Person]:
    """Lock people as `lock_person` locks one, in the same order always: no two wait for each other."""
    locked = list(Person.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    if len(locked) != len(set(keys)):
        raise NotFound(_("There is no such person that you may change."), field="person")
    return locked


def _enter(person: Person, unit: Unit, day: dt.date, at: dt.datetime, *, kind: str, home: bool) -> Membership:
    unit = Unit.objects.get(pk=unit.pk)
    rules.check_membership_day(
        day,
        field="day",
        today=clock.today_in(unit.time_zone),
        founded_on=unit.founded_on,
        dissolved_on=unit.dissolved_on,
    )
    queries.refuse_by_number(unit, day)
    refuse_overlap(person, unit, day, None, home=home)
    return Membership.objects.create(
        person=person, unit=unit, kind_id=kind, home=home, valid=days(day), recorded=since(at)
    )


def refuse_overlap(
    person: Person, unit: Unit, start: dt.date, end: dt.date | None, *, home: bool, but: int | None = None
) -> None:
    """Refuse a membership that shares a day with another home, or with another row of the same unit."""
    believed = Membership.objects.filter(
        person=person, recorded__upper_inf=True, valid__overlap=days(start, end)
    )
    if but is not None:
        believed = believed.exclude(pk=but)
    if believed.filter(unit=unit).exists():
        sentence = _("She already is a member or guest of this unit on a day from %(day)s on.")
        raise Refusal(sentence % {"day": day_said(start)}, field="day", code="overlap")
    if home and believed.filter(home=True).exists():
        sentence = _(
            "She is a member elsewhere on a day from %(day)s on; transfer her instead, or end that first."
        )
        raise Refusal(sentence % {"day": day_said(start)}, field="day", code="overlap")
