"""What is common is folded by a short way, which must lead where the long one does."""

import unicodedata

from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from groundswell.kernel.errors import Refusal
from groundswell.kernel.signs import holds_unwritable
from groundswell.people import rules
from groundswell.people.folding import fold_email

_LOCAL = st.text("aZ09._+-'%é", max_size=66)


@given(_LOCAL)
def test_an_address_is_taken_or_refused_as_the_library_has_it(local: str) -> None:
    try:
        expected = validate_email(
            f"{local}@example.org", check_deliverability=False, test_environment=True
        ).normalized.casefold()
    except EmailNotValidError:
        expected = None
    try:
        found = fold_email(f"{local}@example.org")
    except Refusal:
        found = None
    assert found == expected


@given(st.text(st.characters(max_codepoint=127)))
def test_a_name_in_plain_letters_is_folded_as_beside_one_that_is_not(text: str) -> None:
    """A last word in another script lets the whole of it go the long way."""
    assert rules.asked_words(f"{text[:40]} ж")[:-1] == rules.asked_words(text[:40])[:7]


@given(st.text(st.characters(max_codepoint=127)))
def test_the_sort_key_of_plain_letters_is_that_of_the_letters(name: str) -> None:
    assert rules.sort_key(f"{name[:80]} Ж") == f"ж {' '.join(name[:80].casefold().split())}".strip()


@given(st.characters(codec=None))
def test_controls_and_half_characters_are_what_unicode_calls_so(sign: str) -> None:
    assert holds_unwritable(sign) == (unicodedata.category(sign) in {"Cc", "Cs"})


def test_a_domain_is_kept_as_people_read_it_however_a_browser_wrote_it() -> None:
    for written in ("Zoe@Müller.de", "zoe@xn--mller-kva.de", "mailto:zoe@MÜLLER.de."):
        assert fold_email(written) == "zoe@müller.de"
