"""The clocks of retention: who is not answered for is forgotten, who left is reduced to her name."""

import datetime as dt
from collections import Counter
from typing import Final

from django.db import transaction

from groundswell.access import erasing
from groundswell.access.actor import OPERATOR
from groundswell.access.trail import record
from groundswell.protection import queries
from groundswell.protection.actions.erasing import erase_person
from groundswell.protection.queries import Due

# So many a night at most: what is left comes the night after.
MOST: Final = 2_000


def keep_no_longer(*, today: dt.date, at: dt.datetime) -> Counter[str]:
    """Do what is due today; return how many persons by what was done. For the worker."""
    done: Counter[str] = Counter()
    for one in list(queries.due(OPERATOR, until=today, most=MOST)):
        with transaction.atomic():
            _do(one, at)
        done[one.what] += 1
    return done


def _do(one: Due, at: dt.datetime) -> None:
    if one.what == queries.FORMER:
        record("people.person.reduced", actor=OPERATOR, subject=one.person)
        erasing.reduce(one.person.pk)
    else:
        erase_person(one.person, actor=OPERATOR, at=at)
