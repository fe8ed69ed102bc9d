"""The bulk forms: thousands of people and memberships by the same tables, triggers and constraints.

COPY is refused under row security, so rows go by COPY into a staging table of the transaction and
from there by INSERT … SELECT; the triggers write movements, roll-ups and trail once a statement.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.people import rules


class NewPerson(NamedTuple):
    """A person of a load: `key` is the file's own, and comes back with the number given to her."""

    key: str
    unit_id: int
    name: str
    recorded_at: dt.datetime
    sort_key: str = ""
    call_name: str = ""
    locale: str = ""
    languages: tuple[str, ...] = ()
    town: str = ""
    postcode: str = ""
    pronoun: str = ""
    minor: bool = False
    of_age_on: dt.date | None = None
    heard_on: dt.date | None = None


class NewMembership(NamedTuple):
    """A dated membership of a load.

    `until` is the first day it no longer holds. A transfer is two rows that name each other's units:
    the first ends by flow move_out with `exit_other_id`, the next begins by move_in with
    `entry_other_id`, and both carry the same `transfer_key`.
    """

    person_id: int
    unit_id: int
    start: dt.date
    recorded_at: dt.datetime
    until: dt.date | None = None
    ended_at: dt.datetime | None = None
    kind: str = "member"
    home: bool = True
    entry_flow: str = "entry"
    entry_other_id: int | None = None
    entry_transfer_key: str | None = None
    exit_flow: str = "exit"
    exit_other_id: int | None = None
    exit_transfer_key: str | None = None
    reason: str = ""


STAGE_PEOPLE: Final = """
create temporary table stage_person (
  key text, unit_id bigint, name text, sort_key text, call_name text, folded text, locale text,
  languages text[], town text, postcode text, pronoun text, minor boolean, of_age_on date,
  heard_on date, recorded_at timestamptz,
  id bigint default nextval(pg_get_serial_sequence('people_person', 'id'))
) on commit drop
"""
COPY_PEOPLE: Final = """
copy stage_person (key, unit_id, name, sort_key, call_name, folded, locale, languages, town, postcode,
  pronoun, minor, of_age_on, heard_on, recorded_at) from stdin
"""
INSERT_PEOPLE: Final = """
insert into people_person (id, unit_id, name, sort_key, call_name, folded, locale, languages, town, postcode,
  pronoun, minor, of_age_on, heard_on, recorded_at)
select id, unit_id, name, sort_key, call_name, folded, locale, languages, town, postcode,
  pronoun, minor, of_age_on, heard_on, recorded_at from stage_person
"""
STAGE_MEMBERSHIPS: Final = """
create temporary table stage_membership (
  person_id bigint, unit_id bigint, start date, recorded_at timestamptz, until date, ended_at timestamptz,
  kind text, home boolean, entry_flow text, entry_other_id bigint, entry_transfer_key text,
  exit_flow text, exit_other_id bigint, exit_transfer_key text, reason text
) on commit drop
"""
COPY_MEMBERSHIPS: Final = f"copy stage_membership ({', '.join(NewMembership._fields)}) from stdin"
# The stamp is that of the transaction: asked for once, not by every row's default.
INSERT_MEMBERSHIPS: Final = """
with numbered as materialized (
  select exit_transfer_key as key, nextval(pg_get_serial_sequence('people_transfer', 'id')) as id,
         person_id, unit_id as from_unit_id, exit_other_id as unit_id, until as accepted_on,
         ended_at as recorded_at
  from stage_membership where exit_transfer_key is not null
), moved as (
  insert into people_transfer (id, person_id, from_unit_id, unit_id, accepted_on, recorded_at, recorded_stamp)
  select id, person_id, from_unit_id, unit_id, accepted_on, recorded_at, (select org_stamp()) from numbered
)
insert into people_membership (person_id, unit_id, kind_id, home, valid, recorded, recorded_stamp, entry_flow,
  entry_other_id, entry_transfer_id, exit_flow, exit_other_id, exit_transfer_id, reason, ended_at,
  ended_stamp)
select s.person_id, s.unit_id, s.kind, s.home, daterange(s.start, s.until), tstzrange(s.recorded_at, null),
  stamp.now,
  s.entry_flow, s.entry_other_id, i.id, s.exit_flow, s.exit_other_id, o.id, s.reason, s.ended_at,
  case when s.ended_at is not null then stamp.now end
from stage_membership s cross join (select org_stamp() as now offset 0) stamp
left join numbered i on i.key = s.entry_transfer_key
left join numbered o on o.key = s.exit_transfer_key
"""


@transaction.atomic
def load_people(people: Sequence[NewPerson], *, actor: Actor) -> dict[str, int]:
    """Load people; return the number given to each key. For whoever runs the server."""
    require(actor, "people.load", None)
    rows = (
        (
            one.key,
            one.unit_id,
            rules.check_written_name(one.name),
            one.sort_key or rules.sort_key(one.name),
            one.call_name,
            rules.folded_name(one.name, one.call_name),
            one.locale,
            list(one.languages),
            one.town,
            one.postcode,
            one.pronoun,
            one.minor,
            one.of_age_on,
            one.heard_on,
            one.recorded_at,
        )
        for one in people
    )
    with connection.cursor() as cursor:
        stage_rows(cursor, "stage_person", STAGE_PEOPLE, COPY_PEOPLE, rows)
        cursor.execute(INSERT_PEOPLE)
        cursor.execute("select key, id from stage_person")
        keys: dict[str, int] = dict(cursor.fetchall())
        cursor.execute("drop table stage_person")
    record("people.persons.loaded", actor=actor, subject=None, count=len(keys))
    return keys


@transaction.atomic
def load_memberships(memberships: Iterable[NewMembership], *, actor: Actor) -> int:
    """Load dated memberships of known people; return how many. For whoever runs the server.

    A person's home unit must agree with her membership of today; whoever loads sees to that.
    """
    require(actor, "people.load", None)
    with connection.cursor() as cursor:
        stage_rows(cursor, "stage_membership", STAGE_MEMBERSHIPS, COPY_MEMBERSHIPS, memberships)
        cursor.execute(INSERT_MEMBERSHIPS)
        count = int(cursor.rowcount)
        cursor.execute("drop table stage_membership")
    record("people.memberships.loaded", actor=actor, subject=None, count=count)
    return count


def stage_rows(cursor: Any, table: str, create: str, copy: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Make a table of this transaction and fill it by COPY, which row security refuses elsewhere."""
    cursor.execute(create)
    with cursor.copy(copy) as stream:
        for row in rows:
            stream.write_row(row)
    cursor.execute(f"analyze {table}")
