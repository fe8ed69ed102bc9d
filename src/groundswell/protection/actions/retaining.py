"""The clocks of retention: who is not answered for is forgotten, who left is reduced to her name."""

import datetime as dt
from collections import Counter
from typing import Final

from django.utils import translation

from groundswell.access import erasing, scope
from groundswell.access.actor import OPERATOR
from groundswell.access.trail import record
from groundswell.kernel.errors import Refusal
from groundswell.kernel.saying import spoken
from groundswell.people.actions.joining import lock_people
from groundswell.protection import queries
from groundswell.protection.actions.erasing import erase_person
from groundswell.protection.queries import Due

PURPOSE: Final = "keep no longer than needed"
# So many a night at most: what is left comes the night after.
MOST: Final = 2_000
# Of whom it was refused: what was done then.
KEPT: Final = "kept"


def keep_no_longer(*, today: dt.date, at: dt.datetime) -> Counter[str]:
    """Do what is due today; return how many persons by what was done. For the worker.

    Where it is refused of one (she is put on hold just then), that is KEPT, and the others go on. Her data
    protection officer reads the sentence of it, in the language of her unit. Each goes in a transaction of
    its own: the locks of thousands would keep others waiting for as long as all of them take.
    """
    done: Counter[str] = Counter()
    with scope.worker(PURPOSE):
        due = list(queries.due(OPERATOR, until=today, most=MOST))
    for one in due:
        try:
            with scope.worker(PURPOSE), translation.override(spoken(one.person.unit.locale)):
                happened = _do(one, at)
        except Refusal as refusal:
            with scope.worker(PURPOSE):
                record(queries.REFUSED_TO_FORGET, actor=OPERATOR, subject=one.person, why=refusal.sentence)
            done[KEPT] += 1
        else:
            done[one.what] += happened
    return done


def _do(one: Due, at: dt.datetime) -> bool:
    """Do it, unless she has come back since the night's list was made; return whether it was done."""
    lock_people([one.person.pk])
    if queries.came_back(one):
        return False
    if one.what == queries.FORMER:
        record("people.person.reduced", actor=OPERATOR, subject=one.person)
        erasing.reduce(one.person.pk)
    else:
        erase_person(one.person, actor=OPERATOR, at=at)
    return True
