"""Two lists at once: they write one after the other."""

from collections import Counter

import files
import pytest
from django.db import OperationalError, connection, transaction

from groundswell.access.actor import OPERATOR
from groundswell.exchange import actions
from stage import NOW, sql


def impatiently(write, batch):
    sql("set local lock_timeout = '50ms'")
    write(batch, at=NOW)


def test_two_lists_write_in_turn_and_the_second_knows_whom_the_first_has_made(world, tmp_path):
    path = files.written(tmp_path, "Name,E-Mail\nGus Green,gus@example.org\n")
    said = {"unit": world.unit["DEPOT"], "wanted": actions.Wanted(), "actor": OPERATOR, "at": NOW}
    first, second = (actions.start(actions.stage(path, name="l", **said), actor=OPERATOR) for _ in "ab")
    elsewhere = connection.copy()
    try:
        elsewhere.cursor().execute("select pg_advisory_lock(hashtext('exchange.list'))")
        for write in (actions.run_chunk, lambda batch, at: actions.undo(batch, actor=OPERATOR, at=at)):
            with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():
                impatiently(write, second)
    finally:
        elsewhere.close()
    became = []
    for batch in (first, second):
        tally: Counter[str] = Counter()
        actions.run_chunk(batch, at=NOW, tally=tally)
        became.append(dict(tally))
    assert became == [{"new": 1}, {"known": 1}]
