"""An import is undone as one act: whom it made is erased, what it added to others is taken away.

Whoever was built upon meanwhile (she was transferred, holds an office, asked for something) stays, and
is named. So does, for as long, whoever stands in a later list that is not undone: what this list wrote of her
waits (`made` says so), and goes when that list is undone too. So lists are undone in any order, nothing of a
list that stands is lost, and of lists that are all undone nothing is left.

In the scope of the operator or the worker.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _

from groundswell.access import erasing
from groundswell.access.actor import OPERATOR, Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.exchange.actions.turns import take_turn
from groundswell.exchange.actions.writing import mark
from groundswell.exchange.leftover import LATER
from groundswell.exchange.models import Batch, Line
from groundswell.kernel.errors import Refusal
from groundswell.people import actions as people
from groundswell.people.models import Person

# What was written for the people of a list: for its own lines, and for those of lists that are undone and
# waited for this one. Each with whether she stands in a later list that is not undone. Whose record became
# one with another is that other by now.
_WRITTEN: Final = f"""
select l.id, l.batch_id, coalesce(g.stays, l.person_id), l.made, exists (
  select from exchange_line o join exchange_batch other on other.id = o.batch_id
  where o.person_id in (l.person_id, g.stays) and o.made is not null and o.batch_id <> %(batch)s
    and other.state <> 'undone'
    and {LATER})
from exchange_line l join exchange_batch b on b.id = l.batch_id
left join access_merged g on g.goes = l.person_id
where l.made is not null
  and (l.batch_id = %(batch)s and l.person_id is not null
       or b.state = 'undone' and l.made->>'waits' is not null and l.person_id in
         (select m.person_id from exchange_line m where m.batch_id = %(batch)s and m.made is not null))
order by (l.made->>'at')::timestamptz, l.batch_id, l.number
"""  # noqa: S608  # nosec B608 - a constant
_WAITS: Final = """
update exchange_line set made = case when %s then made || '{"waits": true}' else made - 'waits' end
where id = any(%s)
"""
# Those whom the batch made and on whom something was built that it did not write. `m` is what lines wrote:
# somebody may stand in two rows, which came in at two moments. Of whom it is asked is said once and joined:
# with the whole list said to every table, planning took as long as answering. That somebody changed a name,
# a town or a tag by hand stands in the trail alone; lists are written by the operator and the worker.
_BUILT_UPON: Final = """
with m as materialized (
  select * from unnest(%(persons)s::bigint[], %(moments)s::timestamptz[]) m (person, at)
), p as materialized (select distinct person from m)
select s.person_id from p join people_membership s on s.person_id = p.person
where upper_inf(s.recorded)
  and (not exists (select from m where m.person = s.person_id and m.at = lower(s.recorded))
       or s.ended_at is not null
       and not exists (select from m where m.person = s.person_id and m.at = s.ended_at))
union select a.person_id from p join people_asking a on a.person_id = p.person
union select d.person_id from p join accounts_mandate d on d.person_id = p.person
union select a.person_id from p join accounts_account a on a.person_id = p.person
union select t.person_id from p join people_attendance t on t.person_id = p.person
union select h.person_id from p join people_hold h on h.person_id = p.person where h.lifted_at is null
union select n.person_id from p join people_note n on n.person_id = p.person
  where not exists (select from m where m.person = n.person_id and m.at = n.at)
union select c.person_id from p join people_contact c on c.person_id = p.person
  where not exists (select from m where m.person = c.person_id and m.at = c.recorded_at)
union select v.person_id from p join people_customvalue v on v.person_id = p.person
  where not exists (select from m where m.person = v.person_id and m.at = v.changed_at)
union select c.person_id from p join protection_consent c on c.person_id = p.person
  where c.withdrawn_at is not null or not c.id = any(%(consents)s::bigint[])
union select d.person_id from p join duplicates_merge d on d.person_id = p.person
  where d.undone_at is null
