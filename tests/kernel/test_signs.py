"""What nobody sees in a line: kept where a language needs it, gone elsewhere, refused where it deceives."""

import pytest

from groundswell.kernel import signs
from groundswell.kernel.errors import Refusal
from groundswell.people import folding, rules
from groundswell.structure.rules import check_names

NEEDED = [
    "علی\u200cرضا",  # Persian: two parts of one name, not joined
    "ශ්\u200dරී",  # Sinhala: one sign of two letters
    "র\u200d্যাচেল",  # Bengali: the joiner before the virama
    "അവന്\u200d",  # Malayalam: a half letter at the end
    "ᠠ\u180eᠠ",  # Mongolian: the vowel at the end stands apart
    "葛\U000e0100城",  # Japanese: the form of the letter that this family writes
    "\U0001f469\u200d\U0001f527",  # one picture of two
]
UNSEEN = [
    ("Ad\u200ba Amber", "Ada Amber"),
    ("\ufeffAda\u00ad", "Ada"),
    ("\u202aAda\u202c \u2068Amber\u2069", "Ada Amber"),  # as telephones keep them
    ("A\u200cd\u200da", "Ada"),  # joiners, where nothing is joined
    ("علی\u200c\u200c\u200bرضا", "علی\u200cرضا"),
    ("Ada \u3164", "Ada"),
]


@pytest.mark.parametrize("name", NEEDED)
def test_a_name_keeps_the_signs_that_its_language_needs(name):
    assert rules.check_name(f"Ada {name}")[4:] == rules.check_word(name, field="town", most=60) == name


@pytest.mark.parametrize(("typed", "kept"), UNSEEN)
def test_other_signs_that_nobody_sees_are_not_kept(typed, kept):
    assert rules.check_name(typed) == rules.check_word(typed, field="town", most=60) == kept
    assert check_names({"en": typed}) == {"en": kept}


@pytest.mark.parametrize("turning", ["\u202e", "\u202d"])
def test_whoever_turns_the_writing_round_is_refused(turning):
    for judge in (rules.check_name, lambda text: rules.check_word(text, field="town", most=60)):
        with pytest.raises(Refusal, match="cannot be written"):
            judge(f"Ada {turning}rebmA")
    with pytest.raises(Refusal, match="cannot be written"):
        check_names({"en": f"{turning}topeD"})
    assert rules.check_line("free \u202etext", field="why", most=60) == "free \u202etext"
    assert signs.holds_unwritable("a\nb")
    assert not signs.holds_unwritable("a\nb", but=frozenset("\n"))


def test_a_name_of_nothing_that_can_be_seen_is_none():
    for judge in (rules.check_name, lambda text: check_names({"en": text})):
        with pytest.raises(Refusal, match="needs a name"):
            judge("\u200b\u3164 ")


def test_a_person_s_name_holds_a_letter_of_some_script():
    for name in ("Ada 2nd", "X Æ A-12", "李", "علي", "ʻOkina", "प्रिया", "ª", "아", "O"):
        assert rules.check_name(name) == name
    for none in ("123", "---", "???", "٣", "½", "\U0001f469", "Ⅷ", ".", "\u0301"):
        with pytest.raises(Refusal, match="There is no letter in “"):
            rules.check_name(none)
    assert rules.named_after("bela.b@example.org") == "bela.b"
    assert rules.named_after("0664@example.org") == "0664@example.org"


def test_ways_to_reach_her_are_read_as_a_telephone_keeps_them():
    assert folding.fold_email("\u202aada@example.org\u202c") == "ada@example.org"
    assert folding.fold_phone("\u202a+43 660 1111111\u202c", "") == "+436601111111"
