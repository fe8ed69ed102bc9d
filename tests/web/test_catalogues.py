import os
import re
import sys

import pytest

from groundswell.web import catalogues

PLACE = re.compile(r"%\(\w+\)[sd]|(?<!%)\{\w+\}|</?\w+>|`[^`]+`")


@pytest.mark.parametrize("path", catalogues.catalogue_paths(), ids=lambda path: path.parent.parent.name)
def test_every_sentence_is_translated_and_none_is_left_over(path):
    assert catalogues.wanting(path) == []


@pytest.mark.parametrize("path", catalogues.catalogue_paths(), ids=lambda path: path.parent.parent.name)
def test_a_translation_keeps_every_place_where_a_word_comes_in(path):
    for message in catalogues.read(path):
        if not message.id or not message.string:
            continue
        one = [message.id] if isinstance(message.id, str) else list(message.id)
        other = [message.string] if isinstance(message.string, str) else list(message.string)
        wanted = {place for text in one for place in PLACE.findall(text)}
        for text in other:
            missing = wanted - set(PLACE.findall(text))
            assert not missing or len(other) > 1, (message.id, missing)
        assert {place for text in other for place in PLACE.findall(text)} == wanted


# Where no sentence begins, these are the reader, spoken to as a stranger; or a request ends in "…en Sie".
STRANGER = re.compile(
    r"(?<!^)(?<![.!?:„\n] )(?<!„)\b(?:Sie|Ihr(?:e[mnrs]?)?|Ihnen)\b"
    r"|\b\w+en Sie\b|^Sie haben (?:um|kein)"
)


def test_german_says_du_to_everybody():
    (german,) = (path for path in catalogues.catalogue_paths() if path.parent.parent.name == "de")
    said = [
        text
        for message in catalogues.read(german)
        if message.id
        for text in ([message.string] if isinstance(message.string, str) else message.string)
    ]
    assert [text for text in said if STRANGER.search(text)] == []
    assert STRANGER.search("Öffnen Sie den Link.")  # and would be found
    assert STRANGER.search("Worum Sie bitten können.")
    assert not STRANGER.search("Aufgehoben: Sie ist frei. Ihre Karte gilt.")


# At the beginning of a sentence the word may be somebody else: then the English does not speak to the reader,
# or the German says du to her besides.
SPOKEN_TO = re.compile(r"\byou(?:r|rs|rself)?\b", re.IGNORECASE)
PERHAPS = re.compile(r"\b(?:Sie|Ihr(?:e[mnrs]?)?|Ihnen)\b")
FRIEND = re.compile(r"\b(?:du|dich|dir|dein(?:e[mnrs]?)?)\b", re.IGNORECASE)


def as_to_a_stranger(english, german):
    return bool(SPOKEN_TO.search(english) and PERHAPS.search(german) and not FRIEND.search(german))


def test_german_says_du_wherever_english_says_you():
    (german,) = (path for path in catalogues.catalogue_paths() if path.parent.parent.name == "de")
    found = []
    for message in catalogues.read(german):
        if message.id:
            english = " ".join([message.id] if isinstance(message.id, str) else message.id)
            said = " ".join([message.string] if isinstance(message.string, str) else message.string)
            found += [said] if as_to_a_stranger(english, said) else []
    assert found == []
    assert as_to_a_stranger("Your session has ended.", "Ihre Sitzung ist zu Ende.")
    assert not as_to_a_stranger("Her invitation", "Ihre Einladung")
    assert not as_to_a_stranger("She is kept until you lift it.", "Sie wird aufbewahrt, bis du es aufhebst.")


def test_messages_are_found_in_blocks_in_plurals_in_attributes_of_components_and_in_what_a_tag_hands_on():
    source = """
<c-card head="{% translate 'A head' %}">{% blocktranslate count n=rows|length trimmed %}
{{ n }} row{% plural %}{{ n }} rows
{% endblocktranslate %}</c-card>{% translate "It's" %}
{% include "a/_part.html" with label=_("Handed on") %}"""
    assert [message for _line, message in catalogues.in_template(source)] == [
        "A head",
        ("%(n)s row", "%(n)s rows"),
        "It's",
        "Handed on",
    ]


def test_a_missing_a_fuzzy_and_a_gone_message_are_each_reported(tmp_path):
    path = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    source = catalogues.catalogue_paths()[0].read_text(encoding="utf-8")
    source = source.replace('msgstr "Abmelden"', 'msgstr ""').replace(
        'msgid "Total"', '#, fuzzy\nmsgid "Total"'
    )
    path.write_text(source.replace('msgid "Unit by unit"', 'msgid "Gone"'), encoding="utf-8")
    before = set(catalogues.wanting(catalogues.catalogue_paths()[0]))
    assert set(catalogues.wanting(path)) - before == {"Gone", "Sign out", "Total", "Unit by unit"}


def test_there_is_german_to_prove_the_path():
    assert "de" in [path.parent.parent.name for path in catalogues.catalogue_paths()]


def test_a_start_compiles_what_is_older_than_its_source_and_nothing_else(monkeypatch, tmp_path):
    from groundswell.web import apps

    path = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_bytes(catalogues.catalogue_paths()[0].read_bytes())
    monkeypatch.setattr(apps, "_catalogues", lambda: [path])
    config = apps.WebConfig("groundswell.web", sys.modules["groundswell.web"])
    config.ready()
    made = path.with_suffix(".mo").stat().st_mtime_ns
    config.ready()
    assert path.with_suffix(".mo").stat().st_mtime_ns == made
    os.utime(path, ns=(made + 1, made + 1))
    config.ready()
    again = path.with_suffix(".mo").stat().st_mtime_ns
    assert again > made
    # A package that was installed came with them compiled, whatever the times of its files are.
    monkeypatch.setattr(apps, "_CHECKOUT", tmp_path / "pyproject.toml")
    os.utime(path, ns=(again + 1, again + 1))
    config.ready()
    assert path.with_suffix(".mo").stat().st_mtime_ns == again
    assert [one.name for one in path.parent.iterdir() if one.suffix == ".partial"] == []


def test_sentences_are_marked_by_names_that_are_gathered():
    marked = re.compile(r"\b(n?gettext(?:_lazy)?) as (\w+)")
    sources = [path.read_text(encoding="utf-8") for path in catalogues.PACKAGE.glob("*/**/*.py")]
    names = {name for source in sources for _marker, name in marked.findall(source)}
    assert names == {"_"}
