"""What a list says of who agreed: what of it may be written down, by one statement for look and load."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from django.db import connection

from groundswell.protection.models import Consent


class NewConsent(NamedTuple):
    """A person agreed to a text on a day; `old_enough`: of somebody under 18 it is known that she may."""

    person_id: int
    text_id: int
    day: dt.date
    old_enough: bool = False


# What she withdrew on that day or later stays withdrawn: a list is older than her word.
LISTED: Final = """
select distinct on (p.id, t.id) p.id as person_id, p.unit_id, t.purpose_id, t.id as text_id, n.day
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
"""


def listed(given: Sequence[NewConsent]) -> dict[str, Any]:
    """Return what the statement asks for."""
    return {
        "persons": [one.person_id for one in given],
        "texts": [one.text_id for one in given],
        "days": [one.day for one in given],
        "sure": [one.old_enough for one in given],
    }


def may_be_listed(given: Sequence[NewConsent]) -> set[tuple[int, int]]:
    """Return (person, text) of what may be written down, as far as the session sees."""
    if not given:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(f"select person_id, text_id from ({LISTED}) listed", listed(given))  # noqa: S608  # nosec B608 - a constant
        return set(cursor.fetchall())


def agreed_in(persons: Sequence[int]) -> dict[int, set[int]]:
    """Return the texts to which these persons agreed and which they did not withdraw, by person."""
    found: dict[int, set[int]] = {}
    open_ = Consent.objects.filter(person__in=persons, withdrawn_at=None)
    for person, text in open_.values_list("person_id", "text_id"):
        found.setdefault(person, set()).add(text)
    return found
