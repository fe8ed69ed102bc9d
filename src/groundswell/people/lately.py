"""What became lately of members whom somebody looks after: who came and went, what lapsed, what was refused.

Both units are told of a transfer when it is asked for and when it is settled, also where nobody answered
and the worker accepted it (decision 0864).
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.access.actor import Actor
from groundswell.access.reach import within_reach
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


# On a day a member went from a unit to another, or lapsed there: then the other is None.
_Went = tuple[dt.date, int, int | None]


def told(actor: Actor, today: dt.date) -> list[Told]:
    """Return what became lately of those an actor looks after, and of herself, the newest first."""
    since = dt.datetime.combine(today - dt.timedelta(days=DAYS), dt.time.max, dt.UTC)
    askings, moves = _askings(actor, since), _moves(actor, since)
    persons = _seen({one.person_id for one in askings} | {one.person_id or 0 for one in moves})
    units = {key for one in moves for key in (one.unit_id, one.other_id)}
    units |= {key for one in askings for key in (one.unit_id, one.from_unit_id)}
    keys = sorted(key for key in units if key is not None)
    names = {key: one.name for key, one in structure.called(keys, today).items()} if keys else {}
    by_itself = {(one.person_id, one.unit_id) for one in askings if _by_itself(one)}
    lines = [*_of_askings(actor, askings, persons, names), *_of_moves(moves, persons, by_itself, names)]
    return sorted(lines, key=lambda one: one.day, reverse=True)


def _about(actor: Actor, units: Q, person: str) -> Q:
    """Return the condition that something is about those she looks after, or about herself."""
    return units if actor.person_id is None else units | Q(**{person: actor.person_id})


def _askings(actor: Actor, since: dt.datetime) -> list[Asking]:
    """Return what was decided lately, and the transfers that were asked for and wait."""
    units = within_reach(actor, "people.edit") | within_reach(actor, "people.edit", "from_unit__path")
    lately = Q(decided_at__gt=since) | Q(decided_at=None, kind="transfer")
    found = Asking.objects.select_related("unit", "from_unit").filter(
        _about(actor, units, "person_id"), lately
    )
    return list(found.order_by("-asked_at", "-pk")[:MOST])


def _moves(actor: Actor, since: dt.datetime) -> list[Movement]:
    """Return the steps by which members went elsewhere or lapsed, recorded lately and not reversed."""
    lapsed = Membership.objects.filter(pk=OuterRef("membership_id"), reason=LAPSED)
    reversed_since = Movement.objects.filter(reverses_id=OuterRef("pk"))
    elsewhere = Q(flow__in=("move_in", "move_out")) & ~Q(other=F("unit"))
    found = (
        Movement.objects.filter(_about(actor, within_reach(actor, "people.edit"), "person_id"))
        .filter(recorded_at__gt=since, origin="person", home=True, reverses_id=None)
        .filter(elsewhere | Q(Exists(lapsed), flow="exit"))
        .exclude(Exists(reversed_since))
    )
    return list(found.order_by("-day", "-pk")[:MOST])


def _seen(keys: Collection[int]) -> dict[int, Person]:
    """Return those of the persons whom the session sees: who went elsewhere is seen there."""
    return {one.pk: one for one in Person.objects.select_related("unit").filter(pk__in=keys)} if keys else {}


def _by_itself(asking: Asking) -> bool:
    return asking.kind == "transfer" and asking.decision == "accepted" and asking.decided_by is None


def _of_askings(
    actor: Actor, askings: Collection[Asking], persons: Mapping[int, Person], names: Mapping[int, str]
) -> Iterator[Told]:
    """Tell what is asked of another unit, and what came to nothing."""
    for one in askings:
        if one.person_id not in persons:
            continue
        one.person = persons[one.person_id]
        line = personpage.open_line(actor, one, names)
        if one.decided_at is None:
            if not line.decides and one.person_id != actor.person_id:
                yield Told(one.asked_at.date(), line.sentence, line.note, reverse("people:asked"))
        elif one.decision == "refused" or (one.decision == "withdrawn" and one.reason):
            said = _("Refused.") if one.decision == "refused" else _("Nothing came of it.")
            yield Told(one.decided_at.date(), line.sentence, f"{said} {one.reason}".strip())


def _of_moves(
    moves: Collection[Movement],
    persons: Mapping[int, Person],
    by_itself: Collection[tuple[int, int]],
    names: Mapping[int, str],
) -> Iterator[Told]:
    """Tell who went where and who lapsed; of several on a day from a unit to another how many."""
    went: dict[_Went, set[int]] = {}
    for one in moves:
        left, to = (one.other_id, one.unit_id) if one.flow == "move_in" else (one.unit_id, one.other_id)
        went.setdefault((one.day, left or 0, to), set()).add(one.person_id or 0)
    for (day, left, to), who in went.items():
        said = {"from": names.get(left, ""), "to": names.get(to or 0, ""), "count": len(who)}
        alone = persons.get(next(iter(who))) if len(who) == 1 else None
        if alone is not None:
            said["name"] = personpage.shown_name(alone)
        href = reverse("people:person", args=[alone.pk]) if alone else ""
        note = ""
        if to is not None and {(one, to) for one in who} & set(by_itself):
            note = _("Nobody answered in time, so it was accepted by itself.")
        yield Told(day, _sentence(said, lapsed=to is None), note, href)


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
