"""Sealing a text under a key: round trips, and each way of tampering."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.access import cipher

KEY = bytes(range(32))
PLACE = "people_contact.value of row 7"


@given(st.binary(max_size=200), st.text(max_size=40))
def test_what_is_sealed_opens_in_its_place(content, place):
    assert cipher.unseal(KEY, cipher.seal(KEY, content, place), place) == content


def test_the_same_text_is_sealed_differently_each_time_and_cannot_be_read():
    first, second = cipher.seal(KEY, b"anna@example.org", PLACE), cipher.seal(KEY, b"anna@example.org", PLACE)
    assert first != second
    assert b"anna" not in first


def test_another_place_is_detected_and_named():
    sealed = cipher.seal(KEY, b"x", PLACE)
    with pytest.raises(cipher.Unreadable, match=r"row 8 was changed, or moved here from another row"):
        cipher.unseal(KEY, sealed, "people_contact.value of row 8")


def test_another_key_is_detected_and_what_to_do_is_said():
    sealed = cipher.seal(KEY, b"x", PLACE)
    with pytest.raises(cipher.Unreadable, match=r"locked with another key\. Put back the key file"):
        cipher.unseal(cipher.new_key(), sealed, PLACE)


@given(st.integers(min_value=1, max_value=2**31))
def test_no_changed_byte_passes(number):
    sealed = bytearray(cipher.seal(KEY, b"anna@example.org", PLACE))
    sealed[number % len(sealed)] ^= 1 + number % 255
    with pytest.raises(cipher.Unreadable):
        cipher.unseal(KEY, bytes(sealed), PLACE)


@given(st.binary(max_size=60))
def test_bytes_from_anywhere_are_refused_in_a_sentence(noise):
    with pytest.raises(cipher.Unreadable, match=PLACE):
        cipher.unseal(KEY, noise, PLACE)
