"""An import is undone as one act: whom it made is erased, what it added to others is taken away.

Whoever was built upon meanwhile (she was transferred, holds an office, asked for something) stays, and
is named. In the scope of the operator or the worker.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from groundswell.access import erasing
from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.exchange.models import Batch, Line
from groundswell.kernel.errors import Refusal

# For how long the rows of a list are kept, sealed.
ROW_DAYS: Final = 30
# A person, and what was written for her line.
Written = tuple[int, Mapping[str, Any]]

# `m` is what lines wrote: somebody may stand in two rows, which came in at two moments.
# Those whom the batch made and on whom something was built that it did not write.
_BUILT_UPON: Final = """
with m as materialized (
  select * from unnest(%(persons)s::bigint[], %(moments)s::timestamptz[]) m (person, at)
)
select s.person_id from people_membership s
where s.person_id = any(%(persons)s) and upper_inf(s.recorded)
  and (not exists (select from m where m.person = s.person_id and m.at = lower(s.recorded))
       or s.ended_at is not null
       and not exists (select from m where m.person = s.person_id and m.at = s.ended_at))
union select a.person_id from people_asking a where a.person_id = any(%(persons)s)
union select d.person_id from accounts_mandate d where d.person_id = any(%(persons)s)
union select a.person_id from accounts_account a where a.person_id = any(%(persons)s)
union select t.person_id from people_attendance t where t.person_id = any(%(persons)s)
union select h.person_id from people_hold h where h.person_id = any(%(persons)s) and h.lifted_at is null
union select n.person_id from people_note n where n.person_id = any(%(persons)s)
  and not exists (select from m where m.person = n.person_id and m.at = n.at)
union select c.person_id from people_contact c where c.person_id = any(%(persons)s)
  and not exists (select from m where m.person = c.person_id and m.at = c.recorded_at)
union select v.person_id from people_customvalue v where v.person_id = any(%(persons)s)
  and not exists (select from m where m.person = v.person_id and m.at = v.changed_at)
union select c.person_id from protection_consent c where c.person_id = any(%(persons)s)
  and (c.withdrawn_at is not null or not c.id = any(%(consents)s::bigint[]))
union select l.person_id from exchange_line l where l.person_id = any(%(persons)s)
  and l.batch_id <> %(batch)s and l.outcome = 'known'
"""
_WITHDRAW: Final = """
update people_membership s
set recorded = tstzrange(lower(s.recorded), greatest(%(at)s, lower(s.recorded)),
      case when %(at)s > lower(s.recorded) then '[)' else '[]' end), superseded_stamp = org_stamp()
from unnest(%(persons)s::bigint[], %(moments)s::timestamptz[]) m (person, at)
where s.person_id = m.person and lower(s.recorded) = m.at and upper_inf(s.recorded)
  and coalesce(s.ended_at, m.at) = m.at
"""
# What was recorded of a person at just the moment of her line came by it.
_TAKE_AWAY: Final = (
    """delete from people_contact c
    using unnest(%(persons)s::bigint[], %(moments)s::timestamptz[]) m (person, at)
    where c.person_id = m.person and c.recorded_at = m.at""",
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
    where s.person_id = m.person and s.superseded_at = m.at""",
    # What she withdrew since is her own word by now, and stays as proof of it.
    """delete from protection_consent c
    where c.id = any(%(consents)s::bigint[]) and c.person_id = any(%(persons)s) and c.withdrawn_at is null""",
)
_TAGS: Final = """
delete from people_tag t using unnest(%s::bigint[], %s::text[]) m (person, word)
where t.person_id = m.person and t.word = m.word
"""


@dataclass(frozen=True, slots=True)
class Undone:
    """How many were erased again, from how many something was taken away, and how many stay."""

    erased: int
    taken_away: int
    stay: int


@transaction.atomic
def undo(batch: Batch, *, actor: Actor, at: dt.datetime) -> Undone:
    """Undo an import; Refusal when it was undone already."""
    require(actor, "lists.import", batch.unit)
    batch = Batch.objects.select_for_update(of=("self",)).select_related("unit").get(pk=batch.pk)
    if batch.state == "undone":
        raise Refusal(_("This import is undone already."), field="batch", code="undone")
    written = Line.objects.filter(batch=batch, made__isnull=False, person_id__isnull=False)
    lines = [
        (int(person or 0), dict(made or {}))
        for person, made in written.order_by("number").values_list("person_id", "made")
    ]
    new = {person for person, made in lines if made["new"]}
    built = _built_upon(batch, [(person, made) for person, made in lines if person in new])
    undone = [(person, made) for person, made in lines if person not in built]
    _withdraw(undone, at)
    _take_away([(person, made) for person, made in undone if person not in new])
    erasing.erase_many(sorted(new - built))
    Line.objects.filter(batch=batch).update(outcome="undone", sealed=None)
    batch.state, batch.undone_at = "undone", at
    batch.save(update_fields=["state", "undone_at"])
    record("exchange.list.undone", actor=actor, subject=batch)
    return Undone(len(new - built), len({person for person, _made in lines} - new), len(built))


def _built_upon(batch: Batch, lines: Sequence[Written]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(_BUILT_UPON, _asked(lines) | {"batch": batch.pk})
        return {person for (person,) in cursor.fetchall()}


def _withdraw(lines: Sequence[Written], at: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WITHDRAW, _asked(lines) | {"at": at})


def _take_away(lines: Sequence[Written]) -> None:
    tags = [(person, word) for person, made in lines for word in made["tags"]]
    with connection.cursor() as cursor:
        for statement in _TAKE_AWAY:
            cursor.execute(statement, _asked(lines))
        cursor.execute(_TAGS, [[person for person, _word in tags], [word for _person, word in tags]])


def _asked(lines: Sequence[Written]) -> dict[str, Any]:
    return {
        "persons": [person for person, _made in lines],
        "moments": [made["at"] for _person, made in lines],
        # Lists of before consents came in name none.
        "consents": [number for _person, made in lines for number in made.get("consents", ())],
    }


def forget_rows(*, now: dt.datetime) -> int:
    """Empty the rows of lists that were brought in more than 30 days ago; return how many. For the worker."""
    before = now - dt.timedelta(days=ROW_DAYS)
    old = Line.objects.filter(batch__created_at__lt=before, sealed__isnull=False)
    return old.update(sealed=None)
