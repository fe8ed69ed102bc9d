"""A field on its page: its label, its help and its errors where eye and thumb look for them."""

import re

from django import forms

from groundswell.web.forms import HouseForm


class Asking(HouseForm):
    town = forms.CharField(label="Town", help_text="As on the map.")
    sure = forms.BooleanField(label="I am sure", help_text="It is final.")


def parts(**data):
    form = Asking(data or None)
    return {field.name: " ".join(str(field.as_field_group()).split()) for field in form}


def test_a_box_to_tick_stands_within_its_words_so_that_they_can_be_pressed_as_well():
    assert re.search(
        r'<label for="id_sure"><input type="checkbox"[^>]*id="id_sure"[^>]*><span>I am sure</span></label>',
        parts()["sure"],
    )
    assert re.search(r'<label [^>]*for="id_town"[^>]*>Town</label>', parts()["town"])
    for field in ("town", "sure"):
        assert f'id="id_{field}_helptext"' in parts()[field]
        assert f'aria-describedby="id_{field}_helptext"' in parts()[field]


def test_what_is_wrong_stands_beside_its_field_a_box_to_tick_like_the_others():
    for field in ("town", "sure"):
        assert f'<p class="wrong" id="id_{field}_error">' in parts(other="x")[field]
        assert 'aria-invalid="true"' in parts(other="x")[field]
