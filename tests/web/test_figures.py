import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import strategies as st

from groundswell.web import figures, words
from sampling import sampled

N = "\u202f"


@pytest.mark.parametrize(
    ("value", "language", "shown"),
    [
        (6030, "en", f"6{N}030"),
        (6030, "de", f"6{N}030"),
        (6030, "es", "6030"),
        (60300, "es", f"60{N}300"),
        (1234567, "hi", f"12{N}34{N}567"),
        (-1700, "en", f"\u22121{N}700"),
        (0, "ur", "0"),
        (999, "xx-nonsense", "999"),
    ],
)
def test_thousands_are_grouped_by_the_custom_of_the_language(value, language, shown):
    assert figures.number(value, language) == shown


def test_a_gain_carries_its_sign_in_an_isolate_and_no_change_has_none():
    assert figures.signed(1700, "en") == f"<bdi>+1{N}700</bdi>"
    assert figures.signed(-3, "en") == "<bdi>\u22123</bdi>"
    assert figures.signed(0, "en") == "<bdi>0</bdi>"


def test_per_cent_stands_where_the_language_puts_it():
    assert figures.per_cent(8, "en") == f"8{N}%"
    assert figures.per_cent(8, "tr") == "%8"
    assert figures.signed_per_cent(44, "en") == f"<bdi>+44{N}%</bdi>"


@pytest.mark.parametrize(
    ("members", "previous", "growth"),
    [
        (6030, 4330, 39),
        (34, 7, 386),
        (630, 341, 85),
        (515, 412, 25),
        (7, 0, None),
        (3, 4, -25),
        (201, 200, 1),
        (199, 200, -1),
    ],
)
def test_growth_is_rounded_half_away_from_zero_and_none_from_nothing(members, previous, growth):
    assert figures.growth_per_cent(members, previous) == growth


@sampled(30, 500, st.fractions(min_value=-1000, max_value=1000))
def test_rounding_is_symmetric_and_never_further_than_a_half(value):
    assert figures.rounded(-value) == -figures.rounded(value)
    assert abs(figures.rounded(value) - value) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("value", "english", "german"),
    [
        (0, "nought", "null"),
        (1, "one", "eins"),
        (6030, "six thousand and thirty", "sechstausenddreißig"),
        (101_001, "one hundred and one thousand and one", "einhunderteintausendeins"),
        (2121, "two thousand one hundred and twenty-one", "zweitausendeinhunderteinundzwanzig"),
        (16, "sixteen", "sechzehn"),
        (999_999, "nine hundred and ninety-nine thousand nine hundred and ninety-nine",
         "neunhundertneunundneunzigtausendneunhundertneunundneunzig"),
    ],
)  # fmt: skip
def test_numbers_are_said_in_english_and_german(value, english, german):
    assert words.in_words(value, "en") == english
    assert words.in_words(value, "de-CH") == german


def test_other_languages_and_sizes_show_digits():
    assert words.in_words(6030, "fr") is None
    assert words.in_words(1_000_000, "en") is None
    assert figures.in_words(6030, "fr") == f"6{N}030"


@sampled(30, 500, st.integers(0, 999_999), st.integers(0, 999_999))
def test_no_two_numbers_are_said_alike(one, other):
    for language in ("en", "de"):
        assert (words.in_words(one, language) == words.in_words(other, language)) == (one == other)


def test_days_and_moments_say_all_that_is_needed():
    day = dt.date(2024, 1, 31)
    assert figures.day(day, "en") == "31 January 2024"
    assert figures.day(day, "de") == "31. Januar 2024"
    assert figures.month(day, "fr") == "janvier 2024"
    late = dt.datetime(2024, 1, 31, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
    assert figures.moment(late, "en") == "1 February 2024, 04:30 UTC"


def test_tenths_lose_a_decimal_of_nought():
    assert [figures.tenths(value, "en") for value in (63, 120, 0)] == ["6.3", "12", "0"]
    assert figures.tenths(63, "de") == "6,3"
