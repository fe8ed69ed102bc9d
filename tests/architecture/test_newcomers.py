"""The pages for newcomers say what the code says: glossary, rooms, tour, decisions, changes."""

import re

import house
import rooms_page
from django.apps import apps

from groundswell.cli.main import COMMANDS

DOCS = house.CHECKOUT / "docs"
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:|#)([^)#]+)(?:#[^)]*)?\)")
# What stands between backticks and looks like a path of the checkout.
NAMED = re.compile(r"`((?:src/groundswell|tests|docs|bench|changes|\.ci)/[\w./-]+?)(?:::\w+)?`")
# Made by `make bench` and `make shots`.
NOT_COMMITTED = {"bench/RESULTS.md"}
# Another project's, as a page says.
ELSEWHERE = "tests/io/"
KINDS_OF_CHANGE = {"added", "changed", "mended", "security"}


def glossary() -> list[list[str]]:
    """Return the lines of the table: word, German, what, where."""
    lines = [line.strip() for line in (DOCS / "glossary.md").read_text(encoding="utf-8").splitlines()]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return rows[2:]


def models() -> set[str]:
    return {f"{room}.{model}" for room in house.rooms() for model in rooms_page.tables(room)}


def test_the_models_read_from_the_code_are_those_that_django_knows():
    known = {m._meta.label for m in apps.get_models() if m.__module__.startswith("groundswell.")}
    assert models() == known


def test_every_model_has_its_line_in_the_glossary():
    said = {word for *_, where in glossary() for word in re.findall(r"`([a-z]+\.[A-Z]\w+)`", where)}
    assert said == models()


def test_the_glossary_says_what_and_where_in_two_languages_and_in_order():
    rows = glossary()
    assert len(rows) > 80
    for row in rows:
        assert len(row) == 4, row
        assert all(row), row
    words = [row[0].casefold() for row in rows]
    assert words == sorted(set(words))
    for word, *_, where in rows:
        for path in re.findall(r"`([a-z]+/[\w/.]*)`", where):
            assert (house.PACKAGE / path).exists(), f"{word}: {path}"


def test_the_page_of_the_rooms_is_current():
    written = rooms_page.PAGE.read_text(encoding="utf-8")
    assert written == rooms_page.page(), "run tests/architecture/rooms_page.py"


def missing_in(path: str, text: str) -> list[str]:
    """Return what a page links to, or names as a path of the checkout, and is not there."""
    here = (house.CHECKOUT / path).parent
    linked = [here / one for one in LINK.findall(text) if one not in NOT_COMMITTED]
    named = [
        house.CHECKOUT / one
        for one in NAMED.findall(text)
        if one not in NOT_COMMITTED and not one.startswith(ELSEWHERE)
    ]
    return [str(one) for one in (*linked, *named) if not one.exists()]


def test_what_a_page_names_and_links_to_is_there():
    pages = {path: text for path, text in house.texts(".md") if not path.startswith("src/")}
    assert len(pages) > 100
    missing = {path: missing_in(path, text) for path, text in pages.items()}
    assert {path: gone for path, gone in missing.items() if gone} == {}


def test_what_the_tour_names_is_in_the_code():
    """Every `file.py` of the tour with a name behind it, as `figures.py`: `count`, holds that name."""
    text = (DOCS / "tour.md").read_text(encoding="utf-8")
    pairs = re.findall(r"`(src/groundswell/[\w/]+\.py)`: ((?:`\w+`(?:, | and )?)+)", text)
    assert len(pairs) > 8
    for path, words in pairs:
        source = (house.CHECKOUT / path).read_text(encoding="utf-8")
        for word in re.findall(r"`(\w+)`", words):
            assert re.search(rf"\b{word}\b", source), f"{path} has no {word}"


def test_decisions_are_numbered_once_and_fit_on_a_page():
    decisions = sorted((DOCS / "decisions").glob("*.md"))
    numbers = [path.name[:4] for path in decisions]
    assert len(numbers) == len(set(numbers))
    for path in decisions:
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name), path.name
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 60, path.name


def test_a_change_note_is_one_sentence_of_a_known_kind():
    for path in sorted((house.CHECKOUT / "changes").glob("*.md")):
        if path.name == "README.md":
            continue
        slug, kind, _ = path.name.split(".")
        assert re.fullmatch(r"[a-z][a-z-]+", slug), path.name
        assert kind in KINDS_OF_CHANGE, path.name
        text = path.read_text(encoding="utf-8").strip()
        assert "\n" not in text, path.name
        assert text.endswith("."), path.name


def test_the_licence_is_the_one_the_project_names():
    text = (house.CHECKOUT / "LICENSE").read_text(encoding="utf-8")
    assert text.lstrip().startswith("GNU AFFERO GENERAL PUBLIC LICENSE")
    assert 'license = "AGPL-3.0-or-later"' in (house.CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")
    assert len(text.encode()) == 34_523  # the text of the Free Software Foundation, to the byte


def test_the_commands_of_the_readme_exist():
    text = (house.CHECKOUT / "README.md").read_text(encoding="utf-8")
    makefile = (house.CHECKOUT / "Makefile").read_text(encoding="utf-8")
    made = set(re.findall(r"(?:^|`)(?:PORT=\d+ )?make (?:-C \w+ )?([a-z]+)", text, re.MULTILINE))
    assert "demo" in made
    assert made <= set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"\bgroundswell ([a-z]+)\b", text)) <= set(COMMANDS)
