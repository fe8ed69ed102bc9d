"""Questions that the report cannot answer, growth to the last digit, and what a report costs."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from groundswell.access.actor import OPERATOR
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.reports.contract import as_contract
from groundswell.reports.drilldown import drill
from groundswell.reports.queries import growth, report
from groundswell.structure import actions as structure
from stage import NOW, ask, known, signed_in
from world import TODAY, day


def refusal_of(**question):
    asked = {"unit_code": "FED", "as_of": TODAY, "since": day("1 January 2024")} | question
    with pytest.raises(Refusal) as refused:
        report(OPERATOR, **asked)
    with pytest.raises(Refusal) as also:
        drill(OPERATOR, **asked)
    assert refused.value.sentence == also.value.sentence
    assert refused.value.sentence.endswith(".")
    return refused.value.code, refused.value.field


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ({"since": day("16 July 2024")}, ("backwards", "since")),
        ({"as_of": dt.date(2024, 7, 16)}, ("in-the-future", "as_of")),
        ({"as_of": dt.date(1999, 12, 31), "since": dt.date(1999, 1, 1)}, ("before-founding", "as_of")),
        ({"as_of": dt.date(1, 1, 1), "since": dt.date(1, 1, 1)}, ("day-out-of-range", "as_of")),
        ({"as_of": dt.date(9999, 12, 31)}, ("day-out-of-range", "as_of")),
        ({"since": dt.date(1, 1, 1)}, ("day-out-of-range", "since")),
        ({"unit_code": "MOON"}, ("not-found", "unit")),
        ({"unit_code": "\x00"}, ("not-found", "unit")),
        ({"structure_of": "later"}, ("bad-structure", "structure")),
        ({"known_at": dt.datetime(1999, 12, 31, tzinfo=dt.UTC)}, ("not-known-yet", "known_at")),
        (
            {"known_at": dt.datetime(1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=14)))},
            ("not-known-yet", "known_at"),
        ),
    ],
)
def test_a_report_that_cannot_be_is_refused_in_one_sentence(world, question, answer):
    assert refusal_of(**question) == answer


def test_a_report_of_a_single_day_and_of_the_day_of_founding_can_be(world):
    assert ask("FED", "15 July 2024", "15 July 2024").total.joined == 0
    assert ask("FED", "1 January 2000", "1 January 2000").total.members == 0
    tonight = known("15 July 2024")
    assert ask("FED", "15 July 2024", known_at=tonight).lines == ask("FED", "15 July 2024").lines


def test_what_will_be_known_at_a_moment_to_come_is_refused(world):
    last = dt.datetime(9999, 12, 31, 23, 59, tzinfo=dt.timezone(-dt.timedelta(hours=14)))
    for later in (known("16 July 2024"), last):
        with pytest.raises(Refusal, match="has not come yet; today is 15 July 2024") as refused:
            ask("FED", "15 July 2024", known_at=later)
        assert refused.value.field == "known_at"


def test_whoever_holds_no_office_there_finds_no_report(world):
    window = {"as_of": TODAY, "since": day("1 January 2024")}
    with signed_in(world, "sven") as sven:
        assert report(sven, unit_code="FERRY", **window).total.members == 5
        with pytest.raises(NotFound):
            report(sven, unit_code="TRAM", **window)
    with signed_in(world, "chidi") as chidi, pytest.raises(Refusal):
        report(chidi, unit_code="DEPOT", **window)


@pytest.mark.parametrize(
    ("members", "previous", "said"),
    [
        (0, 0, None),
        (5, 0, None),
        (0, 5, "-100.0"),
        (2001, 2000, "0.1"),
        (1999, 2000, "-0.1"),
        (10001, 10000, "0.0"),
        (9999, 10000, "0.0"),
        (1005, 1000, "0.5"),
        (201, 160, "25.6"),
        (119, 160, "-25.6"),
    ],
)
def test_growth_has_one_decimal_half_away_from_zero_and_is_none_from_nothing(members, previous, said):
    made = growth(members, previous)
    assert (None if made is None else str(made)) == said


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_growth_is_the_exact_quotient_rounded_once(members, previous):
    with localcontext() as exact:
        exact.prec = 60
        expected = (Decimal(100) * (members - previous) / previous).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert growth(members, previous) == expected


def questions(world, act):
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


def more_branches(world, count):
    for number in range(count):
        new = structure.NewUnit(
            f"N{number}", {"en": f"Number {number}"}, "branch", "FERRY", day("1 June 2024")
        )
        structure.found_unit(new, actor=OPERATOR, at=NOW)


def test_a_report_asks_as_many_questions_for_three_rows_as_for_one(world):
    def act():
        ask("FERRY", "15 July 2024")

    act()
    few = questions(world, act)
    more_branches(world, 3)
    assert questions(world, act) == few
    assert few <= 14


def test_a_drill_down_asks_as_many_questions_for_three_parts_as_for_one(world):
    def act():
        drill(OPERATOR, unit_code="FERRY", as_of=TODAY, since=day("1 January 2024"), figure="members")

    few = questions(world, act)
    more_branches(world, 3)
    assert questions(world, act) == few


def test_the_contract_has_its_keys_and_plain_values(world):
    made = as_contract(ask("FED", "15 July 2024"))
    assert list(made) == [
        "as_of",
        "since",
        "known_at",
        "structure",
        "unit",
        "total",
        "units",
        "milestones",
        "targets",
        "decisions",
    ]
    assert list(made["units"][0]) == [
        "code",
        "name",
        "kind",
        "members",
        "previous",
        "joined",
        "left",
        "moved_in",
        "moved_out",
        "growth_pct",
        "illustrative",
    ]
    assert [one["code"] for one in made["units"]] == ["BUS", "TRAM", "FERRY"]
    assert made["total"]["growth_pct"] == 21.6
