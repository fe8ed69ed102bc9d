"""A member moves from London to Ireland: asked for by the one branch, accepted by the other section."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("changed")]

FROM, TO = "GB-LONDON-CENTRAL", "Dublin"


def members_of(window, unit):
    """Return how many members a unit has, by the headline of their list."""
    page = window.go(f"/people/?unit={unit}&status=member")
    return int(re.search(r"\d+", page.get_by_role("heading", level=1).inner_text())[0])


def test_a_transfer_is_asked_for_by_one_branch_and_accepted_by_the_other(phone):
    london, ireland = phone(), phone()
    page = london.sign_in("organiser", FROM)
    before = members_of(london, FROM)
    page.locator("tbody th a").last.click()
    name, person = page.get_by_role("heading", level=1).inner_text(), page.url
    reached = page.locator("a[href^='mailto:']").first.inner_text()
    page.get_by_role("link", name="Transfer").click()
    page.get_by_label("To which unit").fill(TO)
    page.get_by_label("A word to those who decide").fill("She starts at the port on Monday.")
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_role("status")).to_contain_text("Asked for: the other unit decides")
    expect(page.get_by_role("button", name="Take back")).to_be_visible()

    there = ireland.sign_in("secretary", "IE")
    came_before = members_of(ireland, "IE")
    ireland.go("/")
    there.get_by_role("button", name="Accept").tap()
    expect(there.get_by_role("status")).to_contain_text(f"Accepted: {name} asks to go from")
    assert members_of(ireland, "IE") == came_before + 1
    ireland.go(f"/people/?q={name.split()[-1]}")
    there.get_by_role("link", name=name).click()
    expect(there.get_by_text(re.compile(f"came to {TO} by transfer from .*London"))).to_be_visible()
    expect(there.get_by_role("link", name=reached)).to_be_visible()

    assert members_of(london, FROM) == before - 1
    answer = page.goto(person)
    assert answer.status == 404
    assert reached not in page.content()
    moved_in_and_out(london, ireland)
    london.check(refused={404})
    ireland.check()


def moved_in_and_out(london, ireland):
    """See one moved out of the one unit and one into the other, in the figures of this month."""
    for window, unit, row in ((london, FROM, "London Central .* 0 · 1"), (ireland, "IE", "Dublin .* 1 · 0")):
        page = window.go(f"/report/?unit={unit}&as_of=2024-06-15&since=2024-06-14")
        expect(page.get_by_role("row", name=re.compile(row))).to_be_visible()
