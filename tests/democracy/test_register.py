"""Bodies and the register of what they resolved."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from groundswell.access.actor import OPERATOR
from groundswell.democracy import actions as democracy
from groundswell.kernel.errors import Refusal
from stage import NOW, ask, judge_now, known, signed_in, sql
from world import at, day


@pytest.fixture
def body(world):
    return democracy.found_body(
        world.unit["FED"], names={"en": "Executive"}, founded_on=day("1 January 2020"), actor=OPERATOR
    )


def enter(body, *, actor=OPERATOR, **more):
    line = {
        "titles": {"en": "Grow"},
        "kind": "motion",
        "result": "carried",
        "day": day("1 July 2024"),
        "at": NOW,
    }
    return democracy.enter_resolution(body, actor=actor, **(line | more))


def refusal_of(act):
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code


def test_a_resolution_stands_in_the_report_of_its_days_as_it_was_known(body):
    enter(body, at=at("10 July 2024"))
    for asked, shown in (
        (ask("FED", "1 July 2024", "30 June 2024"), ["Grow"]),
        (ask("FED", "15 July 2024", "1 July 2024"), []),
        (ask("FED", "15 July 2024", known_at=known("9 July 2024")), []),
        (ask("FED", "15 July 2024", known_at=known("10 July 2024")), ["Grow"]),
        (ask("TRAM", "15 July 2024"), []),
    ):
        assert [(one.title, one.body) for one in asked.decisions] == [(title, "Executive") for title in shown]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"result": "perhaps"}, "bad-result"),
        ({"day": dt.date(1, 1, 1)}, "day-out-of-range"),
        ({"day": dt.date(9999, 12, 31)}, "day-out-of-range"),
    ],
)
def test_a_resolution_that_cannot_be_is_refused(body, more, code):
    assert refusal_of(lambda: enter(body, **more)) == code


def test_the_database_knows_no_other_result_and_no_other_body(world, body):
    made = enter(body)
    with pytest.raises(IntegrityError, match="democracy_resolution_result"), transaction.atomic():
        sql("update democracy_resolution set result = 'perhaps' where id = %s", made.pk)
    sql("update democracy_resolution set body_id = 987654321 where id = %s", made.pk)
    with pytest.raises(IntegrityError, match="foreign key"), transaction.atomic():
        judge_now()
    sql("update democracy_resolution set body_id = %s where id = %s", body.pk, made.pk)


def test_the_secretary_of_the_unit_enters_what_its_body_resolved_and_nobody_below(world, body):
    with signed_in(world, "ines") as ines:
        assert enter(body, actor=ines).unit == world.unit["FED"]
    for who in ("bela", "olga", "chidi"):
        with signed_in(world, who) as acting:
            assert refusal_of(lambda acting=acting: enter(body, actor=acting)) in {"not-allowed", "not-found"}
