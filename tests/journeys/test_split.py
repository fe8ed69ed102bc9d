"""A branch of more than 24 is split in two by its section's secretary, who looks first, and undoes it."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("changed")]

GO_OVER = 12


def test_a_branch_that_grew_is_split_its_figures_keep_their_sum_and_it_is_undone(phone):
    window = phone()
    page = window.sign_in("secretary", "IT")
    page.get_by_role("link", name="Something is proposed").click()
    proposal = page.get_by_role("row").filter(has_text="it should split").first
    members = int(re.search(r"It has (\d+) members", proposal.inner_text())[1])
    assert members > 24
    proposal.get_by_role("link", name="Split it").click()
    page.get_by_label(re.compile(r"^Name \(")).first.fill("Quartiere Nuovo")
    chosen = page.get_by_role("group", name="Who goes over to the new unit")
    assert chosen.get_by_role("checkbox").count() == members
    for box in chosen.get_by_role("checkbox").all()[:GO_OVER]:
        box.tap()
    page.get_by_role("button", name="Show what changes").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Quartiere Nuovo is split off from")
    expect(
        page.get_by_text("12 members go over by transfer; in the section's row nothing moves.")
    ).to_be_visible()
    rows = page.locator("tbody tr")
    old, new = rows.nth(0).locator("td"), rows.nth(1).locator("td")
    assert [cell.inner_text() for cell in old.all()][:2] == [str(members), str(members - GO_OVER)]
    assert new.nth(1).inner_text() == str(GO_OVER)
    expect(rows).to_have_count(2)  # no other unit's count changes: the sum is kept
    page.get_by_role("button", name=re.compile("^Do it")).click()
    expect(page.get_by_role("status")).to_contain_text("Done. It can be undone until the end of tomorrow.")

    expect(page.get_by_role("heading", name="Just changed")).to_be_visible()
    page.get_by_role("link", name="Undo").first.click()
    page.get_by_role("button", name="Undo it").click()
    expect(page.get_by_role("status")).to_contain_text("Undone.")
    window.go("/units/proposals/")
    expect(page.get_by_text(f"It has {members} members").first).to_be_visible()
    window.go("/units/?q=Quartiere+Nuovo")
    expect(page.get_by_text("No unit is called that.")).to_be_visible()
    window.check()
