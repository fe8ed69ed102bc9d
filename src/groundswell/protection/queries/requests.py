"""What was asked, and what the clocks of retention will do next."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import (
    Case,
    DateField,
    DurationField,
    Exists,
    F,
    Func,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, TruncDate, Upper
from django.utils.translation import gettext as _

from groundswell.access import trailing
from groundswell.access.actor import Actor
from groundswell.access.reach import within_reach
from groundswell.accounts.models import Mandate
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
from groundswell.protection.models import Consent, DataRequest

# What is done with a person when her clock has run out.
CONTACT, REFUSED, FORMER = "contact", "refused", "former"
# The event of the trail that says of whom it was refused in the night, with the sentence as `why`.
REFUSED_TO_FORGET: Final = "people.person.kept"
Ruled = Mapping[str, int | None]
NO_OTHER: Final[Ruled] = {}


@dataclass(frozen=True, slots=True)
class Due:
    """A person, what will be done with her, and from which day on."""

    person: Person
    what: str
    day: dt.date


def open_requests(actor: Actor) -> QuerySet[DataRequest]:
    """Return what waits for an answer within the actor's reach as an officer, the most urgent first."""
    found = DataRequest.objects.select_related("person__unit", "unit").filter(decided_at=None)
    return found.filter(within_reach(actor, "people.erase")).order_by("due_on", "pk")


def request_for(actor: Actor, key: int) -> DataRequest:
    """Return one request that the actor answers; NotFound for a foreign and a missing one alike."""
    found = DataRequest.objects.select_related("person", "unit").filter(
        within_reach(actor, "people.erase"), pk=key
    )
    request = found.first()
    if request is None:
        raise NotFound(_("There is nothing here that you may see."))
    return request


def requests_of(person: int) -> list[DataRequest]:
    """Return what a person asked, the newest first."""
    return list(DataRequest.objects.filter(person=person).order_by("-asked_at", "-pk"))


def own_request(person: int, key: int) -> DataRequest:
    """Return something that a person asked; NotFound for what she did not."""
    found = DataRequest.objects.filter(person=person, pk=key).first()
    if found is None:
        raise NotFound(_("There is nothing here that you may see."))
    return found


def ahead(actor: Actor, *, today: dt.date, until: dt.date, most: int) -> tuple[list[Due], int]:
    """Return the first `most` whose clock runs out by a day, the soonest first, and how many they all are.

    Whoever holds an office today is not among them.
    """
    when = Case(When(refused=True, then=F("last")), default=F("due"), output_field=DateField())
    contacts, former = _contacts(actor, until, today), _former(actor, until, today)
    first = [
        *(_contact(one) for one in contacts.order_by(when, "pk")[:most]),
        *(Due(one, FORMER, one.due) for one in former.order_by("due", "pk")[:most]),
    ]
    first.sort(key=lambda one: one.day)
    whole = contacts.count() + former.count() if len(first) >= most else len(first)
    return first[:most], whole


def refused_lately(persons: Collection[int]) -> dict[int, str]:
    """Return why it was refused in one of the last nights, of these persons whose clock has run out."""
    found = trailing.newest_of(REFUSED_TO_FORGET, persons, days=2)
    return {person: str(said.get("why", "")) for person, said in found.items()}


def due(
    actor: Actor, *, until: dt.date, most: int | None = None, only: Q | None = None, ruled: Ruled = NO_OTHER
) -> Iterator[Due]:
    """Yield whose clock runs out by a day, within the actor's reach; nobody whom a hold or an office keeps.

    Contacts who never were members, by the day they were last heard of; whose application was refused and
    who never were members, at once; former members of whom more than the name is kept. Of all these the first
    `most`, contacts before former members: the database reads no more; of `only` those of this condition.
    `ruled` are months or years as if they were ruled in place of those that are.
    """
    only = only or Q()
    contacts = _contacts(actor, until, until, ruled).filter(only)[:most]
    for person in contacts:
        yield _contact(person)
    left = None if most is None else most - len(contacts)
    for person in _former(actor, until, until, ruled).filter(only)[:left]:
        yield Due(person, FORMER, person.due)


