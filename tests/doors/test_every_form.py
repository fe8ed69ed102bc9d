"""Every field of every form that an office is shown, against strings that have broken programs somewhere.

The forms are found as a person finds them: by following links, signed in. A form that is new is thrown at
from the day it stands on a page. What is thrown is rolled back, so every string meets the same world.
"""

import json
from collections import deque
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import quote

import pytest
from browsing import Form, Forms, links, name_of, signed_in
from django.db import transaction
from django.test import Client
from test_crawler import MOST_OF_A_NAME
from test_scans import watched

NAUGHTY = json.loads((Path(__file__).parent.parent / "data/naughty.json").read_text(encoding="ascii"))
PARTS = 20
EACH = 4  # in the sample of the quick tests a string meets every fourth field
MOST_PAGES = 250
# Forms whose effect is outside the database, or that end the visit.
LEFT_OUT = {"account_logout", "accounts:sign-out"}


def forms_of(client: Client, world, of_a_name: int = MOST_OF_A_NAME // 2) -> dict[str, Form]:
    """Return the forms somebody finds, each kind of form once with the most fields it was seen with.

    She follows so many links to addresses of one name.
    """
    own = [f"/people/{world.person[who].pk}/" for who in ("chidi", "bird-below")]
    waiting = deque(["/", "/people/", "/units/DEPOT/", "/units/TRAM/", *own])
    known, followed, found = set(waiting), dict[str, int](), dict[str, Form]()
    asked = 0
    while waiting and asked < MOST_PAGES:
        address = waiting.popleft()
        answer = client.get(address)
        asked += 1
        assert answer.status_code < 500, address
        if answer.streaming or "html" not in answer.get("Content-Type", ""):
            continue
        text = answer.content.decode()
        reader = Forms(address)
        reader.feed(text)
        for form in reader.forms:
            if form.name.split()[0] not in LEFT_OUT and form.action.startswith("/"):
                before = found.get(form.name)
                if before is None or len(before.fields) < len(form.fields):
                    found[form.name] = form
        for target in links(address, text):
            name = name_of(target)
            if target not in known and followed.get(name, 0) < of_a_name:
                followed[name] = followed.get(name, 0) + 1
                known.add(target)
                waiting.append(target)
    return found


def encoded(fields: dict[str, str]) -> str:
    return "&".join(
        f"{quote(name)}={quote(text.encode('utf-8', 'surrogatepass'), safe='')}"
        for name, text in fields.items()
    )


def throw(client: Client, form: Form, name: str, text: str) -> None:
    """Send the form with this text in one field; nothing breaks, and what is refused comes back."""
    said = encoded({**form.fields, name: text})
    with transaction.atomic():
        if form.method == "get":
            answer = client.get(f"{form.action.partition('?')[0]}?{said}")
        else:
            answer = client.post(form.action, said, content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    where = (form.page, form.action, name, text)
    assert answer.status_code in {200, 302, 400, 404, 405, 422}, (*where, answer.status_code)
    if answer.status_code == 422:
        page = answer.content.decode()
        assert "Traceback" not in page, where
        if form.kinds.get(name) in {"text", "textarea", "search", "email"} and sendable(text):
            assert escape(text) in page, where


def sendable(text: str) -> bool:
    """Return whether a browser could type this and get it back: no outer blanks, no control characters."""
    return text == text.strip() and text.isprintable() and len(text) < 200


def thrown_at(client: Client, forms: dict[str, Form], strings_of) -> Iterator[tuple[str, str]]:
    number = 0
    for key, form in sorted(forms.items()):
        for name, kind in form.kinds.items():
            if kind == "file":
                continue
            strings = strings_of(number)
            for text in strings:
                throw(client, form, name, text)
            number += 1
            if strings:
                yield key, name


def one_of(number: int) -> list[str]:
    """Return a string for a field, another for the next."""
    return [NAUGHTY[number * 37 % len(NAUGHTY)]]


def some_of(number: int) -> list[str]:
    """Return a string for the fields of the sample, none for those between."""
    return [] if number % EACH else one_of(number)


def enough_was_hit(fields: list[tuple[str, str]]) -> bool:
    return len({key for key, _name in fields}) >= 15 and len(fields) >= 40


@pytest.fixture(scope="module")
def walked(furnished):
    """Let a secretary follow one link to addresses of each name; return the forms she finds and the watch."""
    with watched() as watch:
        return forms_of(signed_in(furnished, "bela"), furnished, of_a_name=1), watch


def test_a_sample_of_nasty_strings_breaks_no_form(furnished, walked):
    forms, _watch = walked
    fields = list(thrown_at(signed_in(furnished, "bela"), forms, some_of))
    assert enough_was_hit(fields), fields


def test_no_page_on_her_way_looks_at_every_person(walked):
    """As `test_scans.py` judges it, which looks at all that five offices find."""
    _forms, watch = walked
    assert len(watch.known) > 150
    assert watch.scans == {}


@pytest.mark.drill
@pytest.mark.parametrize("who", ["bela", "hana", "ada"])
def test_one_nasty_string_in_each_field_breaks_no_form(furnished, who, record_property):
    client = signed_in(furnished, who)
    fields = list(thrown_at(client, forms_of(client, furnished), one_of))
    record_property("fields", len(fields))
    assert enough_was_hit(fields), fields


@pytest.mark.drill
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("who", ["bela", "hana"])
def test_no_nasty_string_breaks_any_form(furnished, who, part, record_property):
    client, strings = signed_in(furnished, who), NAUGHTY[part::PARTS]
    fields = list(thrown_at(client, forms_of(client, furnished), lambda _n: strings))
    record_property("thrown", len(fields) * len(strings))
    assert fields
