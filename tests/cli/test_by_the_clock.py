"""What the clocks order is done by the job itself, with nobody signed in and no scope but the one it takes.

A job may pass over what is due though the action it calls does its work: so the job is tried here, or in the
test of its room that is named beside it.
"""

import datetime as dt
import re

import pytest
from procrastinate.contrib.django import app

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.exchange.models import Batch
from groundswell.kernel import clock
from groundswell.people.models import Person
from groundswell.structure import actions as structure
from groundswell.structure.actions import Deed
from groundswell.structure.models import Preparation
from stage import NOW, newcomer
from testbase import CHECKOUT
from world import TODAY

IN_ITS_ROOM = {
    "access.tasks.forget_jobs": "tests/access/test_jobs_forgotten.py",
    "access.tasks.seal_trail": "tests/access/test_sealing.py",
    "access.tasks.sweep_sessions": "tests/access/test_sessions.py",
    "access.tasks.take_up": "tests/accounts/test_worker_killed.py",
    "duplicates.tasks.look": "tests/duplicates/test_merging.py",
    "duplicates.tasks.settle": "tests/duplicates/test_merging.py",
    "exchange.tasks.forget_rows": "tests/exchange/test_rows_of_the_erased.py",
    "people.tasks.accept_transfers": "tests/people/test_section_rules.py",
    "people.tasks.lapse": "tests/people/test_section_rules.py",
    "protection.tasks.forget": "tests/protection/test_retention.py",
}


def prepared(world):
    deed = Deed("renamed", world.unit["HILL"], TODAY + dt.timedelta(days=1), {"names": {"en": "Hill Crews"}})
    # As an older release may have left it: one that fails keeps none of the others.
    words = {"what": deed.what, "day": deed.day, "arguments": {}, "recorded_at": NOW}
    Preparation.objects.create(unit=world.unit["DEPOT"], **words)
    structure.prepare_change(deed, actor=OPERATOR, at=NOW)
    clock.set_today(TODAY + dt.timedelta(days=1))


def growing_up(world):
    young = Person.objects.filter(pk=world.person["ada"].pk)
    young.update(minor=True, of_age_on=TODAY)


def joined(world):
    newcomer(world, "DEPOT", "1 July 2024")


def stopped(world):
    said = {"digest": b"\0" * 32, "today": TODAY, "created_at": NOW, "mapping": {}, "columns": []}
    Batch.objects.create(unit=world.unit["DEPOT"], state="running", rows=0, **said)


WORK = {
    "access.tasks.prove_trail": (lambda _world: None, lambda found: found == 0),
    "exchange.tasks.pick_up": (stopped, lambda lists: lists == 1),
    "people.tasks.let_come_of_age": (growing_up, lambda people: people == 1),
    "people.tasks.mend_words_of_names": (lambda _world: None, lambda words: words == 0),
    "people.tasks.merge_rollups": (joined, lambda rows: rows > 0),
    "structure.tasks.carry_out": (prepared, lambda changes: changes == 1),
}


def by_the_clock():
    registered = app.periodic_registry.periodic_tasks.values()
    return {one.task.name.removeprefix("groundswell."): one.task for one in registered}


@pytest.mark.parametrize("name", WORK)
def test_a_job_does_what_is_due_by_itself(world, name):
    prepare, done = WORK[name]
    with scope.operator("what is due"):
        prepare(world)
    with scope.nobody():
        assert done(by_the_clock()[name].func(0))


def test_every_job_is_tried():
    assert {*WORK, *IN_ITS_ROOM} == by_the_clock().keys()
    for job, module in IN_ITS_ROOM.items():
        name = job.rpartition(".")[2]
        used = rf"\btasks\.{name}\b|\.tasks import .*\b{name}\b"
        assert re.search(used, (CHECKOUT / module).read_text()), job
