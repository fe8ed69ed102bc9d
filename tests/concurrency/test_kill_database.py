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
def test_a_hundred_kills_lose_nothing(capsys):
    outcome = durability.drill(rounds=100)
    lazy = durability.drill(rounds=10, settings=durability.LAZY)
    with capsys.disabled():
        print(  # noqa: T201 - a drill's figures are read by people
            f"\nkill -9: {outcome.rounds} rounds, {outcome.acknowledged} rows acknowledged, "
            f"{outcome.lost} lost; with synchronous_commit=off {lazy.lost} of {lazy.acknowledged} lost"
        )
    assert outcome.acknowledged > 1000
    assert (outcome.rounds, outcome.lost, outcome.doubled) == (100, 0, 0)
    assert lazy.lost > 0
