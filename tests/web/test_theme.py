import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.web import problems
from groundswell.web.theme import DEFAULT_ACCENT, contrast, theme

LIGHT = ("#f7f4ee", "#fffdf9")
DARK = ("#171613", "#1f1e1a")


@given(st.integers(0, 0xFFFFFF))
def test_whatever_accent_is_chosen_its_text_can_be_read(number):
    made = theme(f"#{number:06x}")
    assert min(contrast(made.light, ground) for ground in (*LIGHT, made.light_tint)) >= 4.5
    assert min(contrast(made.dark, ground) for ground in (*DARK, made.dark_tint)) >= 4.5
    assert contrast(made.light, made.light_on) >= 4.5
    assert contrast(made.dark, made.dark_on) >= 4.5
    assert contrast("#1b1a17", made.light_tint) >= 4.5
    assert contrast("#f2ede3", made.dark_tint) >= 4.5


def test_the_default_accent_stays_what_it_is_on_paper():
    assert theme().light == DEFAULT_ACCENT


@pytest.mark.parametrize("wrong", ["red", "#fff", "#12345g", "", "url(x)", "#a8201a;}"])
def test_an_accent_that_is_no_colour_is_refused_in_a_sentence(wrong):
    with pytest.raises(ValueError, match="An accent is written like #a8201a"):
        theme(wrong)


def test_another_accent_has_another_address():
    assert theme("#005500").digest() != theme("#005501").digest()


def test_the_colour_that_is_set_is_that_of_the_pages_and_yellow_can_be_read(settings, browser_of):
    plain = problems.theme_href()
    settings.ACCENT = "#ffe600"
    assert problems.theme_href() != plain
    served = browser_of("").get(problems.theme_href()).content.decode()
    assert served == theme("#ffe600").css()
    light = served.split("light-dark(")[1].split(",")[0]
    assert light != "#ffe600"
    assert min(contrast(light, ground) for ground in LIGHT) >= 4.5
