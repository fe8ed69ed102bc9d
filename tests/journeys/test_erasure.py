"""A member asks to be erased; her officer sees what goes and what stays, and erases her for good."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("changed")]

BRANCH = "GB-LONDON-CENTRAL"
REPORT = "/report/?as_of=2024-06-15&since=2024-05-31"


def figures_of(window, unit):
    """Return the big figures of a unit's report."""
    page = window.go(f"{REPORT}&unit={unit}")
    return page.locator(".figures dd.big").all_inner_texts()


def test_whoever_asks_is_erased_found_nowhere_and_the_figures_stay(phone, visit):
    desk = visit()
    desk.sign_in("secretary", "GB")
    before = figures_of(desk, "GB")

    member = phone()
    hers = member.sign_in("member", BRANCH)
    member.go("/me/")
    name = hers.get_by_role("heading", level=1).inner_text().removeprefix("What is held of you, ")
    hers.get_by_label("In your words").fill("I have moved abroad. Please forget me.")
    hers.get_by_role("button", name="Erase me").click()
    expect(hers.get_by_text("You asked to be erased.")).to_be_visible()

    window = phone()
    page = window.sign_in("dpo", "GB")
    window.go(f"/people/?q={name}")
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    person = page.url
    window.go("/protection/")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 request waits.")
    page.get_by_role("link", name="Answer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{name} asks to be erased.")
    expect(page.get_by_role("heading", name="What erasing her does")).to_be_visible()
    page.get_by_role("button", name="Erase her for good").click()
    expect(page.get_by_role("status")).to_contain_text("It is answered.")

    window.go(f"/people/?q={name}")
    expect(page.get_by_role("link", name=name, exact=True)).to_have_count(0)
    assert page.goto(person).status == 404
    assert name not in page.content()
    for path in ("/trail/", "/trail/?kind=people", "/protection/"):
        assert name not in window.go(path).locator("main").inner_text()
    assert figures_of(desk, "GB") == before
    hers.goto(member.site.address + "/me/")
    expect(hers.get_by_role("heading", level=1)).to_have_text("Sign in")
    desk.check()
    member.check()
    window.check(refused={404})