def came_back(one: Due) -> bool:
    """Return whether she whose clock has run out is a member by now, or asks for something and waits."""
    joined = Membership.objects.filter(person=one.person, recorded__upper_inf=True)
    if one.what == FORMER:
        joined = joined.filter(valid__upper_inf=True)
    return joined.exists() or Asking.objects.filter(person=one.person, decided_at=None).exists()


def _contact(person: Any) -> Due:
    return Due(person, REFUSED, person.last) if person.refused else Due(person, CONTACT, person.due)


def _contacts(actor: Actor, until: dt.date, today: dt.date, ruled: Ruled = NO_OTHER) -> QuerySet[Any]:
    """Return contacts due by a day: `last` heard of, `due` on, `refused` or not."""
    return (
        _kept_free(actor, today)
        .exclude(Exists(_believed()))
        .annotate(
            refused=Exists(_asked("refused")),
            last=Coalesce("heard_on", TruncDate("recorded_at", tzinfo=dt.UTC)),
            due=_months_after("last", _ruled("contact_months", ruled)),
        )
        .filter(Q(refused=True) | Q(due__lte=until))
        .order_by("pk")
    )


def _former(actor: Actor, until: dt.date, today: dt.date, ruled: Ruled = NO_OTHER) -> QuerySet[Any]:
    """Return former members due by a day: `due` on."""
    more = Q()
    for table in (Contact, Note, Tag, Standing, Asking, Consent):
        more |= Q(Exists(table.objects.filter(person=OuterRef("pk"))))
    ended = _believed().order_by().values("person").annotate(last=Max(Upper("valid"))).values("last")
    open_ended = Exists(_believed().filter(valid__upper_inf=True))
    return (
        _kept_free(actor, today)
        .filter(more, Exists(_believed()))
        .exclude(open_ended)
        .annotate(left_on=Subquery(ended), due=_months_after("left_on", _ruled("former_years", ruled) * 12))
        .filter(due__lte=until)
        .order_by("pk")
    )


def _ruled(rule: str, instead: Ruled) -> Combinable:
    """Return what the section of a person rules, by the default where it set nothing; or `instead`."""
    if instead.get(rule) is not None:
        return Value(instead[rule])
    section = Coalesce(OuterRef("unit__section"), OuterRef("unit"))
    said = SectionRule.objects.filter(unit=section).values(rule)
    return Coalesce(Subquery(said), getattr(SectionRule(), rule))


def _months_after(day: str, months: Combinable) -> Func:
    """Return the day so many months later, as `days` reckons: the last of a shorter month."""
    interval = Func(0, months, function="make_interval", output_field=DurationField())
    return Func(
        F(day), interval, template="(%(expressions)s)::date", arg_joiner=" + ", output_field=DateField()
    )


def rule_of(person: Person) -> SectionRule:
    """Return the rules of a person's section, its defaults where it set none."""
    section = person.unit.section_id or person.unit_id
    return SectionRule.objects.filter(pk=section).first() or SectionRule()


def _believed() -> QuerySet[Membership]:
    return Membership.objects.filter(person=OuterRef("pk"), recorded__upper_inf=True)


def _asked(decision: str) -> QuerySet[Asking]:
    return Asking.objects.filter(person=OuterRef("pk"), kind="apply", decision=decision)


def _kept_free(actor: Actor, today: dt.date) -> QuerySet[Person]:
    """Return whom neither a hold keeps, nor an office held today or from a day to come, nor what waits.

    What somebody asked for, to come back perhaps, is answered before she is forgotten.

    The first secretary of an organisation holds hers before anybody is a member of it.
    """
    held = Hold.objects.filter(person=OuterRef("pk"), lifted_at=None)
    waiting = Asking.objects.filter(person=OuterRef("pk"), decided_at=None)
    office = Mandate.objects.filter(
        Q(valid__upper_inf=True) | Q(valid__endswith__gt=today),
        person=OuterRef("pk"),
        recorded__upper_inf=True,
    )
    return (
        Person.objects.select_related("unit")
        .filter(within_reach(actor, "people.erase"))
        .exclude(Exists(held))
        .exclude(Exists(office))
        .exclude(Exists(waiting))
    )
