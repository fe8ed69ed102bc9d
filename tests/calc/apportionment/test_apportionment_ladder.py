"""Delegates by the number of members: one per so many, and ladders."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.calc.apportionment import Band, by_ladder, one_per
from groundswell.calc.errors import CalcError

BRANCHES = {"Turin": 100, "Milan": 101, "Rome": 126, "Bari": 0}
ENDLESS = "the last band of the ladder, and only the last, is without end."
BANDS = (Band(100, 10), Band(500, 25), Band(None, 50))


def test_any_part_of_the_ratio_earns_a_delegate():
    assert one_per(BRANCHES, 50).by_name() == {"Turin": 2, "Milan": 3, "Rome": 3, "Bari": 0}


def test_only_more_than_half_earns_one_by_the_major_part():
    assert one_per(BRANCHES, 50, part="major").by_name() == {"Turin": 2, "Milan": 2, "Rome": 3, "Bari": 0}
    assert one_per({"Even": 125}, 50, part="major").seats == (2,)


def test_a_part_earns_nothing_where_the_statute_says_full_ratios():
    assert one_per(BRANCHES, 50, part="none").seats == (2, 2, 2, 0)


def test_bounds_raise_and_cut():
    result = one_per(BRANCHES, 50, minimum=1, maximum=2)
    assert result.seats == (2, 2, 2, 1)
    assert (
        result.sentences[1] == "Milan: 101 ÷ 50 = 2 and 1/50, which earns 3, raised or cut to 2 by the bound."
    )


def test_a_ladder_adds_its_bands_and_rounds_once():
    result = by_ladder({"small": 100, "middle": 512, "large": 1_020}, BANDS)
    assert result.seats == (10, 27, 37)
    assert result.sentences[1] == ("middle: 100 ÷ 10 + 400 ÷ 25 + 12 ÷ 50 = 26 and 6/25, which earns 27.")


def test_seats_say_whether_a_full_ratio_or_a_part_earned_them():
    assert [award.by for award in one_per({"Turin": 60}, 50, minimum=3).awards] == [
        "ratio",
        "part",
        "minimum",
    ]


@given(st.lists(st.integers(0, 5_000), min_size=2, max_size=2))
def test_a_ladder_is_degressive(members):
    fewer, more = sorted(members)
    low, high = by_ladder({"fewer": fewer, "more": more}, BANDS, part="none").seats
    assert low <= high
    if fewer:
        exact = [exact_seats(count) for count in (fewer, more)]
        assert Fraction(fewer) / exact[0] <= Fraction(more) / exact[1]


def exact_seats(count):
    return (
        Fraction(min(count, 100), 10)
        + Fraction(max(0, min(count, 500) - 100), 25)
        + Fraction(max(0, count - 500), 50)
    )


@pytest.mark.parametrize(
    ("bands", "options", "sentence"),
    [
        ((), {}, "the ladder has no band."),
        ((Band(None, 0),), {}, "a seat of the ladder stands for at least 1 member."),
        ((Band(100, 10),), {}, ENDLESS),
        ((Band(None, 10), Band(None, 20)), {}, ENDLESS),
        ((Band(100, 10), Band(100, 20), Band(None, 30)), {}, "the bands of the ladder must rise."),
        (
            BANDS,
            {"minimum": 3, "maximum": 2},
            "the minimum, 3, must be 0 or more and not above the maximum, 2.",
        ),
        ((Band(None, 1),), {}, "more than 100000 seats come out: let a seat stand for more members."),
    ],
)
def test_a_ladder_that_does_not_hold_is_refused(bands, options, sentence):
    with pytest.raises(CalcError) as caught:
        by_ladder({"Turin": 100_001}, bands, **options)
    assert caught.value.message == sentence
