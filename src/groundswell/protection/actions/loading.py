"""The bulk form of consents: those that a list says were given, to words of the section."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record


class NewConsent(NamedTuple):
    """A person agreed to a text on a day; `old_enough`: of somebody under 18 it is known that she may."""

    person_id: int
    text_id: int
    day: dt.date
    old_enough: bool = False


# At noon every time zone but the last has the day that the list says. What she withdrew on that day or later
# stays withdrawn: a list is older than her word.
LOAD: Final = """
insert into protection_consent (person_id, unit_id, purpose_id, text_id, given_at, how, given_by)
select distinct on (p.id, t.id) p.id, p.unit_id, t.purpose_id, t.id,
  least((n.day + time '12:00') at time zone 'UTC', %(at)s), 'import', %(account)s
from unnest(%(persons)s::bigint[], %(texts)s::bigint[], %(days)s::date[], %(sure)s::boolean[])
  n (person_id, text_id, day, sure)
join people_person p on p.id = n.person_id and (n.sure or not p.minor)
join structure_unit home on home.id = p.unit_id
join protection_consenttext t on t.id = n.text_id
join protection_purpose q on q.id = t.purpose_id and q.ended_on is null
join structure_unit asking on asking.id = t.unit_id and starts_with(home.path, asking.path)
where not exists (select from protection_consent c where c.person_id = p.id and c.purpose_id = t.purpose_id
                  and (c.withdrawn_at at time zone 'UTC')::date >= n.day)
order by p.id, t.id, n.day
on conflict (person_id, text_id) where withdrawn_at is null do nothing
returning person_id, id
"""


@transaction.atomic
def load_consents(
    given: Sequence[NewConsent], *, account: int | None, actor: Actor, at: dt.datetime
) -> dict[int, list[int]]:
    """Write down that people agreed; return the numbers of what is new, by person. For the import of a list.

    Who agreed to these words already, withdrew the purpose since, left the section whose words they are, or
    is under 18 and not known to be old enough, stays as she is.
    """
    require(actor, "people.load", None)
    new: dict[int, list[int]] = {}
    if not given:
        return new
    said: dict[str, Any] = {
        "persons": [one.person_id for one in given],
        "texts": [one.text_id for one in given],
        "days": [one.day for one in given],
        "sure": [one.old_enough for one in given],
        "account": account,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(LOAD, said)
        for person, number in cursor.fetchall():
            new.setdefault(person, []).append(number)
    record("protection.consents.loaded", actor=actor, subject=None, count=sum(map(len, new.values())))
    return new