union select y.person_id from p join access_trailpayload y on y.person_id = p.person
  join access_trail t on t.id = y.trail_id
  where t.by_kind = 'person' and t.op in ('insert', 'update', 'delete')
    and (t.table_name like 'people\\_%%' or t.table_name = 'protection_datarequest')
"""
_WITHDRAW: Final = """
update people_membership s
set recorded = tstzrange(lower(s.recorded), greatest(%(at)s, lower(s.recorded)),
      case when %(at)s > lower(s.recorded) then '[)' else '[]' end), superseded_stamp = (select org_stamp())
from unnest(%(persons)s::bigint[], %(moments)s::timestamptz[]) m (person, at)
where s.person_id = m.person and lower(s.recorded) = m.at and upper_inf(s.recorded)
  and coalesce(s.ended_at, m.at) = m.at
"""
# That somebody wrote a row with her own hands as well: she typed the number again, or gave the tag anew.
_BY_HAND: Final = """exists (
  select from access_trailpayload y join access_trail entry on entry.id = y.trail_id
  where y.person_id = {row}.person_id and entry.by_kind = 'person'
    and entry.table_name = '{table}' and entry.row_id = {row}.id::text)"""
# What was recorded of a person at just the moment of her line came by it.
_TAKE_AWAY: Final = (
    f"""delete from people_contact c
    using unnest(%(persons)s::bigint[], %(moments)s::timestamptz[]) m (person, at)
    where c.person_id = m.person and c.recorded_at = m.at
      and not {_BY_HAND.format(row="c", table="people_contact")}""",  # noqa: S608  # nosec B608 - a constant
    """delete from people_note n
    using unnest(%(persons)s::bigint[], %(moments)s::timestamptz[]) m (person, at)
    where n.person_id = m.person and n.at = m.at""",
    """delete from people_customvalue v
    using unnest(%(persons)s::bigint[], %(moments)s::timestamptz[]) m (person, at)
    where v.person_id = m.person and v.changed_at = m.at""",
    """delete from people_standing s
    using unnest(%(persons)s::bigint[], %(moments)s::timestamptz[]) m (person, at)
    where s.person_id = m.person and s.recorded_at = m.at and s.source = 'import'""",
    """update people_standing s set superseded_at = null
    from unnest(%(persons)s::bigint[], %(moments)s::timestamptz[]) m (person, at)
    where s.person_id = m.person and s.superseded_at = m.at and not exists (
      select from people_standing o where o.person_id = s.person_id and o.superseded_at is null)""",
    # What she withdrew since is her own word by now, and stays as proof of it.
    """delete from protection_consent c
    where c.id = any(%(consents)s::bigint[]) and c.person_id = any(%(persons)s) and c.withdrawn_at is null""",
)
# She is at home where she was, if she still is where the list brought her.
_HOME: Final = """
update people_person p set unit_id = m.was
from unnest(%s::bigint[], %s::bigint[], %s::bigint[]) m (person, now, was)
where p.id = m.person and p.unit_id = m.now and not exists (
  select from people_membership s
  where s.person_id = p.id and s.home and s.unit_id = m.now and upper_inf(s.recorded))
