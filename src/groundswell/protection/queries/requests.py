"""What was asked, and what the clocks of retention will do next."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.kernel.errors import NotFound
from groundswell.people.models import (
    Asking,
    Contact,
    Hold,
    Membership,
    Note,
    Person,
    SectionRule,
    Standing,
    Tag,
)
from groundswell.protection import days
from groundswell.protection.models import Consent, DataRequest

# What is done with a person when her clock has run out.
CONTACT, REFUSED, FORMER = "contact", "refused", "former"


@dataclass(frozen=True, slots=True)
class Due:
    """A person, what will be done with her, and from which day on."""

    person: Person
    what: str
    day: dt.date


def open_requests(actor: Actor) -> list[DataRequest]:
    """Return what waits for an answer within the actor's reach as an officer, the most urgent first."""
    found = DataRequest.objects.select_related("person__unit", "unit").filter(decided_at=None)
    return list(found.filter(_in_reach(actor, "unit__path")).order_by("due_on", "pk"))


def request_for(actor: Actor, key: int) -> DataRequest:
    """Return one request that the actor answers; NotFound for a foreign and a missing one alike."""
    found = DataRequest.objects.select_related("person", "unit").filter(
        _in_reach(actor, "unit__path"), pk=key
    )
    request = found.first()
    if request is None:
        raise NotFound(_("There is nothing here that you may see."))
    return request


def requests_of(person: int) -> list[DataRequest]:
    """Return what a person asked, the newest first."""
    return list(DataRequest.objects.filter(person=person).order_by("-asked_at", "-pk"))


def due(actor: Actor, *, until: dt.date) -> Iterator[Due]:
    """Yield whose clock runs out by a day, within the actor's reach; nobody whom a hold keeps.

    Contacts who never were members, by the day they were last heard of; whose application was refused and
    who never were members, at once; former members of whom more than the name is kept.
    """
    sections = {one.pk: one for one in SectionRule.objects.all()}
    yield from _contacts(actor, until, sections)
    yield from _former(actor, until, sections)


def _contacts(actor: Actor, until: dt.date, sections: dict[int, SectionRule]) -> Iterator[Due]:
    never = _kept_free(actor).exclude(Exists(_believed())).annotate(refused=Exists(_asked("refused")))
    waiting = Exists(Asking.objects.filter(person=OuterRef("pk"), decided_at=None))
    shortest = min([SectionRule().contact_months, *(one.contact_months for one in sections.values())])
    heard = days.forget_on(until, -shortest)
    for person in (
        never.exclude(waiting)
        .filter(Q(heard_on__lte=heard) | Q(heard_on=None) | Q(refused=True))
        .order_by("pk")
    ):
        last = person.heard_on or person.recorded_at.date()
        if person.refused:
            yield Due(person, REFUSED, last)
            continue
        day = days.forget_on(last, _rule(person, sections).contact_months)
        if day <= until:
            yield Due(person, CONTACT, day)


def _former(actor: Actor, until: dt.date, sections: dict[int, SectionRule]) -> Iterator[Due]:
    more = Q()
    for table in (Contact, Note, Tag, Standing, Asking, Consent):
        more |= Q(Exists(table.objects.filter(person=OuterRef("pk"))))
    ended = _believed().order_by().values("person").annotate(last=Max(Upper("valid"))).values("last")
    open_ended = Exists(_believed().filter(valid__upper_inf=True))
    left = _kept_free(actor).filter(more, Exists(_believed())).exclude(open_ended).annotate(left_on=ended)
    for person in left.order_by("pk"):
        day = days.reduce_on(person.left_on, _rule(person, sections).former_years)
        if day <= until:
            yield Due(person, FORMER, day)


def rule_of(person: Person) -> SectionRule:
    """Return the rules of a person's section, its defaults where it set none."""
    section = person.unit.section_id or person.unit_id
    return SectionRule.objects.filter(pk=section).first() or SectionRule()


def _rule(person: Person, sections: dict[int, SectionRule]) -> SectionRule:
    return sections.get(person.unit.section_id or person.unit_id) or SectionRule()


def _believed() -> QuerySet[Membership]:
    return Membership.objects.filter(person=OuterRef("pk"), recorded__upper_inf=True)


def _asked(decision: str) -> QuerySet[Asking]:
    return Asking.objects.filter(person=OuterRef("pk"), kind="apply", decision=decision)


def _kept_free(actor: Actor) -> QuerySet[Person]:
    held = Hold.objects.filter(person=OuterRef("pk"), lifted_at=None)
    return Person.objects.select_related("unit").filter(_in_reach(actor, "unit__path")).exclude(Exists(held))


def _in_reach(actor: Actor, path: str) -> Q:
    """Return the condition that a unit lies in the actor's reach as a data protection officer."""
    if actor.operator:
        return Q()
    reach = Q(pk__in=[])
    for held in actor.mandates:
        if held.office == "dpo" and held.holds_names:
            reach |= Q(**{f"{path}__startswith": held.path})
    return reach
