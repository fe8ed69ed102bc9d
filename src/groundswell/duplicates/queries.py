"""The reads of the room: pairs that wait, the two of a pair, what was merged lately."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.reach import within_reach
from groundswell.access.rights import may, may_by_office
from groundswell.access.secrets import read
from groundswell.duplicates import rules
from groundswell.duplicates.models import Likeness, Merge
from groundswell.duplicates.rules import Term
from groundswell.kernel.errors import NotFound
from groundswell.people.models import Membership, Person

_SIDES: Final = ("unit", "other_unit", "person__unit", "other__unit")


@dataclass(frozen=True, slots=True)
class Two:
    """Two records side by side, by their numbers in order, with the believed memberships of both."""

    one: Person
    other: Person
    terms: tuple[Term, ...]


def waiting(actor: Actor) -> QuerySet[Likeness]:
    """Return the pairs nobody has parted that the actor may judge, those proposed first, then the surest.

    NotFound for whoever judges nowhere.
    """
    if not may_by_office(actor, "people.erase.ask"):
        raise NotFound(_("There is nothing here that you may see."))
    found = pairs_of(actor, "people.erase.ask").exclude(verdict="different")
    return found.select_related(*_SIDES).order_by("-verdict", "-score", "pk")


def pairs_of(actor: Actor, capability: str) -> QuerySet[Likeness]:
    """Return the pairs to whose both records the actor may do this by her offices."""
    return Likeness.objects.filter(
        within_reach(actor, capability), within_reach(actor, capability, "other_unit__path")
    )


def likeness_for(actor: Actor, key: int) -> Likeness:
    """Return a pair that the actor may judge; NotFound for a foreign and a missing one alike."""
    one = _pairs().filter(pk=key).first()
    if one is None or not may_judge(actor, one.unit, one.other_unit, "people.erase.ask"):
        raise NotFound(_("There is nothing here that you may see."))
    return one


def may_judge(actor: Actor, one: Any, other: Any, capability: str) -> bool:
    """Return whether the actor may do this to records of both units."""
    return may(actor, capability, one) and may(actor, capability, other)


def two(one: Person, other: Person) -> Two:
    """Return two records with the memberships that are believed of them.

    Their officer is told all of these, whichever section they lie in; others those that the session sees.
    """
    first, second = sorted((one, other), key=lambda person: person.pk)
    numbers = [first.pk, second.pk]
    held = list(Membership.objects.raw("select * from duplicates_believed(%s)", [numbers]))
    if not held:
        held = list(Membership.objects.filter(person__in=numbers, recorded__upper_inf=True).order_by("pk"))
    return Two(first, second, tuple(_term(row) for row in held))


def _term(row: Membership) -> Term:
    return Term(
        row.pk,
        row.person_id,
        row.unit_id,
        row.kind_id,
        row.home,
        row.valid.lower,
        row.valid.upper,
        (row.entry_flow, row.entry_other_id, row.entry_transfer_id),
        (row.exit_flow, row.exit_other_id, row.exit_transfer_id),
        row.reason,
    )


def merges(actor: Actor, *, now: dt.datetime, most: int) -> list[Merge]:
    """Return the merges that can still be undone by the actor, the newest first."""
    found = _merges().filter(undone_at=None, kept__isnull=False, at__gt=_oldest(now)).order_by("-at", "-pk")
    return [one for one in found[:most] if may(actor, "people.erase", one.unit)]


def merge_for(actor: Actor, key: int) -> Merge:
    """Return a merge of a person whose data protection officer the actor is; NotFound else."""
    one = _merges().filter(pk=key).first()
    if one is None or not may(actor, "people.erase", one.unit):
        raise NotFound(_("There is nothing here that you may see."))
    return one


def over(now: dt.datetime) -> list[Merge]:
    """Return the merges whose time for undoing is over and that still hold what it needs."""
    return list(Merge.objects.filter(kept__isnull=False, at__lte=_oldest(now)).order_by("pk"))


def told_of(person: int) -> list[tuple[dt.datetime, dt.datetime | None, int | None]]:
    """Return when a person became one with which other, and when that was undone, the oldest first.

    The other is None unless the session reads her record as well; of one it does not read nothing is told.
    """
    with connection.cursor() as cursor:
        cursor.execute("select at, undone_at, other from duplicates_merges_of(%s)", [person])
        return list(cursor.fetchall())


def held_of_other(person: int) -> list[dict[str, Any]]:
    """Return the pairs of which a person is the second, without the first, for the answer to her request.

    For herself, her data protection officer and the operator; a database error for anybody else.
    """
    return _rows("select held::text from duplicates_held_of_other(%s) held", person)


def changes_of_other(person: int) -> list[dict[str, Any]]:
    """Return what the trail holds of the pairs of which a person is the second, as `held_of_other` does."""
    return _rows("select change::text from duplicates_changes_of_other(%s) change", person)


def _rows(statement: str, person: int) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [person])
        return [json.loads(row) for (row,) in cursor.fetchall()]


def found_by(merge: Merge) -> dict[str, Any]:
    """Return what undoing a merge needs, opened."""
    kept: dict[str, Any] = json.loads(read(merge, "kept") or "{}")
    return kept


def _oldest(now: dt.datetime) -> dt.datetime:
    return now - dt.timedelta(days=rules.UNDO_DAYS)


def _pairs() -> QuerySet[Likeness]:
    return Likeness.objects.select_related(*_SIDES)


def _merges() -> QuerySet[Merge]:
    return Merge.objects.select_related("unit", "person__unit")
