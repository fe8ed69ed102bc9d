import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from groundswell.web import fields


def asked(text: str):
    return RequestFactory().get(f"/?{text}")


@pytest.mark.parametrize("text", ["1800-01-01", "2024-02-29", "2199-12-31"])
def test_a_day_between_1800_and_2199_is_taken(text):
    assert fields.checked_day(text).isoformat() == text


@pytest.mark.parametrize(
    "text",
    [
        "0000-01-01",
        "10000-01-01",
        "1799-12-31",
        "2200-01-01",
        "2023-02-29",
        "20240131",
        "2024-W05-3",
        "",
        "٢٠٢٤-01-31",
    ],
)
def test_a_day_that_no_calendar_or_table_holds_is_refused(text):
    with pytest.raises(ValidationError, match="Write a day like 2024-01-31"):
        fields.checked_day(text)


def test_a_bare_day_of_knowledge_means_its_last_moment_and_a_moment_keeps_its_zone():
    assert fields.checked_moment("2024-01-31") == dt.datetime(2024, 1, 31, 23, 59, 59, 999999, dt.UTC)
    assert fields.checked_moment("2024-01-31T23:30-05:00") == dt.datetime(2024, 2, 1, 4, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text", ["2024-01-31T10:00", "2024-01-31T24:00Z", "0001-01-01T00:00Z", "2024-01-31T00:00+99:00"]
)
def test_a_moment_without_a_zone_or_out_of_range_is_refused(text):
    with pytest.raises(ValidationError):
        fields.checked_moment(text)


@given(st.integers())
def test_whole_numbers_are_taken_just_as_far_as_eight_bytes_reach(value):
    if -(2**63) <= value < 2**63:
        assert fields.checked_whole(str(value)) == value
    else:
        with pytest.raises(ValidationError):
            fields.checked_whole(str(value))


@given(st.text(max_size=200))
def test_a_text_is_returned_to_the_last_character_or_refused(text):
    storable = not any(
        (ord(sign) < 32 and sign not in "\n\r\t") or 127 <= ord(sign) < 160 or 0xD800 <= ord(sign) < 0xE000
        for sign in text
    )
    if storable:
        assert fields.checked_text(text) == text
        text.encode()
    else:
        with pytest.raises(ValidationError, match="a sign that cannot be stored"):
            fields.checked_text(text)


def test_a_text_too_long_is_refused_and_the_longest_is_taken():
    assert fields.checked_text("a" * 200) == "a" * 200
    with pytest.raises(ValidationError, match="at most 200 characters"):
        fields.checked_text("a" * 201)


@pytest.mark.parametrize("text", ["ch-be", "INT", "1", "A" * 40])
def test_a_code_is_taken_in_any_case(text):
    assert fields.checked_code(text) == text.upper()


@pytest.mark.parametrize("text", ["-A", "A_B", "ß", "A" * 41, "A B", "ａ"])
def test_what_is_no_code_is_refused(text):
    with pytest.raises(ValidationError):
        fields.checked_code(text)


def test_a_parameter_given_twice_is_refused_and_twice_the_same_is_not():
    assert fields.query(asked("on=2024-01-31&on=2024-01-31"), "on", fields.checked_day) == dt.date(
        2024, 1, 31
    )
    with pytest.raises(fields.BadQuery, match="more than once"):
        fields.query(asked("on=2024-01-31&on=2024-02-01"), "on", fields.checked_day)


def test_an_absent_or_empty_parameter_means_its_default():
    assert fields.query(asked(""), "on", fields.checked_day, dt.date(2020, 1, 1)) == dt.date(2020, 1, 1)
    assert fields.query(asked("on="), "on", fields.checked_day) is None


def test_a_choice_that_there_is_not_is_refused_and_named():
    assert fields.query_choice(asked("structure=now"), "structure", ("then", "now"), "then") == "now"
    with pytest.raises(fields.BadQuery, match="It is one of: now, then"):
        fields.query_choice(asked("structure=never"), "structure", ("then", "now"), "then")


def test_whole_and_day_fields_of_forms_refuse_in_the_same_words():
    assert fields.Day(required=False).clean("") is None
    assert fields.Day().clean(" 2024-01-31 ") == dt.date(2024, 1, 31)
    assert fields.Whole().clean("9223372036854775807") == 2**63 - 1
    for field, wrong in (
        (fields.Day(), "0000-01-01"),
        (fields.Whole(), "9223372036854775808"),
        (fields.Text(), "a\x00b"),
        (fields.Password(), "a" * 1001),
        (fields.Email(), "a@b"),
    ):
        with pytest.raises(ValidationError):
            field.clean(wrong)


def test_a_password_keeps_its_blanks():
    assert fields.Password().clean("  two words  ") == "  two words  "
