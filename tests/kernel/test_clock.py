"""The organisation's clock, the days that can be, and periods: half-open, closed once, never lost."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from groundswell.access import scope
from groundswell.kernel import clock, periods
from groundswell.kernel.errors import NotFound, Refusal
from stage import signed_in, sql
from world import TODAY, at


def test_today_is_the_organisations_and_not_the_machines(world):
    assert clock.today() == TODAY
    assert abs(clock.now() - dt.datetime.combine(TODAY, dt.time(12), dt.UTC)) < dt.timedelta(minutes=10)
    assert sql("select org_today() = %s", TODAY) == [(True,)]


def test_the_day_turns_at_midnight_in_utc(world):
    for moment, day in (("2024-07-15 23:59:59+00", "2024-07-15"), ("2024-07-16 00:00:00+00", "2024-07-16")):
        sql("update kernel_clock set ahead = %s::timestamptz - now()", moment)
        assert clock.today().isoformat() == day
        assert sql("select org_today()::text") == [(day,)]


def test_only_whoever_runs_the_server_moves_the_clock(world):
    for who in ("ines", "bela", "chidi"):
        with signed_in(world, who):
            assert sql("update kernel_clock set ahead = interval '0' returning 1") == []
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                sql("insert into kernel_settlemark (taken_at, stamp) values (now(), 0)")
    with scope.nobody():
        assert sql("update kernel_clock set ahead = interval '0' returning 1") == []
    assert clock.today() == TODAY


def test_there_is_one_clock(world):
    with pytest.raises(IntegrityError, match="kernel_clock_is_one_row"), transaction.atomic():
        sql("insert into kernel_clock (id, ahead, generation) values (2, interval '0', 0)")


def test_stamps_of_a_later_generation_lie_above_all_before(world):
    before = sql("select org_stamp(), org_next(), org_settled()")[0]
    sql("update kernel_clock set generation = generation + 1")
    after = sql("select org_stamp(), org_next(), org_settled()")[0]
    assert max(before) < min(after)
    assert before[0] < before[1]
    assert before[2] <= before[0]


def test_a_moment_without_a_mark_after_it_knows_all_that_is_seen(world):
    assert sql("select org_known_below(org_now())") == [(2**63 - 1,)]
    clock.take_settlemark()
    ((stamp, known_below),) = sql("select org_stamp(), org_known_below(org_now())")
    assert stamp < known_below < 2**63 - 1


def test_a_bare_day_means_its_last_moment_in_utc():
    assert clock.end_of(dt.date(2024, 1, 31)).isoformat() == "2024-01-31T23:59:59.999999+00:00"


@pytest.mark.parametrize("year", [1, 1799, 2200, 9999])
def test_a_year_no_record_can_mean_is_refused_with_its_field(year):
    with pytest.raises(Refusal) as refused:
        periods.sensible_day(dt.date(year, 6, 1), field="day")
    assert (refused.value.code, refused.value.field) == ("day-out-of-range", "day")
    assert f"The day 1 June {year} lies outside" in refused.value.sentence


@given(st.dates(dt.date(1800, 1, 1), dt.date(2199, 12, 31)))
def test_every_other_day_is_itself(day):
    assert periods.sensible_day(day, field="day") == day


@given(
    st.datetimes(at("1 January 1900").replace(tzinfo=None), at("1 January 2100").replace(tzinfo=None)),
    st.timedeltas(dt.timedelta(-9), dt.timedelta(9)),
)
def test_a_closed_span_keeps_its_beginning_and_is_never_empty(begins, later):
    begins = begins.replace(tzinfo=dt.UTC)
    closed = periods.until(periods.since(begins), begins + later)
    assert closed.lower == begins
    assert closed.upper == max(begins, begins + later)
    assert not closed.isempty


def test_what_is_recorded_and_put_right_at_one_moment_is_believed_at_none(world):
    span = periods.until(periods.since(at("1 May 2024")), at("1 May 2024"))
    assert sql("select upper(%s) > %s, isempty(%s), upper_inf(%s)", span, at("1 May 2024"), span, span) == [
        (False, False, False)
    ]


def test_a_refusal_carries_a_sentence_a_field_and_a_word_for_programs():
    refusal = Refusal("No.", field="day", code="no")
    assert (str(refusal), refusal.sentence, refusal.field, refusal.code) == ("No.", "No.", "day", "no")
    assert NotFound("Nothing.").code == "not-found"
