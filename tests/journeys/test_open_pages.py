"""What is open to anybody, and every page of a problem: light and dark, turned round, on a phone."""

import re

import pytest
from judging import BROKEN, LONELY, SMALL, TOO_WIDE
from playwright.sync_api import expect

from conftest import apart

PHONE, DESK = (360, 740), (1280, 800)
LOOKS = [(PHONE, "light", "rtl"), (DESK, "dark", "ltr")]
OTHER_LOOKS = [
    (size, scheme, way)
    for size in (PHONE, DESK)
    for scheme in ("light", "dark")
    for way in ("ltr", "rtl")
    if (size, scheme, way) not in LOOKS
]
OPEN = [
    "/",
    "/published/",
    "/source/",
    "/accounts/login/",
    "/accounts/link/",
    "/accounts/code/",
    "/units/INT/",
    "/units/GB/",
    "/units/IE/",
    "/units/GB-R-LONDON/",
    "/units/GB-LONDON-CENTRAL/",
]
# Those that a browser comes to by an address, with the status of the answer; the others are laid in its way.
MET = {"/nowhere/": 404, "/units/NOBODY/": 404}
PROBLEMS = ("bad_request", "forbidden", "not_found", "too_many", "failed", "unavailable", "full")


@pytest.fixture(scope="module")
def protected(changed, site):
    """Return the address of a protected unit that was founded in Britain."""

    def found():
        from django.db import connections

        from groundswell.access import scope
        from groundswell.access.actor import OPERATOR
        from groundswell.kernel import clock
        from groundswell.structure import actions as structure

        new = structure.NewUnit(
            "GB-QUIET", {"en": "Quiet Corner"}, "branch", "GB", clock.today(), town="Hull", protected=True
        )
        with scope.operator("a protected unit"):
            structure.found_unit(new, actor=OPERATOR, at=clock.now())
        connections.close_all()

    apart(found)
    return "/units/GB-QUIET/"


def judge(window, axe, path, looks):
    """Return what is wrong with the page that is open, in each of the looks."""
    page, found = window.page, []
    for (width, height), scheme, way in looks:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        page.evaluate("(way) => { document.documentElement.dir = way; }", way)
        found += [f"{path} {width} {scheme} {way}: {one}" for one in axe(page)]
        if (wide := page.evaluate(TOO_WIDE)) > 0:
            found.append(f"{path} {width} {way} is {wide} px too wide")
        found += [f"{path} {width} breaks {one}" for one in page.evaluate(BROKEN)]
        if width == PHONE[0]:
            found += [f"{path} is under a thumb: {one}" for one in page.evaluate(SMALL)]
            found += [f"{path} has a box without words: {one}" for one in page.evaluate(LONELY)]
    return found


def problem(kind):
    """Return the page of a problem as the house writes it, and its status."""
    from django.test import RequestFactory

    from groundswell.web import problems

    answer = getattr(problems, kind)(RequestFactory().get("/somewhere/"))
    return answer.content.decode(), answer.status_code


def answering(body, status):
    """Return what answers a request with a page of our own."""
    return lambda route: route.fulfill(status=status, body=body, content_type="text/html")


@pytest.mark.parametrize(
    "looks",
    [
        pytest.param(LOOKS, marks=pytest.mark.journey, id="two"),
        pytest.param(OTHER_LOOKS, marks=pytest.mark.drill, id="others"),
    ],
)
def test_what_is_open_to_anybody_is_for_everybody(visit, axe, protected, looks):
    window, found = visit(*PHONE, reduced_motion="reduce"), []
    for path in OPEN:
        window.go(path)
        found += judge(window, axe, path, looks)
    assert window.page.goto(window.site.address + protected).status == 404
    window.sign_in("member", "GB-LONDON-CENTRAL")
    for path in (protected, "/units/IT/", "/units/GB-LEEDS-CENTRE/"):
        window.go(path)
        found += judge(window, axe, path, looks)
    assert not found, "\n".join(found)
    window.check(refused={404})


@pytest.mark.parametrize(
    "looks",
    [
        pytest.param(LOOKS, marks=pytest.mark.journey, id="two"),
        pytest.param(OTHER_LOOKS, marks=pytest.mark.drill, id="others"),
    ],
)
def test_every_page_of_a_problem_is_for_everybody_and_leads_on(visit, axe, looks):
    window, found = visit(*PHONE, reduced_motion="reduce"), []
    page = window.page
    for path, status in MET.items():
        assert page.goto(window.site.address + path).status == status
        found += judge(window, axe, path, looks)
    for kind in PROBLEMS:
        body, status = problem(kind)
        page.route(re.compile(rf"/{kind}/$"), answering(body, status))
        assert page.goto(f"{window.site.address}/{kind}/").status == status
        found += judge(window, axe, kind, looks)
        assert page.get_by_role("link", name="To the first page").get_attribute("href") == "/"
    assert not found, "\n".join(found)
    window.check(refused={*MET.values(), 400, 403, 404, 429, 500, 503})


@pytest.mark.journey
def test_a_form_that_grew_old_says_so_and_keeps_what_was_typed(visit):
    window = visit(*PHONE)
    page = window.go("/accounts/link/")
    page.locator("main input[type=email]").fill("somebody@example.org")
    page.context.clear_cookies()
    page.locator("main form button.chief").first.click()
    page.get_by_role("heading", name="This form has grown old.").wait_for()
    page.go_back()
    assert page.locator("main input[type=email]").input_value() == "somebody@example.org"
    window.check(refused={403})


def test_another_look_or_language_keeps_what_was_typed_but_a_password(visit):
    window = visit()
    page = window.page
    page.goto(window.site.address + "/accounts/login/")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.locator("input[type=password]").fill("a secret")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-appearance", "dark")
    expect(page.get_by_label("E-mail")).to_have_value("ada@example.org")
    page.get_by_role("button", name="Deutsch").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("input[type=email]")).to_have_value("ada@example.org")
    expect(page.locator("input[type=password]")).to_have_value("")
    assert page.evaluate("sessionStorage.length") == 0
    window.check()
