"""A milestone is the first day on which a count passes a threshold from below, as a walk by day finds it."""

import datetime as dt
import random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundswell.access.actor import ANONYMOUS, OPERATOR
from groundswell.kernel.errors import Refusal
from groundswell.people import actions as people
from groundswell.people.models import Membership
from groundswell.reports import actions as reports
from groundswell.structure import actions as structure
from stage import NOW, ask, newcomer, own, sql
from world import day

ONE_DAY = dt.timedelta(days=1)


def walked(world, unit, thresholds, since, as_of, known_at=None):
    """Count each day by its memberships and note the first passing of each threshold."""
    counts = {}
    moment = day(since)
    while moment <= day(as_of):
        text = f"{moment.day} {moment:%B %Y}"
        counts[moment] = {code: own(code, text, text, known_at=known_at)[0] for code in unit}
        moment += ONE_DAY
    found = set()
    for code in unit:
        for threshold in thresholds:
            for moment in sorted(counts)[1:]:
                before, after = counts[moment - ONE_DAY][code], counts[moment][code]
                if before < threshold <= after:
                    found.add((code, threshold, moment))
                    break
    return found


def shown(unit, since, as_of, **more):
    return {(one.unit_code, one.threshold, one.on) for one in ask(unit, as_of, since, **more).milestones}


def test_five_members_and_then_ten(world):
    reports.set_thresholds([5, 8, 10, 1000], actor=OPERATOR)
    assert shown("TRAM", "31 December 2023", "15 July 2024") >= {("TRAM", 8, day("15 January 2024"))}
    assert ("TRAM", 1000, day("15 July 2024")) not in shown("TRAM", "31 December 2023", "15 July 2024")


def test_who_stood_there_before_passes_nothing_and_who_falls_back_passes_again(world):
    reports.set_thresholds([5], actor=OPERATOR)
    # Five until the 15th of April, four afterwards, five again from the 3rd to the 9th of May.
    assert ("DEPOT", 5, day("3 May 2024")) in shown("NORTH", "1 March 2024", "15 July 2024")
    assert "DEPOT" not in {code for code, _, _ in shown("NORTH", "3 May 2024", "15 July 2024")}


def happen(world, dice):
    """Let a few things happen to the ferry crews in June and July, some of them in one month."""
    stays = []
    for _ in range(dice.randint(1, 8)):
        first = day("1 June 2024") + dt.timedelta(days=dice.randint(0, 43))
        made = newcomer(world, dice.choice(["PIER", "DOCK"]), f"{first.day} {first:%B %Y}")
        stays.append(made)
        if dice.random() < 0.5:
            last = first + dt.timedelta(days=dice.randint(1, 20))
            if last <= day("15 July 2024"):
                people.leave(made, day=last, actor=OPERATOR, at=NOW)
                stays.remove(made)
    for stay in stays:
        if dice.random() < 0.3:
            fresh = Membership.objects.select_related("unit", "person").get(pk=stay.pk)
            to = world.unit["DOCK" if fresh.unit.code == "PIER" else "PIER"]
            on = fresh.valid.lower + ONE_DAY
            if on <= day("15 July 2024"):
                people.transfer(fresh, to=to, day=on, actor=OPERATOR, at=NOW)
    if dice.random() < 0.5:
        structure.move_unit(
            world.unit["HILL"],
            parent=world.unit["FERRY"],
            day=day("1 June 2024") + dt.timedelta(days=dice.randint(0, 43)),
            actor=OPERATOR,
            at=NOW,
        )


def every_milestone_is_found(world, seed):
    dice = random.Random(seed)
    with transaction.atomic():
        happen(world, dice)
        thresholds = list(range(1, 15))
        reports.set_thresholds(thresholds, actor=OPERATOR)
        since = day("31 May 2024") + dt.timedelta(days=dice.randint(0, 20))
        text = f"{since.day} {since:%B %Y}"
        last = since + dt.timedelta(days=dice.randint(0, 25))
        until = f"{last.day} {last:%B %Y}"
        assert {one for one in shown("FED", text, until) if one[0] == "FERRY"} == {
            (code, threshold, on) for code, threshold, on in walked(world, ["FERRY"], thresholds, text, until)
        }
        transaction.set_rollback(True)


SEEDS = {"seed": st.integers(0, 2**32)}
WALKS = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}


@settings(max_examples=3, **WALKS)
@given(**SEEDS)
def test_every_milestone_is_what_a_walk_day_by_day_finds(world, seed):
    every_milestone_is_found(world, seed)


@pytest.mark.drill
@settings(max_examples=60, **WALKS)
@given(**SEEDS)
def test_every_milestone_of_sixty_stories_is_what_a_walk_finds(world, seed):
    every_milestone_is_found(world, seed)


def test_thresholds_are_set_anew_and_by_whoever_runs_the_server(world):
    reports.set_thresholds([10, 5, 5], actor=OPERATOR)
    assert sql("select members from reports_threshold order by 1") == [(5,), (10,)]
    with pytest.raises(Refusal):
        reports.set_thresholds([1], actor=ANONYMOUS)
