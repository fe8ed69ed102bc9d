"""What becomes of any rows of a list that waits, wherever they stand: each as all rows before would have it.

Nothing of the list has to be written down for it: rows before these that may be the same people are planned
with them. They are found by their marks and by those of the people whom they may be, and so on from these.
"""

from collections.abc import Sequence
from typing import Final

from groundswell.exchange import planning
from groundswell.exchange.importing import marks
from groundswell.exchange.importing.judging import Known
from groundswell.exchange.models import Batch
from groundswell.exchange.planning import Kept, Plan

# Of a list in which very many rows are one person, the first so many of them are planned with a later one.
MOST_BEFORE: Final = 2_000

_NEXT: Final = """
select id, number, sealed, why, person_id, marks from exchange_line
where batch_id = %s and outcome = 'waiting' and sealed is not null and number > %s order by number limit %s
"""
_THESE: Final = """
select id, number, sealed, why, person_id, marks from exchange_line
where batch_id = %s and outcome = 'waiting' and sealed is not null and number = any(%s) order by number
"""
# Nobody is met in a doubtful row. Mark by mark, which the database hashes: under row security no index serves
# a comparison of arrays, which might tell of a row.
_BEFORE: Final = """
select id, number, sealed, why, person_id, marks from exchange_line l
where batch_id = %s and outcome = 'waiting' and sealed is not null and foreseen <> 'doubtful' and number < %s
  and not number = any(%s) and exists (select from unnest(l.marks) m (mark) where m.mark = any(%s::bytea[]))
order by number limit %s
"""


def next_plans(batch: Batch, *, after: int, most: int) -> list[Plan]:
    """Return the plans of the next rows that wait behind a number."""
    return _planned(batch, planning.kept(_NEXT, [batch.pk, after, most]), offers=False)


def plans_of(batch: Batch, numbers: Sequence[int]) -> list[Plan]:
    """Return the plans of these rows, as far as they wait, with whom each may be about which it is asked."""
    return _planned(batch, planning.kept(_THESE, [batch.pk, list(numbers)]), offers=True)


def _planned(batch: Batch, lines: Sequence[Kept], *, offers: bool) -> list[Plan]:
    if not lines:
        return []
    places = planning.places_of(batch)
    wanted, last = {one.number for one in lines}, lines[-1].number
    waiting = new = planning.understood(lines, places)
    known, asked = Known(), set[bytes]()
    while new:
        met = planning.known_to(batch, new)
        known.learn(met)
        marked = {mark for one in new for mark in one.marks} | _marks(met)
        numbers = [one.entry.number for one in waiting]
        room = max(0, MOST_BEFORE + len(wanted) - len(numbers))
        found = planning.kept(_BEFORE, [batch.pk, last, numbers, list(marked - asked), room])
        new = planning.understood(found, places)
        asked |= marked
        waiting = [*waiting, *new]
    waiting.sort(key=lambda one: one.entry.number)
    made = planning.planned(batch, waiting, known, offers=offers)
    return [one for one in made if one.entry.number in wanted]


def _marks(known: Known) -> set[bytes]:
    """Return by what rows are found that may be one of these people."""
    return {
        mark
        for one in known.traits.values()
        for mark in (*one.digests, marks.of_words(one.words, one.unit_id))
    }
