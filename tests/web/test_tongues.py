"""Languages as people write them into a form: by name or by code, kept as codes, shown by name."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from groundswell.structure.queries import language_name
from groundswell.web.fields import Languages


@pytest.mark.parametrize(
    ("reader", "typed", "codes"),
    [
        ("en", "English, German", ["en", "de"]),
        ("en", "en de", ["en", "de"]),
        ("en", " norwegian bokmål ; Türkçe/FR, fr", ["nb", "tr", "fr"]),
        ("de", "Deutsch, Französisch, English", ["de", "fr", "en"]),
        ("en", "de-AT, pt-BR, rm", ["de-AT", "pt-BR", "rm"]),
        ("en", "", []),
    ],
)
def test_languages_are_meant_by_name_or_by_code(reader, typed, codes):
    field = Languages(required=False)
    with override(reader):
        assert field.clean(typed) == codes
        # What is shown means the same again.
        assert field.clean(field.prepare_value(codes)) == codes


@pytest.mark.parametrize("typed", ["Martian", "en, zz", "English German Martian", "qqq-AT"])
def test_what_is_no_language_is_said_beside_its_field(typed):
    with override("en"), pytest.raises(ValidationError, match="is no language that is known here"):
        Languages().clean(typed)


def test_a_code_that_means_no_language_is_not_called_one():
    with override("en"):
        assert [language_name(code) for code in ("fr", "de-AT", "xx", "Klingon")] == [
            "French", "German", "xx", "Klingon",
        ]  # fmt: skip
