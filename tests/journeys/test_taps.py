"""What happens to a membership happens on a phone in under four taps (decision 0865).

Counted from Today for what waits there, else from the page of whom it is about. A field to type into is one
tap, scrolling none.
"""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("changed")]

BRANCH = "GB-LONDON-CENTRAL"
MOST = 3
# What a thumb meets, or the words of a box to press.
LEAST = 44


class Thumb:
    """A thumb on a page, that counts its taps since it came there; a fourth fails."""

    def __init__(self, window):
        self.window, self.page, self.taps = window, window.page, 0

    def at(self, path):
        self.window.go(path)
        self.taps = 0
        return self

    def tap(self, role, name):
        """Tap a link or a button by all of its words."""
        return self.touch(self.page.locator("main").get_by_role(role, name=name, exact=True).first)

    def unfold(self, words):
        return self.touch(self.page.locator("main summary", has_text=re.compile(f"^{words}$")).first)

    def choose(self, words):
        return self.touch(self.page.locator("main label:has(input)", has_text=words).first)

    def write(self, label, text):
        field = self.page.locator("main").get_by_label(label).locator("visible=true").first
        self.touch(field)
        field.fill(text)
        return self

    def hears(self, sentence):
        expect(self.page.get_by_role("status").first).to_contain_text(sentence)

    def touch(self, what):
        self.taps += 1
        assert self.taps <= MOST, f"a fourth tap on {self.page.url}"
        assert what.bounding_box()["height"] >= LEAST, what
        what.tap()
        return self


@pytest.fixture
def small(visit):
    """Return a function that opens a small phone and lays a thumb on it."""
    return lambda: Thumb(visit(360, 740, has_touch=True, is_mobile=True))


def rows_of(thumb, query):
    """Return the pages of the people of a list."""
    links = thumb.at(f"/people/?unit={BRANCH}&{query}").page.locator("tbody th a")
    return [link.get_attribute("href") for link in links.all()]


def written_down(thumb, name):
    """Write somebody down and return the address of her page."""
    page = thumb.at("/people/new/").page
    page.get_by_label("Name, as she writes it").fill(name)
    page.get_by_role("group", name="at least").get_by_label("yes").check()
    page.get_by_role("button", name="Write her down").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    return urlsplit(page.url).path


def tapped_twice_it_is_written_once(thumb, person):
    page = thumb.at(person).page
    page.get_by_label("Note", exact=True).fill("She asked for the rota.")
    page.get_by_role("button", name="Keep the note").dblclick(delay=20)
    expect(page.locator(".statement")).to_contain_text("She asked for the rota.")
    expect(thumb.at(person).page.get_by_text("She asked for the rota.")).to_have_count(1)


def who_came_takes_one_tap_for_each(thumb):
    page = thumb.at(f"/gatherings/new/?unit={BRANCH}").page
    page.get_by_label("What is it called").fill("Branch meeting")
    page.get_by_role("button", name="Save").click()
    came = page.get_by_role("button", name=re.compile("^Came "), pressed=False)
    for count in (1, 2, 3):
        thumb.touch(came.first)
        expect(page.locator("#count")).to_have_text(f"{count} came.")
    assert thumb.taps == count


def test_a_member_asks_and_takes_back(small):
    thumb = small()
    thumb.window.sign_in("member", BRANCH)
    moves = thumb.at("/").tap("link", "Move to another unit").write("To which unit", "Dublin")
    moves.tap("button", "Ask for it").hears("Asked for: the other unit decides")
    thumb.at("/").tap("button", "Take back").hears("Taken back.")
    thumb.at("/").tap("link", "My data").write("In your words", "I move abroad.").tap("button", "I leave")
    thumb.hears("It is written down")
    thumb.at("/").tap("button", "Take back").hears("Taken back.")
    thumb.at("/").tap("link", "My data").write("In your words", "I am Kate.")
    thumb.tap("button", "Correct something").hears("It is written down")
    thumb.at("/").tap("link", "My data").tap("button", "Take back").hears("Taken back.")
    thumb.window.check()


def test_a_branch_asks_its_section_decides_and_both_are_told(small):
    branch, section, other = (small() for _one in range(3))
    branch.window.sign_in("organiser", BRANCH)
    members = rows_of(branch, "status=member")[2:]
    nell = written_down(branch, "Nell Newcomer")
    words = "A word to those who decide"
    branch.at(nell).tap("link", "Apply").write(words, "She came to two meetings.").tap("button", "Apply")
    branch.hears("the secretary decides")
    branch.at(members[0]).tap("link", "Transfer").write("To which unit", "Dublin").tap("button", "Ask for it")
    branch.hears("Asked for: the other unit decides")
    branch.at(members[1]).tap("link", "Say that she leaves").write(words, "She has said so.")
    branch.tap("button", "Tell the secretary").hears("Said: the secretary writes it down.")
    tapped_twice_it_is_written_once(branch, nell)
    who_came_takes_one_tap_for_each(branch)
    section.window.sign_in("secretary", "GB")
    # Somebody has waited since yesterday, and longest.
    section.at("/").tap("button", "Accept").hears("Accepted: Niamh Orchard applies to London Central.")
    section.at("/").unfold("Refuse").write("Why?", "She lives elsewhere.").tap("button", "Refuse")
    section.hears("Refused: Nell Newcomer applies to London Central.")
    other.window.sign_in("secretary", "IE")
    other.at("/").tap("button", "Accept").hears("Accepted: ")
    expect(branch.at("/").page.get_by_text("1 member went from London Central to Dublin.")).to_be_visible()
    for one in (branch, section, other):
        one.window.check()


def test_a_section_decides_at_once_and_puts_the_past_right(small):
    thumb = small()
    thumb.window.sign_in("secretary", "GB")
    one, two, three = rows_of(thumb, "status=member")[-3:]
    thumb.at(one).tap("link", "Transfer").write("To which unit", "GB-LEEDS-CENTRE").tap("button", "Transfer")
    thumb.hears("She is transferred.")
    thumb.at(two).tap("link", "She leaves").write("Why, in her words", "no time").tap(
        "button", "End the membership"
    )
    thumb.hears("Her membership has ended.")
    thumb.at(two).tap("link", "Put right").write("The right day", "2024-06-14").tap("button", "Put it right")
    thumb.hears("It ended on that day")
    thumb.at(two).tap("link", "Put right").choose("It has not ended").tap("button", "Put it right")
    thumb.hears("It goes on.")
    thumb.at(two).tap("link", "She leaves").tap("button", "End the membership").hears("has ended.")
    # What happened leads to where its day is put right: the first one, too, of what has ended.
    thumb.at(two).tap("link", re.compile("^(joined|was a) ")).write("The right day", "2024-01-03").tap(
        "button", "Put it right"
    )
    thumb.hears("It began on that day")
    thumb.at(two).tap("link", "Let her join").tap("button", "Let her join").hears("Welcome")
    thumb.at(three).tap("link", "Put right").write("The right day", "2024-01-02").tap(
        "button", "Put it right"
    )
    thumb.hears("It began on that day")
    thumb.at(three).tap("link", "Paid until").write("Paid until", "2024-12-31").tap("button", "Note it")
    thumb.hears("Noted.")
    thumb.at(three).tap("link", "Put right").choose("It never was").tap("button", "Put it right")
    thumb.hears("It never was")
    thumb.window.check()
