"""Two at once: one consent, one tick of a step."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.kernel.errors import Refusal
from groundswell.protection import actions
from groundswell.protection.models import BreachStep, Consent, Purpose
from stage import NOW

AT_ONCE = 4


@pytest.fixture
def several():
    """Return a function that does something several times at once, each on a connection of its own."""

    def at_once(deed):
        start = Barrier(AT_ONCE)

        def one(_number):
            try:
                start.wait()
                with scope.operator("at once"):
                    return deed()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(one, range(AT_ONCE)))

    return at_once


def test_agreeing_several_times_at_once_is_agreeing_once(committed_world, several):
    world = committed_world
    with scope.operator("words"):
        newsletter = Purpose.objects.get(code="newsletter")
        said = {"language": "en", "words": "I agree to letters.", "actor": OPERATOR, "at": NOW}
        actions.write_text(world.unit["TRAM"], newsletter, **said)

    def agree():
        return actions.give_consent(world.person["chidi"], newsletter, how="paper", actor=OPERATOR, at=NOW).pk

    assert len(set(several(agree))) == 1
    with scope.operator("look"):
        assert Consent.objects.count() == 1


def test_a_step_is_ticked_once_and_a_version_is_written_once_by_whoever_comes_first(committed_world, several):
    world = committed_world
    with scope.operator("a breach"):
        told = actions.Told("A phone was lost.", NOW, NOW)
        breach = actions.open_breach(world.unit["TRAM"], told, actor=OPERATOR, at=NOW)
        newsletter = Purpose.objects.get(code="newsletter")

    def tick():
        try:
            return actions.tick_step(breach, "contain", actor=OPERATOR, at=NOW).pk
        except Refusal as refusal:
            return refusal.code

    def write():
        said = {"language": "en", "words": "I agree.", "actor": OPERATOR, "at": NOW}
        return actions.write_text(world.unit["TRAM"], newsletter, **said).number

    assert sorted(map(str, several(tick)))[1:] == ["ticked"] * (AT_ONCE - 1)
    assert sorted(several(write)) == list(range(1, AT_ONCE + 1))
    with scope.operator("look"):
        assert BreachStep.objects.count() == 1
