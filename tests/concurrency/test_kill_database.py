"""`kill -9` on the database loses nothing that was acknowledged; the drill could see it if it did."""

import pytest
from bench import durability


def test_a_killed_database_has_every_acknowledged_row():
    outcome = durability.drill(rounds=1)
    assert outcome.acknowledged > 0
    assert (outcome.rounds, outcome.lost, outcome.doubled) == (1, 0, 0)


@pytest.mark.drill
def test_the_drill_sees_the_loss_when_commits_wait_for_no_disk():
    outcome = durability.drill(rounds=2, settings=durability.LAZY)
    assert outcome.lost > 0


@pytest.mark.drill
def test_a_hundred_kills_lose_nothing(record_property):
    outcome = durability.drill(rounds=100)
    lazy = durability.drill(rounds=10, settings=durability.LAZY)
    record_property("rounds", outcome.rounds)
    record_property("rows acknowledged", outcome.acknowledged)
    record_property("lost", outcome.lost)
    record_property("with synchronous_commit=off lost", lazy.lost)
    assert outcome.acknowledged > 1000
    assert (outcome.rounds, outcome.lost, outcome.doubled) == (100, 0, 0)
    assert lazy.lost > 0
