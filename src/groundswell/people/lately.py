"""What became lately of members whom somebody looks after: who came and went, what lapsed, what was refused.

Both units are told of a transfer when it is asked for and when it is settled, also where nobody answered
and the worker accepted it (decision 0864).
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.access.actor import Actor
from groundswell.access.reach import within_reach
from groundswell.kernel import clock
from groundswell.people import personpage
from groundswell.people.actions.lapsing import LAPSED
from groundswell.people.models import Asking, Membership, Movement, Person
from groundswell.structure import queries as structure

DAYS: Final = 14
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Told:
    """What happened on a day, a word beside it, and the address where more of it stands ('': none)."""

    day: dt.date
    sentence: str
    note: str = ""
    href: str = ""


class _Went(NamedTuple):
    """How many went on a day from a unit to another, or lapsed there: then the other is None."""

    day: dt.date
    left: int
    to: int | None
    number: int
    person: int | None
    by_itself: bool


def told(actor: Actor, today: dt.date) -> list[Told]:
    """Return what became lately of those an actor looks after, and of herself, the newest first."""
    since = dt.datetime.combine(today - dt.timedelta(days=DAYS), dt.time.max, dt.UTC)
    askings, went = _askings(actor, since), _moves(actor, since)
    alone = {one.person for one in went if one.number == 1 and one.person}
    persons = _seen({one.person_id for one in askings} | alone)
    units = {key for one in went for key in (one.left, one.to)}
    units |= {key for one in askings for key in (one.unit_id, one.from_unit_id)}
    keys = sorted(key for key in units if key is not None)
    names = {key: one.name for key, one in structure.called(keys, today).items()} if keys else {}
    lines = [*_of_askings(actor, askings, persons, names), *_of_moves(went, persons, names)]
    return sorted(lines, key=lambda one: one.day, reverse=True)


def _about(actor: Actor, units: Q, person: str) -> Q:
    """Return the condition that something is about those she looks after, or about herself."""
    return units if actor.person_id is None else units | Q(**{person: actor.person_id})


def _askings(actor: Actor, since: dt.datetime) -> list[Asking]:
    """Return what came to nothing lately, and the transfers that were asked for and wait."""
    units = within_reach(actor, "people.edit") | within_reach(actor, "people.edit", "from_unit__path")
    told_of = Q(decided_at__gt=since, decision__in=("refused", "withdrawn")) | Q(
        decided_at=None, kind="transfer"
    )
    found = Asking.objects.select_related("unit", "from_unit").filter(
        _about(actor, units, "person_id"), told_of
    )
    return list(found.order_by("-asked_at", "-pk")[:MOST])


def _moves(actor: Actor, since: dt.datetime) -> list[_Went]:
    """Return how many went elsewhere or lapsed, recorded lately and not reversed: counted, however many."""
    lapsed = Membership.objects.filter(pk=OuterRef("membership_id"), reason=LAPSED)
    reversed_since = Movement.objects.filter(reverses_id=OuterRef("pk"))
    by_itself = Asking.objects.filter(
        kind="transfer", decision="accepted", decided_by=None, decided_at__gt=since
    ).filter(person=OuterRef("person_id"), unit=OuterRef("to"))
    elsewhere = Q(flow__in=("move_in", "move_out")) & ~Q(other=F("unit"))
    came = Q(flow="move_in")
    found = (
        Movement.objects.filter(_about(actor, within_reach(actor, "people.edit"), "person_id"))
        .filter(recorded_at__gt=since, origin="person", home=True, reverses_id=None)
        .filter(elsewhere | Q(Exists(lapsed), flow="exit"))
        .exclude(Exists(reversed_since))
        .annotate(left=Case(When(came, then="other"), default="unit"))
        .annotate(to=Case(When(came, then="unit"), default="other"))
        .values_list("day", "left", "to")
        .annotate(
            number=Count(Coalesce("person_id", 0), distinct=True),
            alone=Min("person_id"),
            silent=BoolOr(Exists(by_itself)),
        )
        .alias(newest=Max("pk"))
    )
    return [_Went(*one) for one in found.order_by("-day", "-newest")[:MOST]]


def _seen(keys: Collection[int]) -> dict[int, Person]:
    """Return those of the persons whom the session sees: who went elsewhere is seen there."""
    return {one.pk: one for one in Person.objects.select_related("unit").filter(pk__in=keys)} if keys else {}


def _of_askings(
    actor: Actor, askings: Collection[Asking], persons: Mapping[int, Person], names: Mapping[int, str]
) -> Iterator[Told]:
    """Tell what is asked of another unit, and what came to nothing."""
    seen = [one for one in askings if one.person_id in persons]
    for one in seen:
        one.person = persons[one.person_id]
    for one, line in zip(seen, personpage.lines_of(actor, seen, names), strict=True):
        if one.decided_at is None:
            if not line.decides and one.person_id != actor.person_id:
                yield Told(clock.day_of(one.asked_at), line.sentence, line.note, reverse("people:asked"))
        elif one.decision == "refused" or (one.decision == "withdrawn" and one.reason):
            said = _("Refused.") if one.decision == "refused" else _("Nothing came of it.")
            yield Told(clock.day_of(one.decided_at), line.sentence, f"{said} {one.reason}".strip())


def _of_moves(
    went: Collection[_Went], persons: Mapping[int, Person], names: Mapping[int, str]
) -> Iterator[Told]:
    """Tell who went where and who lapsed; of several on a day from a unit to another how many."""
    called = personpage.shown_names(list(persons.values()))
    for one in went:
        said = {"from": names.get(one.left, ""), "to": names.get(one.to or 0, ""), "count": one.number}
        alone = persons.get(one.person or 0) if one.number == 1 else None
        if alone is not None:
            said["name"] = called[alone.pk]
        href = reverse("people:person", args=[alone.pk]) if alone else ""
        note = _("Nobody answered in time, so it was accepted by itself.") if one.by_itself else ""
        yield Told(one.day, _sentence(said, lapsed=one.to is None), note, href)


def _sentence(said: Mapping[str, Any], *, lapsed: bool) -> str:
    if "name" in said and lapsed:
        return _("The membership of %(name)s in %(from)s lapsed, since nobody paid.") % said
    if "name" in said:
        return _("%(name)s went from %(from)s to %(to)s.") % said
    if lapsed:
        return (
            ngettext(
                "%(count)d membership in %(from)s lapsed, since nobody paid.",
                "%(count)d memberships in %(from)s lapsed, since nobody paid.",
                said["count"],
            )
            % said
        )
    return (
        ngettext(
            "%(count)d member went from %(from)s to %(to)s.",
            "%(count)d members went from %(from)s to %(to)s.",
            said["count"],
        )
        % said
    )
