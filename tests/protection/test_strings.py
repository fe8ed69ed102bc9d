"""Every form of the room against strings that have broken programs somewhere; what is kept is as typed."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest

from groundswell.access import scope
from groundswell.people.models import Hold
from groundswell.protection.models import Purpose
from groundswell.structure.models import Unit

NAUGHTY = json.loads((Path(__file__).parent.parent / "data/naughty.json").read_text(encoding="ascii"))
# Each field gets two strings of its own in the quick tests, and every ninth as a drill.
FEW = pytest.mark.parametrize("step", [331, pytest.param(9, marks=pytest.mark.drill)])
BREACH = {"what": "x", "found_at": "2024-07-14T04:00", "readable_from": "2024-07-13T00:00", "units": "DEPOT"}
# Who fills it in, where, which field, and what else stands in the form.
FORMS = [
    ("bela", "/protection/consents/?unit=TRAM", "label", {}),
    ("bela", "/protection/consents/{purpose}/?unit=TRAM", "words", {"language": "en", "version": "new"}),
    ("bela", "/protection/consents/{purpose}/?unit=TRAM", "language", {"words": "x", "version": "new"}),
    ("bela", "/protection/consents/{purpose}/?unit=TRAM", "version", {"words": "x", "language": "en"}),
    ("ada", "/protection/people/{chidi}/consent/?purpose={purpose}", "answer", {}),
    ("chidi", "/me/consent/?purpose={purpose}", "answer", {}),
    *(
        ("dana", "/protection/ages/?unit=TRAM", name, {"country": "AT", "purpose": "entry", "years": "15"})
        for name in ("country", "purpose", "years", "source")
    ),
    ("dana", "/protection/people/{chidi}/hold/", "why", {}),
    *(
        ("dana", "/protection/breaches/new/?unit=TRAM", name, BREACH)
        for name in (*BREACH, "readable_until", "accounts", "ways", "consequences", "measures")
    ),
    ("ada", "/people/new/?unit=DEPOT", "old_enough", {"name": "Wilma Willow", "kind": "contact"}),
]
PARAMETERS = [
    ("chidi", "/me/consent/", "purpose"),
    ("bela", "/protection/consents/", "unit"),
    ("dana", "/protection/ages/", "unit"),
    ("dana", "/protection/breaches/new/", "unit"),
]


def percent(text):
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


@pytest.fixture
def named(officers):
    return {"purpose": Purpose.objects.get(code="newsletter").pk, "chidi": officers.person["chidi"].pk}


@FEW
@pytest.mark.parametrize(("who", "address", "name", "more"), FORMS, ids=lambda one: str(one)[:40])
def test_no_string_breaks_a_form(named, browsers, who, address, name, more, step):
    browser = browsers(who)
    for text in NAUGHTY[13 * FORMS.index((who, address, name, more)) % step :: step]:
        body = "&".join(f"{key}={percent(value)}" for key, value in {**more, name: text}.items())
        answer = browser.post(address.format(**named), body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in {302, 422}, (text, answer.status_code)


@FEW
@pytest.mark.parametrize(("who", "address", "name"), PARAMETERS)
def test_no_string_breaks_a_parameter(named, browsers, who, address, name, step):
    browser = browsers(who)
    for text in NAUGHTY[13 * PARAMETERS.index((who, address, name)) % step :: step]:
        send = browser.post if name == "purpose" else browser.get
        answer = send(f"{address}?{name}={percent(text)}")
        assert answer.status_code in {200, 302, 400, 404}, (text, answer.status_code)


def test_what_is_taken_stays_as_it_was_typed(named, browsers, read):
    why = "日本 \u202e <b>é"
    assert (
        browsers("dana").post(f"/protection/people/{named['chidi']}/hold/", {"why": why}).status_code == 302
    )
    with scope.operator("look"):
        assert Hold.objects.get().why == why
        assert Unit.objects.filter(code="TRAM").exists()
    assert "<b>é" not in browsers("dana").get(f"/people/{named['chidi']}/").content.decode()