"""
_TAGS: Final = f"""
delete from people_tag t using unnest(%s::bigint[], %s::text[]) m (person, word)
where t.person_id = m.person and t.word = m.word and not {_BY_HAND.format(row="t", table="people_tag")}
"""  # noqa: S608  # nosec B608 - a constant


class Written(NamedTuple):
    """A line for which something was written of a person; `waits` while a later list names her."""

    line: int
    batch: int
    person: int
    made: Mapping[str, Any]
    waits: bool


@dataclass(frozen=True, slots=True)
class Undone:
    """How many were erased again, from how many something was taken away, and how many stay.

    `wait` of those who stay do so only because a later list names them.
    """

    erased: int
    taken_away: int
    stay: int
    wait: int = 0


@transaction.atomic
def undo(batch: Batch, *, actor: Actor, at: dt.datetime) -> Undone:
    """Undo an import; Refusal when it was undone already."""
    require(actor, "lists.import", batch.unit)
    take_turn()
    batch = Batch.objects.select_for_update(of=("self",)).select_related("unit").get(pk=batch.pk)
    if batch.state == "undone":
        raise Refusal(_("This import is undone already."), field="batch", code="undone")
    lines = _written(batch)
    wait, now = [one for one in lines if one.waits], [one for one in lines if not one.waits]
    makers = {(one.person, one.batch) for one in now if one.made["new"]}
    new = {person for person, _batch in makers}
    built = _built_upon([one for one in now if one.person in new])
    gone = new - built
    # Of whom something was built on, what came with her stays; what another list added goes.
    undone = [one for one in now if one.person not in built or (one.person, one.batch) not in makers]
    _withdraw(undone, at)
    _take_away([one for one in undone if one.person not in gone])
    _forget_as_likeness(gone)
    erasing.erase_many(sorted(gone))
    _let_wait(wait, now)
    Line.objects.filter(batch=batch).update(outcome="undone", sealed=None, marks=[])
    batch.state, batch.undone_at = "undone", at
    batch.save(update_fields=["state", "undone_at"])
    record("exchange.list.undone", actor=actor, subject=batch)
    waiting = {one.person for one in wait}
    taken = {one.person for one in undone} - new - waiting
    return Undone(len(gone), len(taken), len(built | waiting), len(waiting))


def _written(batch: Batch) -> list[Written]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN, {"batch": batch.pk})
        return [
            Written(line, number, person, json.loads(made), waits)
            for line, number, person, made, waits in cursor.fetchall()
        ]


def _let_wait(wait: Sequence[Written], now: Sequence[Written]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WAITS, [True, [one.line for one in wait]])
        cursor.execute(_WAITS, [False, [one.line for one in now if "waits" in one.made]])


def _built_upon(lines: Sequence[Written]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(_BUILT_UPON, _asked(lines))
        return {person for (person,) in cursor.fetchall()}


def _withdraw(lines: Sequence[Written], at: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WITHDRAW, _asked(lines) | {"at": at})


def _take_away(lines: Sequence[Written]) -> None:
    tags = [(one.person, word) for one in lines for word in one.made["tags"]]
    with connection.cursor() as cursor:
        for statement in _TAKE_AWAY:
            cursor.execute(statement, _asked(lines))
        cursor.execute(_TAGS, [[person for person, _word in tags], [word for _person, word in tags]])
        cursor.execute(_HOME, _homes(lines))
    _empty([one for one in lines if one.made.get("details")])


def _homes(lines: Iterable[Written]) -> list[list[int]]:
    """Return who was at home elsewhere before the first of these lines: she, where she is, where she was."""
    moved: dict[int, list[int]] = {}
    for one in lines:
        if home := one.made.get("home"):
            was, now = home
            moved[one.person] = [now, moved.get(one.person, [0, was])[1]]
    return [list(moved), [now for now, _was in moved.values()], [was for _now, was in moved.values()]]


def _empty(lines: Sequence[Written]) -> None:
    """Empty the details that lists filled in, unless somebody has written something else there since."""
    people_held = Person.objects.in_bulk([one.person for one in lines])
    filled: dict[int, list[str]] = {}
    for one in lines:
        person = people_held.get(one.person)
        for detail, written in one.made["details"].items():
            if person is not None and mark(detail, getattr(person, detail)) == written:
                filled.setdefault(one.person, []).append(detail)
    people.empty_details(filled, actor=OPERATOR)


def _forget_as_likeness(persons: Iterable[int]) -> None:
    """Let rows of other lists that might have been one of these wait for another answer."""
    others = Line.objects.filter(person_id__in=list(persons), outcome__in=("doubtful", "waiting"))
    others.update(person_id=None)


def _asked(lines: Sequence[Written]) -> dict[str, Any]:
    return {
        "persons": [one.person for one in lines],
        "moments": [one.made["at"] for one in lines],
        # Lists of before consents came in name none.
        "consents": [number for one in lines for number in one.made.get("consents", ())],
    }
