"""Every form field and query parameter against strings that have broken programs somewhere."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.urls import URLResolver, get_resolver

NAUGHTY = json.loads((Path(__file__).parent.parent / "data/naughty.json").read_text(encoding="ascii"))
SAMPLE = 173

PARAMETERS = [
    ("/units/", "on"),
    ("/units/", "q"),
    ("/units/FERRY/", "on"),
    ("/map/", "as_of"),
    ("/map/", "unit"),
    *(("/report/", name) for name in ("as_of", "since", "known_at", "unit", "structure")),
    *(("/report/report.csv", name) for name in ("as_of", "unit")),
    *(("/report/report.json", name) for name in ("since", "known_at")),
    *(("/report/drill/", name) for name in ("row", "figure", "direct", "as_of", "unit")),
    ("/theme.css", "v"),
    ("/protection/consents/", "unit"),
    ("/protection/ages/", "unit"),
    ("/protection/breaches/new/", "unit"),
    ("/accounts/login/", "next"),
]
FORMS = [
    ("/accounts/login/", "email", {"password": "x"}),
    ("/accounts/login/", "password", {"email": "ines@example.org"}),
    ("/accounts/login/", "next", {"email": "ines@example.org", "password": "x"}),
    ("/accounts/link/", "email", {}),
    ("/language/", "language", {}),
    ("/language/", "next", {"language": "de"}),
    ("/appearance/", "appearance", {}),
    ("/appearance/", "next", {"appearance": "dark"}),
]
PATHS = ["/units/{}/", "/accounts/link/{}/", "/{}"]
COOKIES = ["groundswell", "appearance", "django_language", "csrftoken"]


def percent(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def check(answer, *, refused) -> None:
    assert answer.status_code in {200, 302, 400, 404, 422}, answer.status_code
    if answer.status_code == refused:
        page = answer.content.decode()
        assert "<h1>" in page
        assert "Traceback" not in page


def sample(place, step, start=0) -> list[str]:
    """Return every so many-th string; each place begins elsewhere, so that together they get most of them."""
    return NAUGHTY[(start + 7 * place) % step :: step]


def throw_at_parameters(browser, step, start=0) -> int:
    thrown = 0
    for place, (address, name) in enumerate(PARAMETERS):
        for text in sample(place, step, start):
            check(browser.get(f"{address}?{name}={percent(text)}"), refused=400)
            thrown += 1
    return thrown


def throw_at_forms(browser, step, start=0) -> int:
    thrown = 0
    for place, (address, name, more) in enumerate(FORMS):
        for text in sample(place, step, start):
            body = "&".join(f"{key}={percent(value)}" for key, value in {**more, name: text}.items())
            answer = browser.post(address, body, content_type="application/x-www-form-urlencoded")
            check(answer, refused=422)
            thrown += 1
    return thrown


def throw_at_paths_and_cookies(browser, stranger, step, start=0) -> int:
    thrown = 0
    for place, pattern in enumerate(PATHS):
        for text in sample(place, step, start):
            check(browser.get(pattern.format(percent(text))), refused=404)
            thrown += 1
    for place, name in enumerate(COOKIES):
        for text in sample(place, step, start):
            if text.isascii() and text.isprintable():
                stranger.cookies[name] = text
                check(stranger.get("/"), refused=400)
                thrown += 1
    return thrown


def test_there_are_515_strings_and_more_and_none_twice():
    assert len(NAUGHTY) >= 515
    assert len(set(NAUGHTY)) == len(NAUGHTY)


def test_a_sample_breaks_nothing(browser_of):
    assert throw_at_parameters(browser_of("ines"), SAMPLE) >= 3 * len(PARAMETERS)
    assert throw_at_forms(browser_of(""), SAMPLE) >= 3 * len(FORMS)
    assert throw_at_paths_and_cookies(browser_of("ines"), browser_of(""), SAMPLE) > len(PATHS)


@pytest.mark.drill
@pytest.mark.parametrize("start", range(20))
def test_none_of_all_breaks_anything(browser_of, start, record_property):
    thrown = throw_at_parameters(browser_of("ines"), 20, start)
    thrown += throw_at_forms(browser_of(""), 20, start)
    thrown += throw_at_paths_and_cookies(browser_of("ines"), browser_of(""), 20, start)
    record_property("thrown", thrown)


def routes(entries, before="/") -> Iterator[str]:
    for entry in entries:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, route)
        elif "<" in route and not route.endswith("$"):
            yield route


@pytest.mark.parametrize("who", ["ines", "olga"])
def test_a_number_that_no_table_holds_and_a_sign_that_none_keeps_lead_to_no_page(browser_of, who):
    browser, found = browser_of(who), sorted(routes(get_resolver().url_patterns))
    assert len(found) > 50
    for route in found:
        address = re.sub(r"<(\w+):\w+>", lambda part: "9" * 30 if part[1] == "int" else "A%00", route)
        # What is only sent to says that it is not asked; what signs her in asks first whether it is she; and
        # a link that a mail program broke has a page that says so.
        asked = {302} if route.startswith("/accounts/factors/") else {404, 405}
        assert browser.get(address).status_code in ({200, 422} if "token" in route else asked), route


def test_a_refused_parameter_is_one_sentence_on_a_page_of_its_own(browser_of):
    answer = browser_of("ines").get("/report/?as_of=10000-01-01")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert (
        "“as_of” in the address cannot be used. Write a day like 2024-01-31, between 1800 and 2199." in page
    )


def test_a_moment_before_all_knowledge_is_refused_in_a_sentence(browser_of):
    for address in ("/report/", "/report/drill/", "/map/"):
        answer = browser_of("ines").get(f"{address}?known_at=1969-12-31T23:59:59Z")
        assert answer.status_code == 400
        said = "Nothing was known of Federation of Transport Workers yet at 31 December 1969, 23:59 UTC"
        assert said in answer.content.decode()


def test_a_report_before_the_founding_is_refused_in_a_sentence(browser_of):
    answer = browser_of("ines").get("/report/?as_of=1999-12-31&since=1998-12-31")
    assert answer.status_code == 400
    assert "Federation of Transport Workers was founded on 1 January 2000" in answer.content.decode()


def test_what_was_typed_stands_in_the_form_again_to_the_last_character(browser_of):
    typed = "日本 \u202e <b>é"
    page = browser_of("").post("/accounts/login/", {"email": typed, "password": "x"}).content.decode()
    assert 'value="日本 \u202e &lt;b&gt;é"' in page
