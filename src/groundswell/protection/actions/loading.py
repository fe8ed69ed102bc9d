"""The bulk form of consents: those that a list says were given, to words of the section."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.db import connection, transaction

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.protection.queries.listed import LISTED, NewConsent, listed

# At noon every time zone but the last has the day that the list says.
LOAD: Final = f"""
insert into protection_consent (person_id, unit_id, purpose_id, text_id, given_at, how, given_by)
select person_id, unit_id, purpose_id, text_id,
  least((day + time '12:00') at time zone 'UTC', %(at)s), 'import', %(account)s
from ({LISTED}) listed
on conflict (person_id, text_id) where withdrawn_at is null do nothing
returning person_id, id
"""  # noqa: S608  # nosec B608 - a constant


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
    with connection.cursor() as cursor:
        cursor.execute(LOAD, listed(given) | {"account": account, "at": at})
        for person, number in cursor.fetchall():
            new.setdefault(person, []).append(number)
    record("protection.consents.loaded", actor=actor, subject=None, count=sum(map(len, new.values())))
    return new
